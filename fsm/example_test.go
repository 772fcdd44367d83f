package fsm_test

import (
	"fmt"

	"github.com/graphcalls/graphcalls-go/fsm"
	"github.com/graphcalls/graphcalls-go/resources"
)

// Notifications that come late, twice or with gaps are told apart by the state
// they report.
func ExampleLattice_Move() {
	lattice := fsm.NewLattice()
	state := resources.CallStateEstablishing
	for _, reported := range []resources.CallState{
		resources.CallStateEstablished, resources.CallStateEstablishing, resources.CallStateEstablished, resources.CallStateTerminated,
	} {
		switch lattice.Move(state, reported).Kind {
		case fsm.Forward:
			fmt.Println("the call goes on to", reported)
			state = reported
		case fsm.Same:
			fmt.Println("told again:", reported)
		case fsm.Backward:
			fmt.Println("too late:", reported)
		case fsm.Unknown:
			fmt.Println("no rule for", reported)
		}
	}
	// Output:
	// the call goes on to established
	// too late: establishing
	// told again: established
	// the call goes on to terminated
}

// States that the platform left out are known all the same.
func ExampleMove() {
	move := fsm.NewLattice().Move(resources.CallStateIncoming, resources.CallStateTerminated)
	fmt.Println(move.Kind == fsm.Forward, move.Skipped)
	// Output: true [establishing established]
}
