package statefulclient_test

import (
	"context"
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

func TestParticipantsAreFoundByWhoTheyAre(t *testing.T) {
	r := newRig(t)
	call := r.live("c1")
	r.tell(about("updated", "c1/participants", `[
		{"id":"p1","info":{"identity":{"user":{"id":"2F0A1B3C-0000-4000-8000-00000000AAAA","displayName":"Adele"}}}},
		{"id":"p2","isInLobby":true,"info":{"identity":{"user":{"id":"alex"}}}},
		{"id":"p3","info":{"identity":{"user":{"id":"alex"}}}},
		{"id":"p4","isInLobby":true,"info":{"identity":{"guest":{"id":"visitor"}}}},
		{"id":"p5","info":{"identity":{"application":{"id":"bot"},"guest":{"id":"bot-as-guest","displayName":"Scribe"}}}},
		{"id":"p6","info":{"identity":{"phone":{"id":"+14255550123"}}}},
		{"id":"p7","info":{}},{"id":"p8"},{"id":"p9","info":{"identity":{"user":{"displayName":"Nobody knows"}}}}]`))
	r.settled()
	people := call.Participants()
	for id, who := range map[string]resources.IdentitySet{
		"p1": statefulclient.UserIdentity("2f0a1b3c-0000-4000-8000-00000000aaaa"),
		"p3": statefulclient.UserIdentity("alex"), // and not where they wait in the lobby
		"p4": statefulclient.GuestIdentity("visitor", "any name"),
		"p5": statefulclient.ApplicationIdentity("bot"),
		"p6": statefulclient.PhoneIdentity("+14255550123"),
	} {
		found, ok := people.Find(who)
		require.True(t, ok, id)
		require.Equal(t, id, found.ID())
	}
	for name, who := range map[string]resources.IdentitySet{
		"nobody":           {},
		"no id":            statefulclient.UserIdentity(""),
		"not there":        statefulclient.UserIdentity("megan"),
		"of another kind":  statefulclient.GuestIdentity("alex", ""),
		"an id in another": statefulclient.UserIdentity("bot"),
	} {
		found, ok := people.Find(who)
		require.False(t, ok, name)
		require.Nil(t, found, name)
	}

	for id, want := range map[string][2]string{"p1": {"user", "Adele"}, "p5": {"guest", "Scribe"}, "p7": {}, "p8": {}} {
		p, _ := people.Get(id)
		require.Equal(t, want, [2]string{p.Kind(), p.Identity().DisplayName}, id)
	}
}

func TestParticipantsAreWaitedFor(t *testing.T) {
	r := newRig(t)
	adele, alex := r.platform.AddPerson("Adele Vance"), r.platform.AddPerson("Alex Wilber")
	meeting, call := r.quietMeeting(adele)
	here := func(identity resources.IdentitySet) func(*statefulclient.Participants) bool {
		return func(people *statefulclient.Participants) bool {
			_, there := people.Find(identity)
			return there
		}
	}
	require.NoError(t, call.Participants().WaitFor(r.context(), here(statefulclient.UserIdentity(adele.ID))), "they are there already")
	waits := make(chan error, 2)
	for range 2 {
		go func() { waits <- call.Participants().WaitFor(r.context(), here(statefulclient.UserIdentity(alex.ID))) }()
	}
	alex.Join(meeting)
	require.NoError(t, <-waits)
	require.NoError(t, <-waits)

	left := make(chan error, 1)
	statefulclient.On(call, func(ctx context.Context, _ statefulclient.ToneReceived) { // a handler of the same call
		alex.Leave()
		left <- call.Participants().WaitFor(ctx, func(people *statefulclient.Participants) bool { return people.Len() == 2 })
	})
	r.platform.Call(call.ID()).PressKey(resources.Tone1)
	require.NoError(t, <-left)

	impatient, cancel := context.WithCancel(t.Context())
	cancel()
	never := func(*statefulclient.Participants) bool { return false }
	require.ErrorIs(t, call.Participants().WaitFor(impatient, never), context.Canceled)
	require.ErrorIs(t, call.Participants().WaitFor(r.context(), nil), statefulclient.ErrInvalid)
	over := make(chan error, 1)
	go func() { over <- call.Participants().WaitFor(call.Context(), never) }()
	meeting.End()
	var end *statefulclient.EndedError
	require.ErrorAs(t, <-over, &end)
	require.ErrorAs(t, call.Participants().WaitFor(r.context(), never), &end, "and later")
}
