package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// outcome is how a storm ended.
type outcome struct {
	seed   uint64
	again  string // the arguments to see it again
	took   time.Duration
	calls  int
	kills  int
	faults map[string]int

	// At rest, with calls alive.
	wrongStates  []string
	wrongRosters []string
	pending      []string
	// Over the whole of each call.
	lost      []string
	doubled   []string
	forgotten int // calls that a killed process took with it; see owed
	unmatched int // calls that only OnUnmatched was told of to the end; see leftOver
	retold    int // ends told again, and marked so

	// Of the traces that were played again.
	played   int // lines
	replayed []string

	stats   statefulclient.Stats // when all calls had ended
	slowest time.Duration        // save of a call
	records int
	leaks   string
	crashes []string
}

func (o *outcome) differs() int { return len(o.wrongStates) + len(o.wrongRosters) + len(o.pending) }

// entries counts what a client without calls should hold nothing of.
func (o *outcome) entries() int {
	s := o.stats
	return s.Calls + s.Parked + s.InboxBacklog + s.HandlerBacklog + s.InDoubt + s.Unsaved + s.Scheduled + s.Goroutines
}

func (o *outcome) goroutines() int { return strings.Count(o.leaks, "Goroutine ") }

type row struct {
	name  string
	value func(*outcome) int
	bad   bool // unless 0
}

func rows() []row {
	fault := func(kind string) func(*outcome) int { return func(o *outcome) int { return o.faults[kind] } }
	return []row{
		{"calls", func(o *outcome) int { return o.calls }, false},
		{"kill -9", func(o *outcome) int { return o.kills }, false},
		{"notifications dropped", fault("dropped"), false},
		{"  given up by the platform", fault("undelivered"), false},
		{"  doubled, same id", fault("doubled"), false},
		{"  doubled, new id", fault("doubled as new"), false},
		{"  batches", fault("batched"), false},
		{"calls held back", fault("held"), false},
		{"spells of shuffling", fault("shuffling spells"), false},
		{"spells of notifying before the reply", fault("early"), false},
		{"requests answered 5xx", fault("5xx"), false},
		{"  429", fault("429"), false},
		{"  401", fault("401"), false},
		{"  not at all", fault("cut"), false},
		{"tokens granted", fault("tokens"), false},
		{"  refused", fault("token refused"), false},
		{"keys rotated", fault("key rotated"), false},
		{"  refused", fault("keys refused"), false},
		{"ends told again after a restart, marked", func(o *outcome) int { return o.retold }, false},
		{"calls forgotten in a killed process's last moments", func(o *outcome) int { return o.forgotten }, false},
		{"calls over before the client could know them, told to OnUnmatched", func(o *outcome) int { return o.unmatched }, false},
		{"lines of traces replayed", func(o *outcome) int { return o.played }, false},
		{"replays that differ", func(o *outcome) int { return len(o.replayed) }, true},
		{"lost edges", func(o *outcome) int { return len(o.lost) + len(o.wrongStates) }, true},
		{"doubled edges", func(o *outcome) int { return len(o.doubled) }, true},
		{"wrong rosters", func(o *outcome) int { return len(o.wrongRosters) }, true},
		{"operations left pending", func(o *outcome) int { return len(o.pending) }, true},
		{"leaked goroutines", (*outcome).goroutines, true},
		{"leaked entries", (*outcome).entries, true},
		{"records left in the store", func(o *outcome) int { return o.records }, true},
		{"crashes", func(o *outcome) int { return len(o.crashes) }, true},
	}
}

func (o *outcome) failed() bool {
	for _, r := range rows() {
		if r.bad && r.value(o) != 0 {
			return true
		}
	}
	return false
}

// describe tells what is wrong, one line for each, and how to see it again.
func (o *outcome) describe(out io.Writer) {
	for _, list := range [][]string{o.wrongStates, o.wrongRosters, o.pending, o.lost, o.doubled, o.crashes, o.replayed} {
		for _, text := range list {
			_, _ = fmt.Fprintf(out, "seed %d: %s\n", o.seed, text)
		}
	}
	if o.entries() > 0 {
		_, _ = fmt.Fprintf(out, "seed %d: left in the client: %+v\n", o.seed, o.stats)
	}
	if o.leaks != "" {
		_, _ = fmt.Fprintf(out, "seed %d: %s\n", o.seed, o.leaks)
	}
	if o.failed() {
		_, _ = fmt.Fprintf(out, "seed %d failed: go run ./conformance/chaos %s\n", o.seed, o.again)
	}
}

// writeTable writes one column for each seed.
func writeTable(out io.Writer, outcomes []*outcome) {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	write := func(name string, value func(*outcome) string) {
		cells := []string{name}
		for _, o := range outcomes {
			cells = append(cells, value(o))
		}
		_, _ = fmt.Fprintln(table, strings.Join(cells, "\t")+"\t")
	}
	write("seed", func(o *outcome) string { return strconv.FormatUint(o.seed, 10) })
	for _, r := range rows() {
		write(r.name, func(o *outcome) string { return strconv.Itoa(r.value(o)) })
	}
	write("slowest save, ms", func(o *outcome) string { return strconv.Itoa(int(o.slowest.Milliseconds())) })
	write("seconds", func(o *outcome) string { return strconv.Itoa(int(o.took.Seconds())) })
	_ = table.Flush()
}
