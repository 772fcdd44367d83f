package archtest_test

import (
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var rewrite = flag.Bool("rewrite", false, "write PARITY.md anew")

// TestParity compares PARITY.md with what testdata/parity.txt comes to, which
// names only what exists.
//
//	go test ./internal/archtest -run TestParity -rewrite
//
// writes it anew.
func TestParity(t *testing.T) {
	all := files(t)
	page, err := parityPage(string(all["internal/archtest/testdata/parity.txt"]), newHouse(t, all))
	require.NoError(t, err)
	if *rewrite {
		require.NoError(t, os.WriteFile(filepath.Join(root(t), "PARITY.md"), []byte(page), 0o644))
		return
	}
	if page != string(all["PARITY.md"]) {
		require.Fail(t, "PARITY.md is not what testdata/parity.txt comes to",
			"run go test ./internal/archtest -run TestParity -rewrite, and see by git diff what changes")
	}
}

const parityPreface = `# Parity with the Graph Calling SDK for .NET

<!-- Written from internal/archtest/testdata/parity.txt. Change that, and run
go test ./internal/archtest -run TestParity -rewrite -->

`

const parityLegend = `
For those who come from that SDK: what it offers, what it is called here, and
the test or example that shows it. Names and tests are of package
` + "`statefulclient`" + ` unless they name another. **(+)** marks what that SDK does
not have.
`

// parityRow is one line of the table.
type parityRow struct {
	line                        int
	section, theirs, here, gaps string
	tests                       []string
}

const nothing = "–"

// name is what the row is about.
func (r parityRow) name() string {
	if r.theirs == nothing {
		return r.here
	}
	return r.theirs
}

func (r parityRow) mistake(format string, args ...any) error {
	return fmt.Errorf("testdata/parity.txt:%d: %s: %s", r.line, r.name(), fmt.Sprintf(format, args...))
}

// parityPage writes the page, or names every mistake of the table.
func parityPage(table string, h house) (string, error) {
	rows, err := parityRows(table)
	mistakes := []error{err}
	firsts := map[string]int{}
	for _, r := range rows {
		if first, double := firsts[r.name()]; double {
			mistakes = append(mistakes, r.mistake("is in line %d already", first))
		} else {
			firsts[r.name()] = r.line
		}
		mistakes = append(mistakes, r.check(h)...)
	}
	return writeParity(rows), errors.Join(mistakes...)
}

// parityRows reads the table, whose head says what it looks like.
func parityRows(table string) ([]parityRow, error) {
	var rows []parityRow
	var mistakes []error
	section, line := "", 0
	for text := range strings.Lines(table) {
		line++
		text = strings.TrimSpace(text)
		if heading, ok := strings.CutPrefix(text, "# "); ok {
			section = heading
			continue
		}
		if text == "" || strings.HasPrefix(text, "//") {
			continue
		}
		cells := strings.Split(text, "|")
		if len(cells) != 4 || section == "" {
			mistakes = append(mistakes, fmt.Errorf("testdata/parity.txt:%d: %s: a row has four cells, below a heading", line, text))
			continue
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows = append(rows, parityRow{line, section, cells[0], cells[1], cells[3], strings.Fields(cells[2])})
	}
	return rows, errors.Join(mistakes...)
}

var (
	quoted   = regexp.MustCompile("`([^`]*)`")
	testName = regexp.MustCompile(`\b([a-z/]+\.)?Test[A-Z]\w*`)
)

func (r parityRow) check(h house) []error {
	var mistakes []error
	if r.theirs == "" || r.here == "" {
		mistakes = append(mistakes, r.mistake("both the first and the second cell say something, be it %s", nothing))
	}
	if r.theirs == nothing && !strings.Contains(r.here, "(+)") {
		mistakes = append(mistakes, r.mistake("what .NET does not have is marked (+)"))
	}
	if len(r.tests) == 0 && r.gaps == "" {
		mistakes = append(mistakes, r.mistake("has no test, and no reason not to have one"))
	}
	if len(r.tests) > 0 && r.gaps != "" {
		mistakes = append(mistakes, r.mistake("has a test, and a reason not to have one: drop that, or make two rows of it"))
	}
	for _, match := range quoted.FindAllStringSubmatch(r.here, -1) {
		if !h.names[qualified(match[1])] {
			mistakes = append(mistakes, r.mistake("no exported name or example %s", match[1]))
		}
	}
	for _, match := range quoted.FindAllStringSubmatch(r.gaps, -1) {
		if h.names[qualified(match[1])] {
			mistakes = append(mistakes, r.mistake("%s is there: put it into the second cell, and its test into the third", match[1]))
		}
	}
	for _, test := range slices.Concat(r.tests, testName.FindAllString(r.gaps, -1)) {
		if !h.tests[qualified(test)] {
			mistakes = append(mistakes, r.mistake("no test or example %s", test))
		}
	}
	return mistakes
}

// qualified puts its package before a name that has none.
func qualified(name string) string {
	if ast.IsExported(name) {
		return "statefulclient." + name
	}
	return name
}

func writeParity(rows []parityRow) string {
	var lacking, tables strings.Builder
	section, without := "", 0
	for _, r := range rows {
		if r.section != section {
			section = r.section
			fmt.Fprintf(&tables, "\n## %s\n\n| .NET | Here | Shown by |\n|---|---|---|\n", section)
		}
		shown := r.gaps
		if len(r.tests) > 0 {
			shown = shownBy(r.tests)
		} else {
			without++
			fmt.Fprintf(&lacking, "- %s: %s\n", marked(r.name()), r.gaps)
		}
		fmt.Fprintf(&tables, "| %s | %s | %s |\n", r.theirs, marked(r.here), shown)
	}
	head := fmt.Sprintf("**%d rows: %d shown by a test or an example, %d by neither.**", len(rows), len(rows)-without, without)
	if without > 0 {
		head += " Those are:\n\n" + strings.TrimSuffix(lacking.String(), "\n")
	}
	return parityPreface + head + "\n" + parityLegend + tables.String()
}

func shownBy(tests []string) string {
	var shown []string
	for _, test := range tests {
		if within(test, "examples") && !strings.Contains(test, ".") {
			test = "go run ./" + test
		}
		shown = append(shown, "`"+test+"`")
	}
	return strings.Join(shown, ", ")
}

var exampleFolder = regexp.MustCompile("`(examples/[a-z0-9]+)`")

// marked sets in bold what .NET does not have, and links the examples.
func marked(cell string) string {
	return exampleFolder.ReplaceAllString(strings.ReplaceAll(cell, "(+)", "**(+)**"), "[$1]($1/main.go)")
}

// The checks of the table can fail.
func TestParityMistakesAreNamed(t *testing.T) {
	h := newHouse(t, map[string][]byte{
		"statefulclient/call.go": []byte("package statefulclient\n" +
			"type Call struct { Subject string; state int }\n" +
			"type Operation[T any] struct{}\n" +
			"type hidden struct { Shown bool }\n" +
			"func (c *Call) Mute() {}\n" +
			"func (o *Operation[T]) Wait() {}\n" +
			"func (h *hidden) Open() {}\n" +
			"func On() {}\n"),
		"statefulclient/call_test.go": []byte("package statefulclient\n\nfunc TestMute(t *testing.T) {}\n"),
		"auth/provider.go":            []byte("package auth\ntype Provider interface { Authenticate() }\nconst First, Second = 1, 2\n"),
		"auth/provider_test.go":       []byte("package auth\n\nfunc TestProvider(t *testing.T) {}\n"),
		"internal/order/order.go":     []byte("package order\nfunc Sort() {}\n"),
		"examples/p2p/main.go":        []byte("package main\n"),
	})
	const good = "# Calls\n\n// how it is\n" +
		"`Mute` | `Call.Mute`, `Call.Subject`, `Operation.Wait`, `On` | TestMute | \n" +
		"– | `auth.Provider.Authenticate`, `auth.Second`, `auth` (+) | auth.TestProvider TestMute | \n" +
		"P2P | `examples/p2p` | examples/p2p | \n" +
		"`Drain` | waits for live calls | | not there yet: `Client.Drain`\n"
	page, err := parityPage(good, h)
	require.NoError(t, err)
	require.Contains(t, page, "\n**4 rows: 3 shown by a test or an example, 1 by neither.** Those are:\n\n- `Drain`: not there yet: `Client.Drain`\n\n")
	require.Contains(t, page, "\n## Calls\n\n| .NET | Here | Shown by |\n|---|---|---|\n"+
		"| `Mute` | `Call.Mute`, `Call.Subject`, `Operation.Wait`, `On` | `TestMute` |\n"+
		"| – | `auth.Provider.Authenticate`, `auth.Second`, `auth` **(+)** | `auth.TestProvider`, `TestMute` |\n"+
		"| P2P | [examples/p2p](examples/p2p/main.go) | `go run ./examples/p2p` |\n"+
		"| `Drain` | waits for live calls | not there yet: `Client.Drain` |\n")

	for row, mistake := range map[string]string{
		"A | `Call.Transfer` | TestMute |":               "no exported name or example Call.Transfer",
		"A | `Call.state` | TestMute |":                  "no exported name or example Call.state",
		"A | `hidden.Shown`, `hidden.Open` | TestMute |": "no exported name or example hidden.Open",
		"A | `TestMute` | TestMute |":                    "no exported name or example TestMute",
		"A | `internal/order.Sort` | TestMute |":         "no exported name or example internal/order.Sort",
		"A | `examples/gone` | TestMute |":               "no exported name or example examples/gone",
		"A | a | TestUnmute |":                           "no test or example TestUnmute",
		"A | a | auth.TestMute |":                        "no test or example auth.TestMute",
		"A | a | examples/gone |":                        "no test or example examples/gone",
		"A | a | |":                                      "has no test, and no reason not to have one",
		"A | a | TestMute | nobody wrote one":            "has a test, and a reason not to have one",
		"A | a | | TestMute and auth.TestMute":           "no test or example auth.TestMute",
		"A | a | | not there yet: `Call.Mute`":           "Call.Mute is there",
		"`Mute` | muting | TestMute |":                   "is in line 4 already",
		"– | `auth.Provider` | TestMute |":               "what .NET does not have is marked (+)",
		"A | | TestMute |":                               "both the first and the second cell say something",
		"A | a | TestMute":                               "a row has four cells",
	} {
		_, err := parityPage(good+row+"\n", h)
		require.ErrorContains(t, err, mistake)
		require.ErrorContains(t, err, "testdata/parity.txt:8: "+strings.TrimSpace(strings.Split(strings.TrimPrefix(row, nothing+" | "), "|")[0]))
	}
	_, err = parityPage("A | a | TestUnmute |\n"+good+"B | `No` | TestMute |\nC | c | |\n", h)
	require.Len(t, strings.Split(err.Error(), "\n"), 3, "all mistakes are named together")
}
