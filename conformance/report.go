package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
)

// report is what became of all examples.
type report struct{ rows []row }

// failed reports whether a row that counts is not ok.
func (r *report) failed() bool {
	return slices.ContainsFunc(r.rows, func(line row) bool { return line.outcome == notOK && line.page.counts() })
}

// text is the report: a line for each example, and the counts.
func (r *report) text() string {
	var out strings.Builder
	fmt.Fprintln(&out, "page | example | kind | ok, or why not")
	for _, line := range r.rows {
		fmt.Fprintf(&out, "%s/%s | %s | %s | %s\n", line.page.edition, line.page.name, line.example.file, line.example.kind, line.verdict())
	}
	fmt.Fprintln(&out)
	out.WriteString(r.counts())
	return out.String()
}

// tally is a line of the counts.
type tally struct {
	edition string
	kind    kind
	counts  map[outcome]int
}

func (r *report) tallies() []tally {
	var lines []tally
	for _, line := range r.rows {
		is := func(t tally) bool { return t.edition == line.page.edition && t.kind == line.example.kind }
		at := slices.IndexFunc(lines, is)
		if at < 0 {
			at = len(lines)
			lines = append(lines, tally{line.page.edition, line.example.kind, map[outcome]int{}})
		}
		lines[at].counts[line.outcome]++
	}
	slices.SortStableFunc(lines, func(a, b tally) int {
		return cmp.Or(strings.Compare(a.edition, b.edition), slices.Index(kinds(), a.kind)-slices.Index(kinds(), b.kind))
	})
	return lines
}

// counts is a table by edition and kind.
func (r *report) counts() string {
	var cells, out strings.Builder
	fmt.Fprint(&cells, "edition\tkind")
	for _, o := range outcomes() {
		fmt.Fprint(&cells, "\t", o)
	}
	total := map[outcome]int{}
	for _, line := range r.tallies() {
		fmt.Fprintf(&cells, "\n%s\t%s", line.edition, line.kind)
		for _, o := range outcomes() {
			fmt.Fprintf(&cells, "\t%d", line.counts[o])
			total[o] += line.counts[o]
		}
	}
	fmt.Fprint(&cells, "\nall\t")
	for _, o := range outcomes() {
		fmt.Fprintf(&cells, "\t%d", total[o])
	}
	fmt.Fprintln(&cells)
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	_, _ = table.Write([]byte(cells.String())) // a Builder takes everything
	_ = table.Flush()
	return out.String()
}
