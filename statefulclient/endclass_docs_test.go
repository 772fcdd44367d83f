package statefulclient_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// The table of codes in docs/troubleshooting.md is the code's, but for its third
// column, which says what a code means.
func TestCodesInTheDocsAreTheCodes(t *testing.T) {
	page, err := os.ReadFile("../docs/troubleshooting.md")
	require.NoError(t, err)
	_, table, _ := strings.Cut(string(page), "<!-- codes -->")
	table, _, ends := strings.Cut(table, "<!-- end -->")
	require.True(t, ends)
	said := map[string][]string{}
	for row := range strings.Lines(table) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(row), "| "), " | ")
		if len(cells) != 5 || !strings.HasPrefix(cells[0], "`") {
			continue
		}
		require.NotContains(t, said, cells[0], "twice")
		require.NotEmpty(t, cells[2], cells[0])
		said[cells[0]] = []string{cells[1], cells[3], cells[4]}
	}
	known := map[string][]string{}
	for _, end := range statefulclient.KnownEnds() {
		code, word := strconv.Itoa(int(end.Code)), "seen"
		if end.Code < 0 {
			code = "*"
		}
		if end.Documented {
			word = "documented"
		}
		known["`"+code+"/"+strconv.Itoa(int(end.Subcode))+"`"] = []string{"`" + string(end.Class) + "`", end.Hint, word}
	}
	require.Equal(t, known, said)
}
