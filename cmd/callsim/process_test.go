package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const module = "github.com/graphcalls/graphcalls-go/"

// process is callsim as a program of its own.
type process struct {
	t         *testing.T
	command   *exec.Cmd
	page      string
	variables []string // as in an environment
	output    <-chan string
}

// build builds programs into a folder, by the last word of their packages.
func build(t *testing.T, packages ...string) string {
	t.Helper()
	folder := t.TempDir()
	for _, name := range packages {
		command := exec.CommandContext(t.Context(), "go", "build", "-o", folder+string(filepath.Separator), module+name)
		out, err := command.CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
	return folder
}

// start starts callsim for a bot that will listen at an address, and waits until
// it is ready.
func start(t *testing.T, folder, listen string, flags ...string) *process {
	t.Helper()
	env := filepath.Join(folder, "env")
	args := append([]string{
		"-address", "127.0.0.1:0", "-control-address", "127.0.0.1:0", "-shell", "bash", "-prompt", "50ms", "-quiet",
		"-ca-file", filepath.Join(folder, "ca.pem"), "-env-file", env, "-bot-webhook", "http://" + listen + "/api/calls",
	}, flags...)
	command := exec.CommandContext(t.Context(), filepath.Join(folder, "callsim"), args...)
	command.Stderr = os.Stderr
	out, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	p := &process{t: t, command: command}
	lines := bufio.NewScanner(out)
	for p.page == "" {
		require.True(t, lines.Scan(), "callsim ended before it was ready")
		p.page = regexp.MustCompile(`http://\S+/#token=\S+`).FindString(lines.Text())
	}
	rest := make(chan string, 1)
	go func() {
		text := ""
		for lines.Scan() {
			text += lines.Text() + "\n"
		}
		rest <- text
	}()
	p.output = rest
	text, err := os.ReadFile(env)
	require.NoError(t, err)
	for _, match := range regexp.MustCompile(`(?m)^export (\w+)='(.*)'$`).FindAllStringSubmatch(string(text), -1) {
		p.variables = append(p.variables, match[1]+"="+match[2])
	}
	return p
}

// stop interrupts callsim, and returns what it said of that.
func (p *process) stop() string {
	p.t.Helper()
	require.NoError(p.t, p.command.Process.Signal(os.Interrupt))
	said := <-p.output
	require.NoError(p.t, p.command.Wait())
	return said
}

func (p *process) variable(name string) string {
	for _, v := range p.variables {
		if value, found := strings.CutPrefix(v, name+"="); found {
			return value
		}
	}
	return ""
}

// get asks the control API.
func (p *process) get(path string, into any) {
	p.t.Helper()
	request, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, p.variable("CALLSIM_CONTROL_URL")+path, http.NoBody)
	require.NoError(p.t, err)
	request.Header.Set("Authorization", "Bearer "+p.variable("CALLSIM_CONTROL_TOKEN"))
	request.Close = true
	reply, err := http.DefaultClient.Do(request)
	require.NoError(p.t, err)
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	require.NoError(p.t, err)
	require.Equal(p.t, http.StatusOK, reply.StatusCode, "%s", text)
	require.NoError(p.t, json.Unmarshal(text, into))
}

// freeAddress is one that nobody listens at.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	return listener.Addr().String()
}

// An example plays with callsim, each a program of its own, with the settings
// that callsim printed and nothing else.
func TestExamplePlaysOnCallsim(t *testing.T) {
	folder := build(t, "cmd/callsim", "examples/p2pcall")
	listen := freeAddress(t)
	simulator := start(t, folder, listen)

	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	example := exec.CommandContext(ctx, filepath.Join(folder, "p2pcall"), "-callsim")
	example.Env = append(os.Environ(), simulator.variables...)
	story, err := example.CombinedOutput()
	require.NoError(t, err, "%s", story)
	require.Contains(t, string(story), "has played it, and hangs up")

	var calls []struct{ Direction, State string }
	simulator.get("/v1/calls", &calls)
	require.Len(t, calls, 1)
	require.Equal(t, "outgoing", calls[0].Direction)
	require.Equal(t, "terminated", calls[0].State)
	var exchanges []struct{ Status int }
	simulator.get("/v1/exchanges", &exchanges)
	require.NotEmpty(t, exchanges)
	for _, e := range exchanges {
		require.Less(t, e.Status, 300)
	}
	require.Contains(t, simulator.stop(), "# callsim stopped after 1 calls, ")
}
