package archtest_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
)

// The pages that tell how to begin, to test and to operate name what exists.
func TestNamesInThePagesForBeginnersExist(t *testing.T) {
	all := files(t)
	known := newHouse(t, all).names
	for _, page := range []string{"docs/tutorial.md", "docs/testing.md", "docs/operating.md"} {
		names := mentioned(t, prose(string(all[page])))
		require.NotEmpty(t, names, page)
		require.Empty(t, unknown(names, known), page)
	}
}

func TestUnknownNamesAreFound(t *testing.T) {
	names := mentioned(t, "`Call.Answer`, `auth.Global`, `Platform.Calls`, `Stats.None`, `auth.None`, `http.Client`, `go test ./...`, `t.Context()`\n")
	require.Len(t, names, 6)
	require.Equal(t, []string{"Stats.None", "auth.None"}, unknown(names, map[string]bool{
		"statefulclient.Call.Answer": true, "auth": true, "auth.Global": true, "simulator.Platform.Calls": true,
	}))
}

// mentioned are the names such as Call.Answer and auth.Cloud.Scope in a text.
func mentioned(t *testing.T, text string) []string {
	t.Helper()
	return submatches(t, "`([A-Za-z]+(?:\\.[A-Z]\\w+)+)`", text)
}

// unknown lists the names that are of no public package. Where none is named, it
// may be any of those a bot's own code uses; other packages are others'.
func unknown(names []string, known map[string]bool) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		of, _, _ := strings.Cut(name, ".")
		return unicode.IsLower(rune(of[0])) && !known[of] || slices.ContainsFunc([]string{"", "statefulclient.", "simulator.", "store.", "auth.", "transport."}, func(of string) bool {
			return known[of+name]
		})
	})
}

// What these pages have people run, make check runs: the tutorial's commands by
// its own test, and those of the others by name.
func TestCommandsOfThePagesForBeginnersAreRun(t *testing.T) {
	all := files(t)
	checks := submatches(t, `(?m)^check: (.*?) ##`, string(all["Makefile"]))
	require.Len(t, checks, 1)
	for _, page := range []string{"docs/testing.md", "docs/operating.md"} {
		require.Empty(t, notRun(t, string(all[page]), strings.Fields(checks[0])), page)
	}
}

func TestCommandsNobodyRunsAreFound(t *testing.T) {
	page := "```sh\ngo test ./...  # all\nmake race\nmake tea\nrm -r /\n```\n<!-- needs a tenant -->\n```sh\ngo run .\n```\n"
	require.Equal(t, []string{"make tea", "rm -r /"}, notRun(t, page, []string{"race"}))
}

// notRun lists the commands of a page that none of the checks runs, but for
// those that are marked as needing a tenant. Tests are run by all checks.
func notRun(t *testing.T, page string, checks []string) []string {
	t.Helper()
	var found []string
	for _, block := range submatches(t, "(?ms)((?:^<!-- needs a tenant -->\n)?^```sh\n.*?)^```$", page) {
		commands, ours := strings.CutPrefix(block, "```sh\n")
		for line := range strings.Lines(commands) {
			command, _, _ := strings.Cut(line, "#")
			command = strings.TrimSpace(command)
			target, made := strings.CutPrefix(command, "make ")
			if ours && !(made && slices.Contains(checks, target)) && !strings.HasPrefix(command, "go test ./") {
				found = append(found, command)
			}
		}
	}
	return found
}
