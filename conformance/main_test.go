package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// folder writes examples to a folder of their own.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o750))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	}
	return dir
}

// played runs the program on a folder, and returns the report's lines by the
// examples' names, and the exit status.
func played(t *testing.T, dir string) (verdicts map[string]string, status int) {
	t.Helper()
	var out, problems bytes.Buffer
	status = run(t.Context(), []string{"-examples", dir}, &out, &problems)
	require.Empty(t, problems.String())
	verdicts = map[string]string{}
	for line := range strings.Lines(out.String()) {
		if cells := strings.Split(strings.TrimSuffix(line, "\n"), " | "); len(cells) == 4 {
			verdicts[cells[1]] = cells[3]
		}
	}
	return verdicts, status
}

func TestOwnExamplesAreOK(t *testing.T) {
	verdicts, status := played(t, filepath.Join("testdata", "examples"))
	require.Zero(t, status)
	for file, verdict := range verdicts {
		switch {
		case file == "example":
		case strings.Contains(file, ".token."):
			require.Equal(t, "listed only", verdict)
		case strings.Contains(file, ".body."):
			require.Equal(t, "not JSON as printed", verdict)
		case file == "call-mute.01.notification.json", file == "call-updaterecordingstatus.02.response.http":
			require.Contains(t, verdict, "not JSON as printed: mended: ok", "never a plain ok")
		default:
			require.True(t, strings.HasPrefix(verdict, "ok"), "%s: %s", file, verdict)
		}
	}
	require.Len(t, verdicts, 43)
}

func TestCounts(t *testing.T) {
	var out, problems bytes.Buffer
	dir := folder(t, map[string]string{
		"v1.0/call-keepalive.01.request.http":     "POST /communications/calls/{id}/keepAlive\n",
		"v1.0/call-keepalive.02.response.http":    "HTTP/1.1 200 OK\n",
		"v1.0/call-keepalive.03.body.json":        `{"state": }`,
		"beta/call-keepalive.01.request.http":     "POST /communications/calls/{id}/unheardOf\n",
		"other/call-keepalive.01.token-any.json":  `{}`,
		"other/call-keepalive.02.response-x.http": "HTTP/1.1 302 Found\nLocation: https://bot.contoso.com/\n",
		"INDEX.md": "- not read",
	})
	require.Zero(t, run(t.Context(), []string{"-examples", dir}, &out, &problems), "beta does not count")
	_, counts, _ := strings.Cut(out.String(), "\n\n")
	require.Equal(t, strings.TrimPrefix(`
edition  kind      ok  not ok  not JSON as printed  listed only
beta     request   0   1       0                    0
other    response  0   0       0                    1
other    token     0   0       0                    1
v1.0     request   1   0       0                    0
v1.0     response  1   0       0                    0
v1.0     body      0   0       1                    0
all                2   1       1                    2
`, "\n"), counts)
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, problems bytes.Buffer
	require.Equal(t, 2, run(ctx, []string{"-examples", filepath.Join("testdata", "examples")}, &out, &problems))
	require.Empty(t, out.String())
}

func TestWhatCannotBePlayed(t *testing.T) {
	for name, arguments := range map[string][]string{
		"no such folder":  {"-examples", filepath.Join(t.TempDir(), "none")},
		"an empty folder": {"-examples", t.TempDir()},
		"no such flag":    {"-example", "x"},
		"no first line":   {"-examples", folder(t, map[string]string{"v1.0/call-x.01.request.http": "what\n"})},
		"no status":       {"-examples", folder(t, map[string]string{"v1.0/call-x.01.response.http": "HTTP/1.1 OK\n"})},
		"a broken header": {"-examples", folder(t, map[string]string{"v1.0/call-x.01.request.http": "GET /x\nwhat\n"})},
	} {
		t.Run(name, func(t *testing.T) {
			var out, problems bytes.Buffer
			require.Equal(t, 2, run(t.Context(), arguments, &out, &problems))
			require.NotEmpty(t, problems.String())
		})
	}
}
