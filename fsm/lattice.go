package fsm

import (
	"context"
	"errors"
	"slices"

	"github.com/looplab/fsm"

	"github.com/graphcalls/graphcalls-go/resources"
)

// Kind says what a report of a state means for a call in another.
type Kind int

// The kinds of move.
const (
	// Same is a report of the state the call is in already.
	Same Kind = iota
	// Forward is an edge: the call goes on to the reported state.
	Forward
	// Backward is a report that came late, of a state the call has left.
	Backward
	// Unknown is a report of a state this package has no rule for. The call
	// stays where it is.
	Unknown
)

// Move is the lattice's answer to one report.
type Move struct {
	Kind Kind
	// Skipped are the states of the ordinary course, establishing and
	// established, that lie between and were never reported.
	Skipped []resources.CallState
}

// Lattice says which call state may follow which. It holds no call's state, so
// one serves all calls; it is safe for concurrent use.
type Lattice struct {
	moves map[edge]Move
}

type edge struct{ from, to resources.CallState }

// NewLattice works out the lattice from the table of steps.
func NewLattice() *Lattice {
	l := &Lattice{moves: map[edge]Move{}}
	for _, from := range states() {
		reachable := reachableFrom(from)
		for _, to := range states() {
			switch {
			case from == to:
				l.moves[edge{from, to}] = Move{Kind: Same}
			case reachable[to]:
				l.moves[edge{from, to}] = Move{Forward, skippedBetween(from, to)}
			default:
				l.moves[edge{from, to}] = Move{Kind: Backward}
			}
		}
	}
	return l
}

// Move says what it means when a call in state from is reported to be in state
// to. Skipping ahead is allowed, since the platform leaves out states; going
// back never is. A call about which nothing is known yet, from "", may be in
// any state.
func (l *Lattice) Move(from, to resources.CallState) Move {
	if move, known := l.moves[edge{from, to}]; known {
		return move
	}
	if from == "" && resources.Known(to) {
		return Move{Forward, skippedBetween(from, to)}
	}
	return Move{Kind: Unknown}
}

// Band ranks a state: of two reports about one call, the one with the higher
// band was made later. Within the live band nothing is known of the order. An
// unknown state ranks lowest.
func Band(state resources.CallState) int {
	switch state {
	case resources.CallStateIncoming:
		return 1
	case resources.CallStateEstablishing:
		return 2
	case resources.CallStateRinging:
		return 3
	case resources.CallStateEstablished, resources.CallStateHold, resources.CallStateTransferring,
		resources.CallStateTransferAccepted, resources.CallStateRedirecting:
		return 4
	case resources.CallStateTerminating:
		return 5
	case resources.CallStateTerminated:
		return 6
	default:
		return 0
	}
}

func skippedBetween(from, to resources.CallState) []resources.CallState {
	var skipped []resources.CallState
	for _, ordinary := range []resources.CallState{resources.CallStateEstablishing, resources.CallStateEstablished} {
		if Band(from) < Band(ordinary) && Band(ordinary) < Band(to) {
			skipped = append(skipped, ordinary)
		}
	}
	return skipped
}

// reachableFrom walks the table: skipping ahead is taking several steps at
// once, so what can be reached by steps can be reached by a skip.
func reachableFrom(start resources.CallState) map[resources.CallState]bool {
	reached := map[resources.CallState]bool{}
	for frontier := []resources.CallState{start}; len(frontier) > 0; {
		from := frontier[0]
		frontier = frontier[1:]
		for _, s := range steps() {
			to, ok := take(from, s.Name)
			if ok && !reached[to] {
				reached[to] = true
				frontier = append(frontier, to)
			}
		}
	}
	return reached
}

// take fires one step on a machine made for it alone. The library's machine
// jams for ever when an event's context is cancelled or a callback panics, and
// its callbacks race; so it gets neither, and nobody shares it. An event that
// leaves the state as it is comes back as an error, which it is not.
func take(from resources.CallState, step string) (resources.CallState, bool) {
	machine := fsm.NewFSM(string(from), steps(), nil)
	err := machine.Event(context.Background(), step)
	var unchanged fsm.NoTransitionError
	if err != nil && !errors.As(err, &unchanged) {
		return from, false
	}
	return resources.CallState(machine.Current()), true
}

func states() []resources.CallState { return resources.Values[resources.CallState]() }

func names(states ...resources.CallState) []string {
	var out []string
	for _, s := range states {
		out = append(out, string(s))
	}
	return slices.Clip(out)
}
