package reduce_test

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/resources"
)

// rested is a state as it is once it has rested.
func rested(t require.TestingT, state *reduce.State) *reduce.State {
	if state.End != nil {
		return state
	}
	var cell reduce.Cell
	cell.Store(state)
	cell.Rest()
	require.True(t, cell.Resting())
	return cell.Load()
}

// forgotten is the same where nobody has held on to the facts meanwhile.
func forgotten(t require.TestingT, state *reduce.State) *reduce.State {
	if state.End != nil {
		return state
	}
	copied := *state
	copied.Call = resources.Detach(state.Call)
	var cell reduce.Cell
	cell.Store(&copied)
	cell.Rest()
	copied.Call = nil
	runtime.GC()
	return cell.Load()
}

// The whole specification holds for a call that has rested before each thing that
// is heard of it, also for requests that are under way meanwhile.
func TestScriptsHoldAcrossRests(t *testing.T) {
	datadriven.Walk(t, "testdata/scripts", func(t *testing.T, path string) {
		player := &player{t: t, reducer: reducer, state: reduce.New("c1"), marks: map[string]*reduce.State{}}
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			player.state = rested(t, player.state)
			return player.play(t, d)
		})
	})
}

// A call that rests, at any moments, tells the same and ends in the same state as
// one that never does, and nothing that can be read of it differs.
func TestRestsAreNotSeen(t *testing.T) {
	trace := slices.Concat(callTrace(t), orderedTrace(t), repeatingTrace(t), busyTrace(t))
	rapid.Check(t, func(t *rapid.T) {
		arrival := rapid.Permutation(trace).Draw(t, "arrival")
		if rapid.Bool().Draw(t, "ends") {
			arrival = append(arrival, rapid.SampledFrom(endings(t)).Draw(t, "ending"))
		}
		rest := rapid.IntRange(0, len(arrival)).Draw(t, "rest")
		never, state := reduce.New("c1"), reduce.New("c1")
		for at, input := range arrival {
			if at%4 == rest%4 || at == rest {
				state = forgotten(t, state)
				require.Equal(t, never.Call, state.Call)
			}
			want, got := reducer.Reduce(never, input), reducer.Reduce(state, input)
			require.Equal(t, told(t, never, want), told(t, state, got))
			never, state = want.State, got.State
		}
		require.Equal(t, everything(t, never), everything(t, state))
		require.Equal(t, snapshot(t, never), snapshot(t, state))
	})
}

func TestStatesRestUnlessAskedFor(t *testing.T) {
	state := last(t, busyTrace(t))
	var cell reduce.Cell
	cell.Rest()
	require.Nil(t, cell.Load())
	require.Nil(t, cell.Peek())
	require.False(t, cell.Resting())
	cell.Store(state)
	require.Same(t, state, cell.Load())
	cell.Rest()
	require.False(t, cell.Resting(), "it was asked for since")
	require.Same(t, state.Call, cell.Peek().Call)
	cell.Rest()
	require.True(t, cell.Resting())
	require.False(t, cell.Ended())
	require.Same(t, state.Call, cell.Peek().Call, "somebody still has it")
	require.True(t, cell.Resting(), "peeking wakes nothing")

	awake := cell.Load()
	require.False(t, cell.Resting())
	require.Same(t, awake, cell.Load())
	require.Same(t, state.Call, awake.Call)
	cell.Rest()
	cell.Rest()
	cell.Store(state)
	require.Same(t, state, cell.Load(), "what is heard replaces what rests")

	ended := reducer.Reduce(state, reduce.Gone{Cause: reduce.CauseLost}).State
	cell.Store(ended)
	cell.Rest()
	cell.Rest()
	require.False(t, cell.Resting(), "a call that is over is let go of anyway")
	require.True(t, cell.Ended())
}

func last(t require.TestingT, inputs []reduce.Input) *reduce.State {
	state := reduce.New("c1")
	for _, input := range inputs {
		state = reducer.Reduce(state, input).State
	}
	return state
}

// One writes, many read, and somebody puts to rest all the time: nothing that was
// written is lost, and nobody reads what is older than what they have read.
func TestNothingIsLostToRest(t *testing.T) {
	var cell reduce.Cell
	cell.Store(reduce.New("c1"))
	const steps = 2000
	var others sync.WaitGroup
	done := make(chan struct{})
	until := func(work func()) {
		others.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					work()
				}
			}
		})
	}
	until(cell.Rest)
	for range 2 {
		before := ""
		until(func() {
			read := cell.Load().Call.Subject
			if read < before {
				t.Errorf("%q was read after %q", read, before)
			}
			before = read
		})
	}
	for step := range steps {
		subject := fmt.Sprintf("%06d", step)
		before := cell.Load()
		outcome := reducer.Reduce(before, reduce.Replied{Call: &resources.Call{State: resources.CallStateEstablished, Subject: subject}})
		cell.Store(outcome.State)
		require.Equal(t, subject, cell.Load().Call.Subject)
		if step%8 == 0 {
			runtime.Gosched()
		}
	}
	close(done)
	others.Wait()
}
