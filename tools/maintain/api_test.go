package main

import (
	"log"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func check(t *testing.T, r repository) (string, error) {
	t.Helper()
	var out strings.Builder
	err := r.checkAPI(t.Context(), log.New(&out, "", 0))
	require.Equal(t, 1, strings.Count(gitIn(t, r, "worktree", "list"), "\n")+1, "the checkout of the release was left behind")
	return out.String(), err
}

func TestWhereNothingIsReleasedNothingBreaks(t *testing.T) {
	r := scratch(t)
	gitIn(t, r, "tag", "v0.1.0-rc.1")
	gitIn(t, r, "tag", "vessel")
	out, err := check(t, r)
	require.NoError(t, err)
	require.Equal(t, "example.com/bot has no release yet: nothing to compare with\n"+
		"example.com/bot/cluster has no release yet: nothing to compare with\n", out)
}

func TestAdditionsPass(t *testing.T) {
	r := scratch(t)
	gitIn(t, r, "tag", "v0.1.0")
	write(t, r, map[string]string{"mute.go": "package bot\n\nfunc (*Call) Mute() {}\n", "fsm/fsm.go": "package fsm\n"})
	out, err := check(t, r)
	require.NoError(t, err)
	require.Contains(t, out, "example.com/bot since v0.1.0: 2 changes\n")
	require.Contains(t, out, "adds (*Call).Mute: added")
	require.Contains(t, out, "adds package example.com/bot/fsm: added")
}

func TestBreaksAreFoundUnlessTheyAreTold(t *testing.T) {
	r := scratch(t)
	gitIn(t, r, "tag", "v0.9.0")
	write(t, r, map[string]string{"call.go": "package bot\n\ntype Call struct{}\n\nfunc (*Call) Answer() {}\n"})
	_, err := check(t, r)
	require.ErrorContains(t, err, "- `(*Call).Hangup: removed`")

	write(t, r, map[string]string{"CHANGELOG.md": "# Changelog\n\n## Unreleased\n\n## 0.9.0\n\n- `(*Call).Hangup: removed`\n"})
	_, err = check(t, r)
	require.Error(t, err, "what was told of another release")

	write(t, r, map[string]string{"CHANGELOG.md": "# Changelog\n\n## Unreleased\n\n- `(*Call).Hangup: removed`: drop the call.\n"})
	out, err := check(t, r)
	require.NoError(t, err)
	require.Contains(t, out, "BREAKS (*Call).Hangup: removed")

	gitIn(t, r, "tag", "v0.10.0")
	out, err = check(t, r)
	require.NoError(t, err)
	require.Contains(t, out, "example.com/bot since v0.10.0: 0 changes\n")
}

func TestWhatNobodyImportsMayChange(t *testing.T) {
	r := scratch(t)
	gitIn(t, r, "tag", "v0.1.0")
	write(t, r, map[string]string{"internal/call.go": "package internal\n", "cmd/main.go": "package main\n\nfunc main() {}\n"})
	out, err := check(t, r)
	require.NoError(t, err)
	require.Contains(t, out, "0 changes")
}

func TestEachModuleHasItsOwnReleases(t *testing.T) {
	r := scratch(t)
	gitIn(t, r, "tag", "cluster/v0.2.0")
	write(t, r, map[string]string{"cluster/owner.go": "package cluster\n\nfunc Owner() int { return 0 }\n"})
	out, err := check(t, r)
	require.ErrorContains(t, err, "example.com/bot/cluster breaks those who use cluster/v0.2.0")
	require.Contains(t, out, "example.com/bot has no release yet")
}

func TestCodeThatDoesNotCompileIsNoSuccess(t *testing.T) {
	r := scratch(t)
	gitIn(t, r, "tag", "v0.1.0")
	write(t, r, map[string]string{"mute.go": "package bot\n\nfunc Mute() { return 1 }\n"})
	_, err := check(t, r)
	require.Error(t, err)
}
