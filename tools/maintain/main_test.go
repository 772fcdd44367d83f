package main

import (
	"log"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestUsage(t *testing.T) {
	for _, args := range [][]string{nil, {"help"}, {"sbom"}, {"api", "v1.0.0"}} {
		require.ErrorIs(t, run(t.Context(), log.New(t.Output(), "", 0), args), errUsage)
	}
}

// scratch is a repository of two modules, of which nothing is released.
func scratch(t *testing.T) repository {
	t.Helper()
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	r := repository(t.TempDir())
	gitIn(t, r, "init", "--quiet")
	write(t, r, map[string]string{
		"go.mod":           "module example.com/bot\n\ngo 1.26\n",
		"call.go":          "package bot\n\ntype Call struct{}\n\nfunc (*Call) Answer() {}\n\nfunc (*Call) Hangup() {}\n",
		"internal/call.go": "package internal\n\nfunc Answer() {}\n",
		"cmd/main.go":      "package main\n\nfunc Answer() {}\n\nfunc main() {}\n",
		"cluster/go.mod":   "module example.com/bot/cluster\n\ngo 1.26\n",
		"cluster/owner.go": "package cluster\n\nfunc Owner() string { return \"\" }\n",
		"bench/go.mod":     "module example.com/bot/bench\n\ngo 1.26\n",
		"CHANGELOG.md":     "# Changelog\n\n## Unreleased\n\n## 0.1.0\n",
	})
	return r
}

// write replaces files, and commits.
func write(t *testing.T, r repository, files map[string]string) {
	t.Helper()
	for name, text := range files {
		file := filepath.Join(string(r), filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o700))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	}
	gitIn(t, r, "add", "--all")
	gitIn(t, r, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "--message", "change")
}

func gitIn(t *testing.T, r repository, args ...string) string {
	t.Helper()
	out, err := git(t.Context(), string(r), args...)
	require.NoError(t, err)
	return strings.TrimSpace(out)
}
