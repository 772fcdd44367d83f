package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

// The test is also the program that it starts for each instance.
func TestMain(m *testing.M) {
	if os.Getenv(instanceProcess) != "" {
		os.Exit(runInstance(context.Background(), os.Stdin, os.Stdout, os.Stderr))
	}
	goleak.VerifyTestMain(m)
}

func TestTheStoryGoesAsItShould(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"-pace", "100ms"}, &out), "%s", &out)
	told := out.String()
	require.Equal(t, 6, strings.Count(told, "which answers"), told)
	require.Contains(t, told, "is killed by -9")
	require.Contains(t, told, "its handler is told the key")
	require.Equal(t, 3, strings.Count(told, "takes over from"), told)
	require.Contains(t, told, "The story went as it should.")
}

func TestWrongArgumentsAreRefused(t *testing.T) {
	require.Error(t, run(t.Context(), []string{"-gnats", "x"}, &bytes.Buffer{}))
	require.Error(t, run(t.Context(), []string{"-nats", "nats://127.0.0.1:1"}, &bytes.Buffer{}), "there is no such server")
}

// The bot is the same by its other constructor, in a process alone.
func TestTheBotWorksAlone(t *testing.T) {
	stage := newSingleStage(t)
	builder, provider, err := stage.settings.builder(stage.platform.Client())
	require.NoError(t, err)
	t.Cleanup(provider.Close)
	client, err := alone(builder, &bot{say: stage.hear})
	require.NoError(t, err)
	t.Cleanup(client.Close)
	stage.bot.Serve(client.Handler())
	stage.callAndHangUp(t)
}

// singleStage is a platform for one instance, in this process.
type singleStage struct {
	platform *simulator.Platform
	bot      *simulator.Bot
	settings settings
	heard    chan news
}

func newSingleStage(t *testing.T) *singleStage {
	t.Helper()
	s := &singleStage{platform: simulator.New(t), heard: make(chan news, 10)}
	s.bot = s.platform.RegisterBot(simulator.Bot{DisplayName: "Echo"})
	webhook, err := s.bot.Listen()
	require.NoError(t, err)
	s.settings = settings{
		AppID: s.bot.AppID, Secret: s.bot.Secret, Tenant: s.platform.Tenant().ID, Graph: s.platform.ServiceBaseURL(),
		AuthorityURL: s.platform.AuthorityURL(), OpenIDURL: s.platform.OpenIDConfigurationURL(), Webhook: webhook,
	}
	return s
}

func (s *singleStage) hear(n news) { s.heard <- n }

// callAndHangUp has somebody call, press a key and hang up.
func (s *singleStage) callAndHangUp(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	call := s.platform.AddPerson("Adele Vance").Call(s.bot)
	require.NoError(t, call.WaitAnswered(ctx))
	require.Equal(t, answered, (<-s.heard).Kind)
	call.PressKey(resources.Tone5)
	require.Equal(t, string(resources.Tone5), (<-s.heard).Key)
	call.Hangup()
	require.Equal(t, callEnded, (<-s.heard).Kind)
}

// What the page shows of the code is the code.
func TestThePageHasTheConstructors(t *testing.T) {
	page, err := os.ReadFile("../../docs/cluster.md")
	require.NoError(t, err)
	code, err := os.ReadFile("instance.go")
	require.NoError(t, err)
	_, shown, found := strings.Cut(string(page), "```go\n")
	require.True(t, found)
	shown, _, _ = strings.Cut(shown, "```")
	require.Contains(t, shown, "inFleet")
	require.Contains(t, string(code), shown)
}
