package statefulclient_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// What is here was found by the program in conformance/chaos.

// A reply spells out what a notification leaves away; neither changes what the
// other said.
func TestRefreshThatBringsNothingNewTellsNothing(t *testing.T) {
	r := newRig(t)
	meeting := r.platform.AddMeeting(simulator.Meeting{})
	r.platform.AddPerson("Adele Vance").Join(meeting)
	call := r.join(meeting)
	r.until(func(statefulclient.Stats) bool { return call.Participants().Len() == 2 })
	updates := newInbox[statefulclient.ParticipantUpdated]()
	statefulclient.On(call, updates.put)
	for range 2 {
		require.NoError(t, call.Refresh(r.context()))
		r.platform.Call(call.ID()).SendRoster()
		require.NoError(t, r.platform.WaitIdle(r.context()))
		r.settled()
	}
	require.Empty(t, updates)
}

func TestRefreshBringsTheNetDifferenceInOneStep(t *testing.T) {
	r := newRig(t)
	meeting := r.platform.AddMeeting(simulator.Meeting{})
	call := r.join(meeting)
	require.NoError(t, r.platform.WaitIdle(r.context()))
	r.settled()
	told, changes := newInbox[participantsEvent](), newInbox[statefulclient.StateChanged]()
	call.Participants().OnUpdated(told.put)
	told.next(r) // the present
	statefulclient.On(call, changes.put)
	changes.next(r)
	r.platform.DropEvery(func(*resources.Notification) bool { return true })
	for _, name := range []string{"Adele Vance", "Alex Wilber", "Diego Siciliani"} {
		person := r.platform.AddPerson(name)
		person.Join(meeting)
		if name == "Alex Wilber" {
			person.Leave()
		}
	}
	require.NoError(t, call.Refresh(r.context()))
	require.Equal(t, 3, call.Participants().Len(), "worked in when Refresh returns")
	event := told.next(r)
	require.Len(t, event.Added, 2)
	require.Empty(t, event.Removed)
	r.settled()
	require.Empty(t, told)
	require.Empty(t, changes)

	require.NoError(t, call.Refresh(r.context()))
	r.settled()
	require.Empty(t, told, "nothing is new")
}
