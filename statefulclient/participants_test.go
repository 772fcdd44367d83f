package statefulclient_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// quietMeeting is a call that has joined a meeting with one person, and of
// which all has been told.
func (r *rig) quietMeeting(person *simulator.Person) (*simulator.Meeting, *statefulclient.Call) {
	r.t.Helper()
	meeting := r.platform.AddMeeting(simulator.Meeting{Organizer: person})
	person.Join(meeting)
	call := r.join(meeting)
	require.NoError(r.t, r.platform.WaitIdle(r.context()))
	r.settled()
	require.Equal(r.t, 2, call.Participants().Len())
	return meeting, call
}

func TestRosterIsRefreshedAlone(t *testing.T) {
	r := newRig(t)
	adele, alex := r.platform.AddPerson("Adele Vance"), r.platform.AddPerson("Alex Wilber")
	meeting, call := r.quietMeeting(adele)
	people, changes := newInbox[participantsEvent](), newInbox[statefulclient.ResourceEvent[resources.Call]]()
	call.Participants().OnUpdated(people.put)
	call.OnUpdated(changes.put)
	require.True(t, people.next(r).Initial)
	require.True(t, changes.next(r).Initial)
	r.platform.DropEvery(func(*resources.Notification) bool { return true })
	alex.Join(meeting)
	adele.Leave()
	require.NoError(t, r.platform.WaitIdle(r.context()))
	before := len(r.platform.Exchanges())

	require.NoError(t, call.Participants().Refresh(r.context()))
	require.Equal(t, 2, call.Participants().Len(), "worked in when Refresh returns")
	require.Equal(t, statefulclient.RosterSnapshot, call.Participants().Trust())
	event := people.next(r)
	require.Equal(t, statefulclient.CauseResync, event.Cause)
	require.Equal(t, "Alex Wilber", event.Added[0].DisplayName())
	require.Equal(t, "Adele Vance", event.Removed[0].DisplayName())
	r.settled()
	require.Empty(t, people)
	require.Empty(t, changes)
	asked := r.platform.Exchanges()[before:]
	require.Len(t, asked, 1, "of the call itself nothing is asked")
	require.Equal(t, http.MethodGet, asked[0].Method)
	require.True(t, strings.HasSuffix(asked[0].URL, "/communications/calls/"+call.ID()+"/participants"), asked[0].URL)
}

func TestParticipantIsFollowedAlone(t *testing.T) {
	r := newRig(t)
	adele, alex := r.platform.AddPerson("Adele Vance"), r.platform.AddPerson("Alex Wilber")
	meeting, call := r.quietMeeting(adele)
	alex.Join(meeting)
	require.NoError(t, r.platform.WaitIdle(r.context()))
	r.settled()
	person, listed := call.Participants().Get(adele.ParticipantID())
	require.True(t, listed)
	require.False(t, person.IsMe())
	told := newInbox[statefulclient.ResourceEvent[resources.Participant]]()
	subscription := person.OnUpdated(told.put)
	person.OnUpdated(nil)

	alex.Mute()
	adele.Mute()
	event := told.next(r)
	require.Equal(t, adele.ParticipantID(), event.New.ID)
	require.False(t, event.Old.IsMuted)
	require.True(t, event.New.IsMuted)
	require.Equal(t, statefulclient.CauseNotification, event.Cause)
	require.False(t, event.Initial, "that they are there is no change")
	require.False(t, person.Resource().IsMuted, "a participant stays as it was told of")
	now, _ := call.Participants().Get(person.ID())
	require.True(t, now.Resource().IsMuted)

	subscription.Cancel()
	adele.Unmute()
	alex.Unmute()
	require.NoError(t, r.platform.WaitIdle(r.context()))
	r.settled()
	require.Empty(t, told)
}

// A participant rests packed until somebody reads it; whoever does gets the same.
func TestParticipantIsUnpackedOnce(t *testing.T) {
	r := newRig(t)
	call := r.live("c1")
	updates := newInbox[statefulclient.ParticipantUpdated]()
	statefulclient.On(call, updates.put)
	r.tell(about("updated", "c1/participants", `[{"id":"a","isMuted":false}]`), about("updated", "c1/participants", `[{"id":"a","isMuted":true}]`))
	told := updates.next(r)
	require.Same(t, told.New, told.Participant.Resource())

	person, listed := call.Participants().Get("a")
	require.True(t, listed)
	read := make(chan *resources.Participant)
	for range 4 {
		go func() { read <- person.Resource() }()
	}
	for range 4 {
		require.Same(t, person.Resource(), <-read)
	}
	require.True(t, resources.Equal(told.New, person.Resource()))
}
