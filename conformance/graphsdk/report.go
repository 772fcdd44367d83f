package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// report is what came of it all.
type report struct {
	operations map[string]*outcome
	others     []*outcome // what is no operation, in order
	strange    []error    // where the client and the lists disagree
	statuses   int        // of operations, that the client could not read
}

// outcome is how one thing went, which may have been done in several ways.
type outcome struct {
	name  string
	times int
	wrong []error
}

func newReport() *report {
	r := &report{operations: map[string]*outcome{}}
	for _, o := range documented() {
		r.operations[o.String()] = &outcome{name: o.String()}
	}
	return r
}

func (o *outcome) passed() bool { return o.times > 0 && len(o.wrong) == 0 }

func (o *outcome) add(err error) {
	o.times++
	if err != nil {
		o.wrong = append(o.wrong, err)
	}
}

// other files what is no operation.
func (r *report) other(name string, err error) {
	at := slices.IndexFunc(r.others, func(o *outcome) bool { return o.name == name })
	if at < 0 {
		at = len(r.others)
		r.others = append(r.others, &outcome{name: name})
	}
	r.others[at].add(err)
}

// compare checks that the lists of operations on calls are those of the
// client: that it has none which nobody thought of.
func (r *report) compare(offered []operation) {
	listed := map[string]bool{}
	for _, o := range slices.Concat(documented(), undocumented()) {
		listed[o.String()] = strings.HasPrefix(o.path, calls)
	}
	for _, o := range offered {
		if !listed[o.String()] {
			r.strange = append(r.strange, fmt.Errorf("the client offers %s, which is on no list", o))
		}
		delete(listed, o.String())
	}
	for name, onCalls := range listed {
		if onCalls {
			r.strange = append(r.strange, fmt.Errorf("the client does not offer %s", name))
		}
	}
	for _, o := range notOffered() {
		if slices.ContainsFunc(offered, func(other operation) bool { return other.String() == o.String() }) {
			r.strange = append(r.strange, fmt.Errorf("the client does offer %s", o))
		}
	}
}

// text is the report, with an error when anything is wrong.
func (r *report) text() (string, error) {
	w := &strings.Builder{}
	fmt.Fprintf(w, "Microsoft's client for Go, msgraph-sdk-go v%s, on the simulator\n\n", sdkVersion)
	passed := 0
	for _, o := range documented() {
		if line(w, r.operations[o.String()], o.page) {
			passed++
		}
	}
	fmt.Fprintln(w)
	failed := 0
	for _, o := range r.others {
		if !line(w, o, "") {
			failed++
		}
	}
	fmt.Fprintf(w, "\ndocumented operations offered: %d, passed: %d\n", len(documented()), passed)
	fmt.Fprintf(w, "other things tried: %d, passed: %d\n", len(r.others), len(r.others)-failed)
	fmt.Fprintf(w, "documented operations on calls it does not offer: %d\n", len(notOffered()))
	for _, o := range notOffered() {
		fmt.Fprintf(w, "      %s  %s: %s\n", o, o.page, o.why)
	}
	fmt.Fprintf(w, "operations on calls it offers that have no page, and were not tried: %d\n", len(undocumented()))
	fmt.Fprintf(w, "replies and notifications whose status the client does not know in lower case, checked in their text: %d\n", r.statuses)
	for _, err := range r.strange {
		fmt.Fprintln(w, "FAIL ", err)
	}
	if passed < len(documented()) || failed > 0 || len(r.strange) > 0 {
		return w.String(), errors.New("not everything went as documented")
	}
	return w.String(), nil
}

// line writes how one thing went.
func line(w *strings.Builder, o *outcome, page string) bool {
	verdict, times := "ok", ""
	if !o.passed() {
		verdict = "FAIL"
	}
	if o.times > 1 {
		times = fmt.Sprintf("  in %d ways", o.times)
	}
	fmt.Fprintln(w, strings.TrimRight(fmt.Sprintf("%-5s %-68s %s%s", verdict, o.name, page, times), " "))
	if o.times == 0 {
		fmt.Fprintln(w, "        never tried: what comes before it failed")
	}
	for _, err := range o.wrong {
		fmt.Fprintln(w, "        "+strings.ReplaceAll(err.Error(), "\n", "\n        "))
	}
	return o.passed()
}
