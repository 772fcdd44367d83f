// Package tutorial_test does what docs/tutorial.md tells its readers to do.
package tutorial_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// reader follows the page, in a folder of their own.
type reader struct {
	clone  string // where the module is
	folder string // where they are
}

func TestWhoFollowsThePageSeesWhatItShows(t *testing.T) {
	clone, err := filepath.Abs("../..")
	require.NoError(t, err)
	r := &reader{clone, t.TempDir()}
	at, printed := "", ""
	for _, b := range blocksOf(t, "../../docs/tutorial.md") {
		if b.step != at {
			r.compare(t, at)
			at = b.step
		}
		switch file, whole := b.file(); {
		case whole:
			require.NoError(t, os.WriteFile(filepath.Join(r.folder, file), []byte(b.text), 0o600))
		case b.language == "go":
			file, part := b.excerpt()
			require.True(t, part, "%s: %q does not say which file this is:\n%s", b.step, b.intro, b.text)
			require.Contains(t, sources(t, b.step)[file], b.text)
		case b.language == "sh" && b.intro != tenant:
			printed = r.run(t, b.text)
		case b.language == "text":
			require.True(t, b.printed(), "%s: no command prints this:\n%s", b.step, b.text)
			require.Equal(t, timeless(b.text), timeless(printed), b.step)
		}
	}
	r.compare(t, at)
}

// compare compares the reader's folder with that of a step.
func (r *reader) compare(t *testing.T, step string) {
	t.Helper()
	if step != "" {
		require.Equal(t, sources(t, step), sources(t, r.folder), step)
	}
}

// run runs commands where the reader is, and stays where they lead. There is a
// clone already.
func (r *reader) run(t *testing.T, commands string) string {
	t.Helper()
	commands = regexp.MustCompile(`(?m)^git clone .*\n`).ReplaceAllString(commands, "")
	commands = strings.ReplaceAll(commands, "../graphcalls-go", r.clone)
	where := filepath.Join(t.TempDir(), "where")
	command := exec.CommandContext(t.Context(), "sh", "-ec", commands+"pwd > "+where)
	command.Dir = r.folder
	command.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-vet=off", "PWD="+r.folder)
	var stderr strings.Builder
	command.Stderr = &stderr
	printed, err := command.Output()
	require.NoError(t, err, "%s\n%s%s", commands, printed, &stderr)
	folder, err := os.ReadFile(where)
	require.NoError(t, err)
	r.folder = strings.TrimSpace(string(folder))
	return string(printed)
}

// sources are the texts of a folder's Go files.
func sources(t *testing.T, folder string) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	require.NoError(t, err)
	require.NotEmpty(t, files, folder)
	texts := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		texts[filepath.Base(file)] = string(text)
	}
	return texts
}

// timeless takes out how long tests took.
func timeless(printed string) string {
	return regexp.MustCompile(`\t(\d+\.\d+s|\(cached\))`).ReplaceAllString(printed, "\tno time")
}
