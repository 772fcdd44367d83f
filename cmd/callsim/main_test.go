package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// ran runs the program to its end, with a context that is over already.
func ran(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var o, e bytes.Buffer
	code = run(ctx, args, &o, &e)
	return code, o.String(), e.String()
}

func TestHelpTeaches(t *testing.T) {
	for _, args := range [][]string{{"-help"}, {"run", "-help"}, {"replay", "-help"}, {"sanitize", "-help"}} {
		code, out, errs := ran(t, args...)
		require.Zero(t, code)
		require.Empty(t, errs)
		first, _, _ := strings.Cut(out, "Flags:")
		require.GreaterOrEqual(t, strings.Count(first, "\n  callsim "), 3, "three examples")
	}
}

func TestMistakesAreExplained(t *testing.T) {
	for want, args := range map[string][]string{
		"callsim -help explains":      {"-colour"},
		"no command \"walk\"":         {"walk"},
		"write bash or powershell":    {"-shell", "fish"},
		"add -allow-http":             {"-bot-webhook", "http://bot.contoso.com/api/calls"},
		"write a whole address":       {"-bot-webhook", "localhost:8080"},
		"must be more than 0":         {"-speed", "0"},
		"name the scenarios":          {"run"},
		"callsim run -help":           {"run", "-colour"},
		"there-is-none":               {"run", "there-is-none"},
		"must be longer than nothing": {"-prompt", "0s"},
		"must not be negative":        {"run", "-speed", "-1", "x"},
	} {
		code, _, errs := ran(t, args...)
		require.Equal(t, exitUsage, code, args)
		require.Contains(t, errs, want)
	}
}

func TestWhatCannotBeOpenedIsSaidWithWhatToDo(t *testing.T) {
	folder := t.TempDir()
	nothing := filepath.Join(folder, "nothing.pem")
	require.NoError(t, os.WriteFile(nothing, []byte("nothing"), 0o600))
	for want, args := range map[string][]string{
		"choose another -address":         {"-address", "256.0.0.1:0"},
		"choose another -control-address": {"-control-address", "256.0.0.1:0"},
		"choose another -ca-file":         {"-ca-file", filepath.Join(nothing, "ca.pem")},
		"choose another -env-file":        {"-env-file", filepath.Join(nothing, "env")},
		"there is no certificate in it":   {"-trust", nothing},
	} {
		free := []string{"-address", "127.0.0.1:0", "-control-address", "127.0.0.1:0", "-ca-file", filepath.Join(folder, "ca.pem")}
		code, _, errs := ran(t, append(free, args...)...)
		require.Equal(t, exitFailed, code, args)
		require.Contains(t, errs, want)
	}
}

func TestServesUntilItIsStopped(t *testing.T) {
	t.Setenv(tokenVariable, "a-token-of-the-tests")
	folder := t.TempDir()
	ca, env := filepath.Join(folder, "ca.pem"), filepath.Join(folder, "deep", "env")
	code, out, errs := ran(t, "-address", "127.0.0.1:0", "-control-address", "127.0.0.1:0", "-ca-file", ca, "-env-file", env, "-shell", "bash", "-json")
	require.Zero(t, code, errs)
	require.Contains(t, out, "# callsim stopped after 0 calls")
	for row := range strings.Lines(out) {
		require.True(t, row == "\n" || row[0] == '#' || strings.HasPrefix(row, "export CALLSIM_"), "cannot be pasted: %s", row)
	}
	written, err := os.ReadFile(env)
	require.NoError(t, err)
	require.Contains(t, out, string(written))
	require.Contains(t, string(written), "export CALLSIM_CONTROL_TOKEN='a-token-of-the-tests'\n")
	require.Contains(t, string(written), "export CALLSIM_CA_FILE='"+ca+"'\n")
	authority, err := os.ReadFile(ca)
	require.NoError(t, err)
	require.Contains(t, string(authority), "BEGIN CERTIFICATE")
	info, err := os.Stat(env)
	require.NoError(t, err)
	require.Zero(t, info.Mode().Perm()&0o077, "secrets that others may read")
}

func TestSettingsAreQuotedForTheirShell(t *testing.T) {
	it := []variable{{"CALLSIM_X", "it's $HOME"}}
	require.Equal(t, `export CALLSIM_X='it'\''s $HOME'`+"\n", script(bash, it))
	require.Equal(t, "$env:CALLSIM_X = 'it''s $HOME'\n", script(powershell, it))
}

func TestSeedDecidesTheBotsCredentials(t *testing.T) {
	one, same, other := &settings{seed: 1}, &settings{seed: 1}, &settings{seed: 2}
	require.Equal(t, one.made("app id"), same.made("app id"))
	require.NotEqual(t, one.made("app id"), other.made("app id"))
	require.NotEqual(t, one.made("app id"), one.made("secret"))
	require.Regexp(t, `^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, one.made("app id"))
}

func TestScenarioThatCannotBeReadIsNotPlayed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "story.callsim")
	require.NoError(t, os.WriteFile(file, []byte("scenario X\nsomebody does something\n"), 0o600))
	code, out, errs := ran(t, "run", file)
	require.Equal(t, exitUsage, code)
	require.Empty(t, out)
	require.Contains(t, errs, file)
}

func TestScenarioWithoutExpectationsPasses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "story.callsim")
	require.NoError(t, os.WriteFile(file, []byte("scenario Nobody is there\nperson Diego\n"), 0o600))
	var out bytes.Buffer
	require.Zero(t, run(t.Context(), []string{"run", "-verbose", "-speed", "10", file}, &out, io.Discard), out.String())
	require.Contains(t, out.String(), "Nobody is there")
}

func TestAddressOfEverywhereIsPrintedAsOneThatCanBeReached(t *testing.T) {
	code, out, errs := ran(t, "-address", "127.0.0.1:0", "-control-address", ":0", "-ca-file", filepath.Join(t.TempDir(), "ca.pem"))
	require.Zero(t, code, errs)
	require.Contains(t, out, "http://127.0.0.1:")
	require.Contains(t, out, "# Other machines reach")
}
