package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"
)

// fleet is a bot of many calls.
type fleet struct {
	calls, people, instances, tenants float64
	notifications                     float64 // of a call, from its beginning to its end
	length, keepAlive, sweep, lease   time.Duration
}

// What is given: by Microsoft Graph's documentation, by defaults, by package cluster.
const (
	graphWindow      = 15 * time.Second
	graphInWindow    = 50_000 // requests of an application in a tenant
	callsOfInstance  = 100_000
	partitions       = 1024
	partitionsEach   = 10 // for calls to be spread evenly
	memoryOfInstance = 4 << 30
	storage          = 200 << 30
	takeOverWithin   = 3 * time.Second
	memoryOfNATS     = 8 << 30
	rewritten        = 2 // how many times its records a bucket takes on disk
	idBytes          = 200
	idsKept          = 5 * time.Minute
)

// need is one thing a fleet needs, and how much there is.
type need struct {
	what      string
	is, limit float64
	unit      string
}

// share is how much is needed, of what there is.
func (n need) share() float64 { return n.is / n.limit }

// needs lists what the fleet needs.
func (f fleet) needs(m figures) []need {
	each := f.calls / f.instances
	born := f.calls / f.length.Seconds()
	notifications := born * f.notifications
	// To answer and to hang up, to be kept alive, and to be looked at now and then, the
	// call and its roster.
	requests := born*2 + f.calls/f.keepAlive.Seconds() + 2*f.calls/f.sweep.Seconds()
	// All who are left write the records of one that is gone, into one bucket.
	takeOver := each / min(m.takenOver*max(1, f.instances-1), m.writes)
	return []need{
		{"requests to Graph, of one tenant", requests / f.tenants, graphInWindow / graphWindow.Seconds(), "/s"},
		{"notifications, at each instance", notifications / f.instances, m.notifications, "/s"},
		{"notifications, into the queue", notifications, m.writes, "/s"},
		{"records, into their bucket", notifications, m.writes, "/s"},
		{"calls of an instance (Limits.Calls)", each, callsOfInstance, ""},
		{"memory of an instance", each * (m.callBytes + f.people*m.personBytes) / (1 << 20), memoryOfInstance / (1 << 20), "MiB"},
		{"records on disk, at each server", f.calls * (m.recordBytes + f.people*m.recordPersonBytes) * rewritten / (1 << 30), storage / (1 << 30), "GiB"},
		{"message ids, in memory of each server", notifications * idsKept.Seconds() * idBytes / (1 << 20), memoryOfNATS / (1 << 20), "MiB"},
		{"instances, of 1,024 partitions", f.instances, partitions / partitionsEach, ""},
		{"take-over, from the kill", f.lease.Seconds() + takeOver, takeOverWithin.Seconds(), "s"},
	}
}

// most is how many calls there can be before something ends, and what that is; the
// fleet is otherwise the same.
func (f fleet) most(m figures) (calls float64, what string) {
	low, high := 1.0, 1e12
	for range 100 {
		f.calls = (low + high) / 2
		if first := f.first(m); first.share() > 1 {
			high, what = f.calls, first.what
		} else {
			low = f.calls
		}
	}
	return low, what
}

// first is what the fleet needs most of, of what there is.
func (f fleet) first(m figures) need {
	return slices.MaxFunc(f.needs(m), func(a, b need) int { return cmp.Compare(a.share(), b.share()) })
}

func (f fleet) write(out io.Writer, m figures) {
	_, _ = fmt.Fprintf(out, "%.0f calls of %v with %.0f people and %.0f notifications, at %.0f instances:\n\n", f.calls, f.length, f.people, f.notifications, f.instances)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, n := range f.needs(m) {
		mark := ""
		if n.share() > 1 {
			mark = "  too much"
		}
		_, _ = fmt.Fprintf(table, "  %s\t%s of %s %s\t%.0f %%%s\n", n.what, number(n.is), number(n.limit), n.unit, 100*n.share(), mark)
	}
	_ = table.Flush()
	_, _ = fmt.Fprintln(out, "\nWhat ends first, and at how many calls:")
	_, _ = fmt.Fprintln(out)
	table = tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, instances := range []float64{3, 10, 30, 100} {
		f.instances = instances
		calls, what := f.most(m)
		_, _ = fmt.Fprintf(table, "%.0f instances\t%.0f calls\t %s\n", instances, calls, what)
	}
	_ = table.Flush()
}

// number has two digits behind the point where it is small.
func number(n float64) string {
	if n < 100 {
		return fmt.Sprintf("%.2f", n)
	}
	return fmt.Sprintf("%.0f", n)
}
