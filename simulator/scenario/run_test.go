package scenario_test

import (
	"bytes"
	"context"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/simulator/scenario"
)

// withBots puts the bots of the tests in the way of commands.
func withBots(t *testing.T) {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	folder := t.TempDir()
	for name := range behaviours() {
		require.NoError(t, os.Symlink(self, filepath.Join(folder, name)))
	}
	t.Setenv("PATH", folder+string(os.PathListSeparator)+os.Getenv("PATH"))
}

func parse(t *testing.T, text string) *scenario.Scenario {
	t.Helper()
	story, err := scenario.Parse("bot.callsim", text)
	require.NoError(t, err)
	return story
}

// TestStories plays scenarios with bots in processes of their own, each followed
// by what the report says but for what differs from run to run: times, and what
// is told beside the scenario's own lines.
//
// go test ./simulator/scenario -rewrite writes the reports anew.
func TestStories(t *testing.T) {
	withBots(t)
	datadriven.Walk(t, "testdata/stories", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			report := new(scenario.Runner).Run(t.Context(), parse(t, d.Input))
			require.Equal(t, d.Cmd == "passes", report.Passed(), report)
			return lasting(report)
		})
	})
}

// lasting is what of a report is the same each time.
func lasting(r *scenario.Report) string {
	var kept []string
	told := false
	for row := range strings.Lines(r.String()) {
		mark := regexp.MustCompile(`^ +[0-9.]+s (.)`).FindStringSubmatch(row)
		if mark != nil {
			told = mark[1] == " "
		}
		if mark == nil || !told {
			kept = append(kept, regexp.MustCompile(`(^ +)?\b[0-9]+\.[0-9]{3}s|127.0.0.1:[0-9]+`).ReplaceAllString(row, "·"))
		}
	}
	return strings.Join(kept, "")
}

func lines(all ...string) string { return strings.Join(all, "\n") }

// receives is a story that has begun.
func receives(more ...string) string {
	return lines(
		"bot Reception", "person Diego", "person Alex", "start Reception: reception --support {Alex.id}", "",
		"Diego calls Reception", "Reception must answer Diego within 20s", lines(more...),
	)
}

func TestStoryTellsWhatHappenedAndWhatTheProgramsPrinted(t *testing.T) {
	withBots(t)
	report := new(scenario.Runner).Run(t.Context(), parse(t, receives(
		"", "Diego presses 1", "Diego must hear *hello.wav within 5s", "Reception must reject Diego within 100ms", "Diego hangs up", "wait 5s",
	)))
	require.False(t, report.Passed())
	text := report.String()
	for _, line := range []string{
		`s > Diego calls Reception  \(line 6\)`,
		`s   Reception answers Diego`,
		`s   Reception is connected to Diego`,
		`s   Reception listens to the keys of Diego`,
		`s   Reception plays https://bot.contoso.com/hello.wav to Diego`,
		`s   Diego has heard https://bot.contoso.com/hello.wav`,
		`s \+ Diego must hear \*hello.wav within 5s  \(line 10\)`,
		`s X Reception must reject Diego within 100ms  \(line 11\)`,
		`it was not so in the 100ms from .*s on`,
		`it did, all in all: Reception answers Diego at`,
		`and Reception listens to the keys of Diego at`,
		`not reached: lines 12 to 13`,
		`\| reception begins`,
		`FAIL  bot.callsim:11: Reception must reject Diego within 100ms`,
	} {
		require.Regexp(t, line, text)
	}
	require.Equal(t, 3, report.Expectations)
	require.Less(t, report.Took, 5*time.Second)
	var out bytes.Buffer
	n, err := report.WriteTo(&out)
	require.NoError(t, err)
	require.Equal(t, len(text), int(n))
}

func TestSpeedIsThePlatforms(t *testing.T) {
	withBots(t)
	begun := time.Now()
	report := new(scenario.Runner).Run(t.Context(), parse(t, lines("speed 100", "prompts last 30s", "patience 200s", receives("Diego must hear *menu.wav", "wait 60s"))))
	require.True(t, report.Passed(), report)
	require.Greater(t, report.Took, 90*time.Second)
	require.Less(t, time.Since(begun), 30*time.Second)
}

func TestTheRunnerDecidesOnTheSpeed(t *testing.T) {
	runner := &scenario.Runner{Configure: func(o *simulator.Options) { o.Speed = 1000 }}
	report := runner.Run(t.Context(), parse(t, lines("person Adele", "wait 100s", "Adele must be free")))
	require.True(t, report.Passed(), report)
	require.GreaterOrEqual(t, report.Took, 100*time.Second)
}

func TestBotsThatRunAlreadyAreNotStarted(t *testing.T) {
	withBots(t)
	story := parse(t, strings.Replace(receives(), "within 20s", "within 200ms", 1))
	runner := &scenario.Runner{Bots: []simulator.Bot{{AppID: "11111111-2222-3333-4444-555555555555", CallingWebhook: "https://127.0.0.1:1/"}}}
	report := runner.Run(t.Context(), story)
	require.False(t, report.Passed())
	require.Empty(t, report.Output)
	require.Contains(t, report.String(), "Reception cannot be told: created call, incoming")
	require.Contains(t, report.String(), "Reception did nothing at all")
}

func TestWhatKeepsARunFromBeginningIsInTheReport(t *testing.T) {
	runner := &scenario.Runner{Configure: func(o *simulator.Options) { o.Speed = -1 }}
	report := runner.Run(t.Context(), parse(t, receives()))
	require.False(t, report.Passed())
	require.Contains(t, report.String(), "Options.Speed")
}

func TestRunOnAPlatformOfTheTests(t *testing.T) {
	story := parse(t, lines(
		"person Adele", "meeting Weekly organized by Adele", "Adele joins Weekly", "Adele must be in Weekly", "bot must be free",
		"Adele invites bot", "bot must not answer for 100ms", "Weekly ends", "Adele must be free",
	))
	platform := simulator.New(t, func(o *simulator.Options) { *o = story.Options() })
	platform.AddPerson("Somebody").Call(platform.RegisterBot(simulator.Bot{})) // none of the story's
	for range 2 {
		report := story.Run(t.Context(), platform)
		require.True(t, report.Passed(), report)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	withBots(t)
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	report := new(scenario.Runner).Run(ctx, parse(t, receives("wait 1h")))
	require.False(t, report.Passed())
	require.Contains(t, report.String(), "the run was ended")
}

func TestOneRunnerPlaysSeveralAtOnce(t *testing.T) {
	withBots(t)
	story, runner := parse(t, receives("Diego presses 2", "Reception must transfer Diego to Alex")), new(scenario.Runner)
	var running sync.WaitGroup
	for range 4 {
		running.Go(func() {
			report := runner.Run(t.Context(), story)
			if !report.Passed() {
				t.Error(report)
			}
		})
	}
	running.Wait()
}

// What a program has started ends with it, and its output goes where it is
// wanted.
func TestProgramsEndWithTheRun(t *testing.T) {
	withBots(t)
	var output bytes.Buffer
	runner := &scenario.Runner{Command: []string{"sh", "-c", "echo ${CALLSIM_BOT_LISTEN}; reception & wait", "{Alex.id}", "{Nobody.id}", "{Alex.age}", `{"a": 1}`}, Output: &output}
	report := runner.Run(t.Context(), parse(t, strings.Replace(receives(), "start Reception: reception --support {Alex.id}", "", 1)))
	require.True(t, report.Passed(), report)
	address, rest, _ := strings.Cut(output.String(), "\n")
	require.Equal(t, "reception begins\n", rest)
	_, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
	require.Error(t, err, "the bot is still there")
}
