package fsm_test

import (
	"context"
	"flag"
	"os"
	"testing"

	"github.com/looplab/fsm"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	rules "github.com/graphcalls/graphcalls-go/fsm"
	"github.com/graphcalls/graphcalls-go/resources"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestMovesFollowTheBands(t *testing.T) {
	lattice := rules.NewLattice()
	for _, from := range resources.Values[resources.CallState]() {
		for _, to := range resources.Values[resources.CallState]() {
			want := rules.Backward
			switch live := rules.Band(resources.CallStateEstablished); {
			case from == to:
				want = rules.Same
			case rules.Band(to) > rules.Band(from), rules.Band(from) == live && rules.Band(to) == live:
				want = rules.Forward
			}
			require.Equal(t, want, lattice.Move(from, to).Kind, "%s → %s", from, to)
		}
	}
}

func TestTerminatedIsFinal(t *testing.T) {
	for _, to := range resources.Values[resources.CallState]() {
		require.NotEqual(t, rules.Forward, rules.NewLattice().Move(resources.CallStateTerminated, to).Kind)
	}
}

func TestSkippedStatesAreNamed(t *testing.T) {
	move := rules.NewLattice().Move(resources.CallStateEstablishing, resources.CallStateTerminated)
	require.Equal(t, rules.Move{Kind: rules.Forward, Skipped: []resources.CallState{resources.CallStateEstablished}}, move)
	move = rules.NewLattice().Move("", resources.CallStateEstablished)
	require.Equal(t, []resources.CallState{resources.CallStateEstablishing}, move.Skipped)
	require.Empty(t, rules.NewLattice().Move(resources.CallStateEstablishing, resources.CallStateEstablished).Skipped)
}

func TestUnknownStateMovesNothing(t *testing.T) {
	require.Equal(t, rules.Unknown, rules.NewLattice().Move(resources.CallStateEstablished, "levitating").Kind)
	require.Equal(t, rules.Unknown, rules.NewLattice().Move("", "levitating").Kind)
}

func TestSameStateIsNotAnError(t *testing.T) {
	lattice := rules.NewLattice()
	for _, state := range resources.Values[resources.CallState]() {
		require.Equal(t, rules.Same, lattice.Move(state, state).Kind)
	}
}

// TestFSMCancelledContext shows the trap, so that a version of the library
// without it is noticed, and that the lattice is out of its reach.
func TestFSMCancelledContext(t *testing.T) {
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	machine := fsm.NewFSM("a", fsm.Events{{Name: "go", Src: []string{"a"}, Dst: "b"}}, nil)
	require.Error(t, machine.Event(cancelled, "go"))
	require.ErrorAs(t, machine.Event(t.Context(), "go"), &fsm.InTransitionError{}, "the library no longer jams")

	lattice := rules.NewLattice()
	for range 2 {
		require.Equal(t, rules.Forward, lattice.Move(resources.CallStateEstablishing, resources.CallStateEstablished).Kind)
	}
}

func TestPictureIsUpToDate(t *testing.T) {
	picture, err := rules.Mermaid()
	require.NoError(t, err)
	if *update {
		require.NoError(t, os.WriteFile("testdata/call.mermaid", []byte(picture), 0o600))
	}
	golden, err := os.ReadFile("testdata/call.mermaid")
	require.NoError(t, err)
	require.Equal(t, string(golden), picture, "go test ./fsm -update redraws it")
}
