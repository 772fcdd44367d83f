package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// briefly is how tests measure.
func briefly() *Bench { return &Bench{Rounds: 2, Slice: time.Millisecond} }

func TestMeetingsAreFullAndChange(t *testing.T) {
	m, err := newMeetings(10)
	require.NoError(t, err)
	t.Cleanup(m.rig.close)
	require.Equal(t, 10*callPeople, m.people())
	muted := func() (count int) {
		for call := range m.rig.client.Calls().All() {
			for p := range call.Participants().All() {
				if p.Resource().IsMuted {
					count++
				}
			}
		}
		return count
	}
	require.Equal(t, 10*34, muted())
	before := m.rig.told.count.Load()
	require.NoError(t, m.change(soon(t), 10, 3)) // the first person of each call, who is muted
	require.Equal(t, 10*33, muted())
	require.Equal(t, before+10, m.rig.told.count.Load())
	require.NoError(t, m.change(soon(t), 10*callPeople, 10)) // everybody once more round
	require.NoError(t, m.rig.rest(soon(t)))
	require.Equal(t, before+10+10*callPeople, m.rig.told.count.Load())
}

func TestPeopleAreOfOneSizeAndDistinct(t *testing.T) {
	ids := map[string]bool{}
	for call := range 10 {
		for _, p := range peopleOf(call, callPeople) {
			ids[p.id()] = true
			require.InDelta(t, 850, len(p.text()), 50)
		}
	}
	require.Len(t, ids, 10*callPeople)
}

func TestMeasureChange(t *testing.T) {
	result, err := measureChange(briefly(), 10, 2)
	require.NoError(t, err)
	require.Positive(t, result.Value)
}

func TestResident(t *testing.T) {
	bytes, how, err := resident()
	require.NoError(t, err)
	require.NotEmpty(t, how)
	require.Greater(t, bytes, uint64(1<<20))
}
