package archtest_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every threat names what shows that it is met, and that exists.
func TestThreatsHaveTheirTests(t *testing.T) {
	all := files(t)
	rows := threats(string(all["THREATS.md"]))
	require.Greater(t, len(rows), 20)
	require.Empty(t, unproven(t, rows, provenBy(t, all)))
}

func TestUnprovenThreatsAreFound(t *testing.T) {
	rows := threats("| Threat | What stops it | Shown by |\n|---|---|---|\n| a | b | `TestA`, `auth.FuzzB` |\n| c | d | `TestNone` |\n| e | f | – |\n")
	require.Len(t, rows, 3)
	require.Equal(t, []string{"c: TestNone", "e: nothing"}, unproven(t, rows, map[string]bool{"statefulclient.TestA": true, "auth.FuzzB": true}))
}

// provenBy are the tests and fuzz targets there are, by package.
func provenBy(t *testing.T, all map[string][]byte) map[string]bool {
	t.Helper()
	tests := newHouse(t, all).tests
	for file, text := range all {
		if strings.HasSuffix(file, "_test.go") {
			for _, target := range submatches(t, `(?m)^func (Fuzz\w+)\(f \*testing\.F\)`, string(text)) {
				tests[file[:strings.LastIndexByte(file, '/')]+"."+target] = true
			}
		}
	}
	return tests
}

// threats returns the rows of all tables of three columns.
func threats(text string) [][]string {
	var rows [][]string
	for line := range strings.Lines(text) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) == 5 && !strings.HasPrefix(line, "|---") && strings.TrimSpace(cells[3]) != "Shown by" {
			rows = append(rows, cells[1:4])
		}
	}
	return rows
}

// unproven lists the rows that name no test, or one that does not exist. Tests
// are of package statefulclient unless they name another.
func unproven(t *testing.T, rows [][]string, tests map[string]bool) []string {
	t.Helper()
	var problems []string
	for _, row := range rows {
		threat, named := strings.TrimSpace(row[0]), submatches(t, "`([^`]+)`", row[2])
		if len(named) == 0 {
			problems = append(problems, threat+": nothing")
		}
		for _, test := range named {
			if !tests[test] && !tests["statefulclient."+test] {
				problems = append(problems, threat+": "+test)
			}
		}
	}
	return problems
}
