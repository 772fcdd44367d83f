package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const held = "../../trace/testdata/hold.jsonl"

func TestReplayTellsEdgesAndTheEnd(t *testing.T) {
	code, out, errs := ran(t, "replay", held)
	require.Zero(t, code, errs)
	require.Empty(t, errs)
	require.Contains(t, out, "edge established → hold\n")
	require.Contains(t, out, "  ended, reported 200/")
	require.NotContains(t, out, "media")
	require.NotContains(t, out, "line 2:")
	require.Contains(t, out, "all as recorded; calls shown: 1\n")

	code, out, _ = ran(t, "replay", "-events", "-steps", held)
	require.Zero(t, code)
	require.Contains(t, out, "media")
	require.Contains(t, out, "line 2: notification, applied")

	code, out, _ = ran(t, "replay", "-call", "nobody's", held)
	require.Zero(t, code)
	require.NotContains(t, out, "edge")
}

func TestReplayFailsWhereItDiffers(t *testing.T) {
	text, err := os.ReadFile(held)
	require.NoError(t, err)
	code, out, _ := ran(t, "replay", written(t, strings.Replace(string(text), `"to":"hold"`, `"to":"ringing"`, 1)))
	require.Equal(t, exitFailed, code)
	require.Contains(t, out, "different: line ")
	require.Contains(t, out, "recorded: [edge established → ringing]; replayed: [edge established → hold]")
}

func TestReplayOfWhatIsNotWholeSaysSo(t *testing.T) {
	text, err := os.ReadFile(held)
	require.NoError(t, err)
	code, out, _ := ran(t, "replay", written(t, string(text[:len(text)-20])))
	require.Zero(t, code)
	require.Contains(t, out, "note: the trace breaks off in line ")
	require.Contains(t, out, "  goes on as established with ")

	code, out, _ = ran(t, "replay", written(t, string(text)+`{"kind":"missing","missing":7}`+"\n"))
	require.Zero(t, code)
	require.Contains(t, out, "note: 7 lines are missing before line ")
}

func TestTracesThatCannotBeRead(t *testing.T) {
	broken := written(t, "nothing\n")
	newer := written(t, `{"kind":"trace","version":99}`+"\n")
	for want, args := range map[string][]string{
		"name one trace, such":           {"replay"},
		"callsim replay -help":           {"replay", "-colour"},
		"there-is-none":                  {"replay", "there-is-none"},
		broken + ": line 1":              {"replay", broken},
		newer + ": line 1":               {"sanitize", newer},
		"name one trace, or -":           {"sanitize"},
		"callsim sanitize -help":         {"sanitize", "-colour"},
		"there-is-no-trace":              {"sanitize", "there-is-no-trace"},
		"sanitize: " + broken + ": line": {"sanitize", broken},
	} {
		code, _, errs := ran(t, args...)
		require.Equal(t, exitUsage, code, args)
		require.Contains(t, errs, want)
	}
}

func TestSanitizedTraceReplays(t *testing.T) {
	var clean bytes.Buffer
	require.Zero(t, run(t.Context(), []string{"sanitize", held}, &clean, io.Discard))
	text, err := os.ReadFile(held)
	require.NoError(t, err)
	require.NotEqual(t, string(text), clean.String())
	code, out, _ := ran(t, "replay", written(t, clean.String()))
	require.Zero(t, code)
	require.Contains(t, out, "edge established → hold\n")
}

func written(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "trace.jsonl")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	return file
}
