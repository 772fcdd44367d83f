package archtest_test

import (
	"path/filepath"
	"regexp"
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
func TestEveryExampleIsRun(t *testing.T) {
	all := files(t)
	run := strings.Fields(submatches(t, `(?m)^BOTS = (.*)$`, string(all["Makefile"]))[0])
	for file := range all {
		folder, isMain := strings.CutSuffix(file, "/main.go")
		if name, isExample := strings.CutPrefix(folder, "examples/"); isMain && isExample && all[folder+"/main_test.go"] == nil {
			require.Contains(t, run, name, "an example nobody runs")
		}
	}
}

func TestCodeInTheReadmeIsCompiled(t *testing.T) {
	all := files(t)
	compiled := string(all["examples/echo/main.go"]) + string(all["examples/echo/main_test.go"])
	blocks := submatches(t, "(?s)```go\n(.*?)```", string(all["README.md"]))
	require.Len(t, blocks, 2)
	for _, block := range blocks {
		require.Contains(t, compiled, block)
	}
}

func TestPromisesHaveTheirTests(t *testing.T) {
	all := files(t)
	var tests []string
	for file, text := range all {
		if strings.HasPrefix(file, "statefulclient/") && strings.HasSuffix(file, "_test.go") {
			tests = append(tests, testsOf(t, text)...)
		}
	}
	promised := submatches(t, "`(Test\\w+)`", string(all["CONTRACT.md"]))
	require.Len(t, promised, 16)
	require.Subset(t, tests, promised)
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
