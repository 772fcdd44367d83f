package archtest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A newcomer finds each file of statefulclient in one place of the map.
func TestEachFileIsOnceOnTheMap(t *testing.T) {
	all := files(t)
	mapped := mapOf(string(all["ARCHITECTURE.md"]))
	require.Greater(t, len(mapped), 50)
	var names []string
	for file := range all {
		if name, ok := strings.CutPrefix(file, "statefulclient/"); ok && !strings.Contains(name, "/") && strings.HasSuffix(name, ".go") {
			names = append(names, name)
		}
	}
	require.Empty(t, unmapped(mapped, names))
}

func TestFilesThatAreNotOnTheMapAreFound(t *testing.T) {
	mapped := mapOf("| A | B |\n|---|---|\n| a | b |\n\n" +
		"| What | Files (`.go`) |\n|---|---|\n| the client | client, calls |\n| both | calls, gone |\n| tests of the whole | rig |\n\n| No | more |\n")
	require.Equal(t, []string{"client", "calls", "calls", "gone", "rig"}, mapped)
	require.Equal(t, []string{
		"calls is on the map twice", "call.go is not on the map", "stray_test.go is not on the map", "gone is no file",
	}, unmapped(mapped, []string{"client.go", "calls.go", "call.go", "client_test.go", "calls_flow_test.go", "rig_test.go", "stray_test.go"}))
}

// mapOf returns the files that the rows of the map name.
func mapOf(text string) []string {
	_, rows, _ := strings.Cut(text, "| Files (`.go`) |\n|---|---|\n")
	rows, _, _ = strings.Cut(rows, "\n\n")
	var named []string
	for row := range strings.Lines(rows) {
		if cells := strings.Split(strings.TrimSpace(row), "|"); len(cells) == 4 {
			named = append(named, strings.Split(strings.TrimSpace(cells[2]), ", ")...)
		}
	}
	return named
}

// unmapped lists what is on the map twice, on no place of it, or on the map alone.
// A test is where the file is that its name begins with, or where it is named itself.
func unmapped(mapped, names []string) []string {
	var found []string
	for i, name := range mapped {
		if slices.Contains(mapped[:i], name) {
			found = append(found, name+" is on the map twice")
		}
	}
	there := map[string]bool{}
	for _, name := range names {
		base, test := strings.CutSuffix(strings.TrimSuffix(name, ".go"), "_test")
		if test {
			base, _, _ = strings.Cut(base, "_")
		}
		there[base] = true
		if !slices.Contains(mapped, base) {
			found = append(found, name+" is not on the map")
		}
	}
	for _, name := range mapped {
		if !there[name] {
			found = append(found, fmt.Sprintf("%s is no file", name))
		}
	}
	return found
}
