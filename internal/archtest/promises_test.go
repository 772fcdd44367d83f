package archtest_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Each promise names the test of its number, and whatever it names exists.
func TestPromisesHaveTheirTests(t *testing.T) {
	all := files(t)
	kept := promises(t, string(all["CONTRACT.md"]))
	require.Greater(t, len(kept), 10)
	require.Empty(t, unkept(kept, newHouse(t, all).tests))
}

func TestUnkeptPromisesAreFound(t *testing.T) {
	list := promises(t, "Words.\n\n1. **A.** Such\n   as it is.\n   `TestPromise01A`\n2. **B.** `TestPromise02B`\n   `auth.TestB`\n3. **C.**\n\n`TestPromise03C`\n10. **D.** `TestPromise04D`\n")
	require.Equal(t, []promise{{1, []string{"TestPromise01A"}}, {2, []string{"TestPromise02B", "auth.TestB"}}, {3, nil}, {10, []string{"TestPromise04D"}}}, list)
	require.Equal(t, []string{"2: no test auth.TestB", "3: no test of its number", "10: is the 4th", "10: no test of its number"},
		unkept(list, map[string]bool{"statefulclient.TestPromise01A": true, "statefulclient.TestPromise02B": true, "statefulclient.TestPromise04D": true}))
}

// promise is one of the contract's, with the tests it names.
type promise struct {
	number int
	tests  []string
}

// promises reads the items of a numbered list.
func promises(t *testing.T, text string) []promise {
	t.Helper()
	var list []promise
	inside := false
	for line := range strings.Lines(text) {
		if number := regexp.MustCompile(`^(\d+)\. `).FindString(line); number != "" {
			var p promise
			_, err := fmt.Sscanf(number, "%d.", &p.number)
			require.NoError(t, err)
			list, inside = append(list, p), true
		} else if !strings.HasPrefix(line, " ") {
			inside = false
		}
		if inside {
			last := &list[len(list)-1]
			last.tests = append(last.tests, submatches(t, "`((?:[a-z/]+\\.)?Test\\w+)`", line)...)
		}
	}
	return list
}

// unkept lists the promises that name no test of their number, or one that does
// not exist.
func unkept(list []promise, tests map[string]bool) []string {
	var problems []string
	for i, p := range list {
		if p.number != i+1 {
			problems = append(problems, fmt.Sprintf("%d: is the %dth", p.number, i+1))
		}
		own := fmt.Sprintf("TestPromise%02d", p.number)
		if !slices.ContainsFunc(p.tests, func(test string) bool { return strings.HasPrefix(test, own) }) {
			problems = append(problems, fmt.Sprintf("%d: no test of its number", p.number))
		}
		for _, test := range p.tests {
			if !tests[qualified(test)] {
				problems = append(problems, fmt.Sprintf("%d: no test %s", p.number, test))
			}
		}
	}
	return problems
}
