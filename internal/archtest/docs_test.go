package archtest_test

import (
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCommandsInTheDocsExist(t *testing.T) {
	all := files(t)
	targets := submatches(t, `(?m)^([a-z-]+):`, string(all["Makefile"]))
	commands := 0
	for file, text := range documents(all) {
		for _, target := range submatches(t, "(?m)(?:^|`)make ([a-z-]+)", text) {
			require.Contains(t, targets, target, file)
			commands++
		}
		for _, folder := range submatches(t, `go run \./([a-z0-9/]+)`, text) {
			require.NotNil(t, all[folder+"/main.go"], "%s: there is no %s", file, folder)
			commands++
		}
	}
	require.Positive(t, commands)
}

// An example either tells its story when the Makefile runs it, or has a test.
// Those of the tutorial are run by whoever follows it, as a test does.
func TestEveryExampleIsRun(t *testing.T) {
	all := files(t)
	run := strings.Fields(submatches(t, `(?m)^BOTS = (.*)$`, string(all["Makefile"]))[0])
	for file := range all {
		folder, isMain := strings.CutSuffix(file, "/main.go")
		name, isExample := strings.CutPrefix(folder, "examples/")
		if isMain && isExample && all[folder+"/main_test.go"] == nil && !within(name, "tutorial") {
			require.Contains(t, run, name, "an example nobody runs")
		}
	}
}

// Code in the docs is that of an example, which is compiled and run.
func TestCodeInTheDocsIsCompiled(t *testing.T) {
	all := files(t)
	for file, count := range map[string]int{"README.md": 2, "docs/migrating.md": 3, "docs/going-live.md": 1} {
		blocks := submatches(t, "(?s)```go\n(.*?)```", string(all[file]))
		require.Len(t, blocks, count, file)
		require.Empty(t, uncompiled(blocks, all), file)
	}
}

func TestUncompiledCodeIsFound(t *testing.T) {
	all := map[string][]byte{"examples/echo/main.go": []byte("a\nb\n"), "auth/doc.go": []byte("c\n"), "docs/a.md": []byte("d\n")}
	require.Equal(t, []string{"c\n", "d\n"}, uncompiled([]string{"b\n", "c\n", "d\n"}, all))
}

// uncompiled returns the blocks that stand in no example.
func uncompiled(blocks []string, all map[string][]byte) []string {
	return slices.DeleteFunc(slices.Clone(blocks), func(block string) bool {
		for file, text := range all {
			if within(file, "examples") && strings.HasSuffix(file, ".go") && strings.Contains(string(text), block) {
				return true
			}
		}
		return false
	})
}

// What the tables for those who come from elsewhere call ours is ours.
func TestNamesInTheTablesOfMigratingExist(t *testing.T) {
	all := files(t)
	names := namesOfOurs(t, string(all["docs/migrating.md"]))
	require.Greater(t, len(names), 50)
	require.Subset(t, slices.Collect(maps.Keys(newHouse(t, all).names)), names)
}

// What the guide to statefulclient leads to exists.
func TestGuideLeadsToWhatExists(t *testing.T) {
	all := files(t)
	var names []string
	for _, name := range submatches(t, `\[([A-Z][\w.]+)\]`, string(all["statefulclient/doc.go"])) {
		names = append(names, "statefulclient."+name)
	}
	require.Greater(t, len(names), 40)
	require.Subset(t, slices.Collect(maps.Keys(newHouse(t, all).names)), names)
}

func TestNamesOfOursAreFound(t *testing.T) {
	names := namesOfOurs(t, "| There | Here | What bites |\n|---|---|---|\n| `A` | `B`, `c.D` | `E` |\n| `F` | `G` |\n")
	require.Equal(t, []string{"statefulclient.B", "c.D"}, names)
}

// namesOfOurs returns the names in the columns of tables that are headed Here.
func namesOfOurs(t *testing.T, text string) []string {
	t.Helper()
	var names []string
	column := 0
	for line := range strings.Lines(text) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if at := slices.Index(cells, " Here "); at >= 0 {
			column = at
		} else if len(cells) == 5 && column > 0 {
			for _, name := range submatches(t, "`([^`]+)`", cells[column]) {
				names = append(names, qualified(name))
			}
		}
	}
	return names
}

func TestPictureOfStatesIsTheTable(t *testing.T) {
	all := files(t)
	pictures := submatches(t, "(?s)```mermaid\n(.*?)```", string(all["docs/states.md"]))
	require.Equal(t, []string{strings.TrimRight(string(all["fsm/testdata/call.mermaid"]), "\n") + "\n"}, pictures)
}

func TestLinksInTheDocsLeadSomewhere(t *testing.T) {
	all := files(t)
	for file, text := range documents(all) {
		for _, link := range submatches(t, `(?:\]\(|\]: )([^)\s#]+)`, text) {
			if strings.Contains(link, "://") {
				continue
			}
			target := path(filepath.Join(filepath.Dir(file), link))
			require.True(t, exists(all, target), "%s: %s", file, link)
		}
	}
}

func TestRoomsAreInTheArchitecture(t *testing.T) {
	text := string(files(t)["ARCHITECTURE.md"])
	for _, r := range rooms() {
		if r.name != "internal/archtest" && r.name != "examples/internal" {
			require.Contains(t, text, "| `"+r.name+"` |", "ARCHITECTURE.md does not have it")
		}
	}
}

func exists(all map[string][]byte, target string) bool {
	for file := range all {
		if within(file, target) {
			return true
		}
	}
	return false
}

func documents(all map[string][]byte) map[string]string {
	found := map[string]string{}
	for file, text := range all {
		if strings.HasSuffix(file, ".md") {
			found[file] = string(text)
		}
	}
	return found
}

// submatches returns what the group of a pattern matches.
func submatches(t *testing.T, pattern, text string) []string {
	t.Helper()
	var found []string
	for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		found = append(found, match[1])
	}
	return found
}
