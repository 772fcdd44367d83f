package main

import (
	"errors"
	"fmt"
	"io"
)

// table prints rows as they come, the "ratio:" lines at its end, and remembers
// what was missed.
type table struct {
	out    io.Writer
	ratios []string
	missed []error
}

const tableRow = "%-26s %-26s %-26s %10s %6s  %-8s %s\n"

func newTable(out io.Writer) *table {
	t := &table{out: out}
	t.print(tableRow, "FIGURE", "OURS", "PEER", "VALUE", "±", "WANTED", "")
	return t
}

func (t *table) row(f Figure, r Result, err error) {
	if err != nil {
		t.missed = append(t.missed, err)
		t.print(tableRow, f.Name, "", "", "", "", f.Wanted, "failed: "+err.Error())
		return
	}
	verdict := "ok"
	if f.Wanted == (Bound{}) {
		verdict = ""
	} else if !f.Wanted.Met(r.Value) {
		verdict = "MISSED"
		t.missed = append(t.missed, fmt.Errorf("%s is %s, wanted %s", f.Name, number(r.Value), f.Wanted))
	}
	spread := ""
	if r.Spread > 0 {
		spread = fmt.Sprintf("%.0f %%", 100*r.Spread)
	}
	t.print(tableRow, f.Name, r.Ours, r.Peer, number(r.Value), spread, f.Wanted, verdict)
	if r.Note != "" {
		t.print("    %s\n", r.Note)
	}
	t.ratios = append(t.ratios, fmt.Sprintf("ratio: %s %s", f.Name, number(r.Value)))
}

func (t *table) end() error {
	t.print("\n")
	for _, line := range t.ratios {
		t.print("%s\n", line)
	}
	return errors.Join(t.missed...)
}

func (t *table) print(format string, values ...any) {
	if _, err := fmt.Fprintf(t.out, format, values...); err != nil {
		t.missed = append(t.missed, fmt.Errorf("print the table: %w", err))
	}
}
