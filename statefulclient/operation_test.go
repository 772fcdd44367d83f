package statefulclient_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

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

func TestCallerIsKnownAsFarAsThePlatformSays(t *testing.T) {
	r := newRig(t)
	incoming := newInbox[statefulclient.IncomingCall]()
	r.client.Calls().OnIncoming(incoming.put)
	adele := r.platform.AddPerson("Adele Vance")
	adele.Call(r.bot)
	call := incoming.next(r).Call
	require.Equal(t, adele.ID, call.Caller().User.ID)
	require.Equal(t, "Adele Vance", call.CallerName())
	for id, source := range map[string]string{"c1": ``, "c2": `,"source":{}`, "c3": `,"source":{"identity":{}}`} {
		r.tell(about("created", id, `{"state":"incoming"`+source+`}`))
		nameless, _ := r.client.Calls().Get(id)
		require.Equal(t, "unknown", nameless.CallerName())
		require.Nil(t, nameless.Caller().User)
	}
}

func TestJoinByMeetingIDOnThePlatform(t *testing.T) {
	r := newRig(t)
	adele := r.platform.AddPerson("Adele Vance")
	meeting := r.platform.AddMeeting(simulator.Meeting{Organizer: adele, JoinMeetingID: "234567890", Passcode: "hush"})
	adele.Join(meeting)
	call, err := r.client.Calls().Join(r.context(), statefulclient.JoinByMeetingID(adele.TenantID, " 234 567 890", "hush"))
	require.NoError(t, err)
	require.NoError(t, call.WaitForJoinState(r.context(), statefulclient.JoinStateIn))
	_, ok := call.Participants().Find(statefulclient.UserIdentity(adele.ID))
	require.True(t, ok)
	_, err = r.client.Calls().Join(r.context(), statefulclient.JoinByMeetingID(adele.TenantID, "234567890", "wrong"))
	require.Error(t, err)
	_, err = r.client.Calls().Join(r.context(), statefulclient.JoinByMeetingID(adele.TenantID, " ", ""))
	require.ErrorIs(t, err, statefulclient.ErrInvalid)
}

// What is over with the platform's reply returns how it came out, so that nobody
// takes a reply for success.
func TestActionsThatAreOverWithTheReplyReturnTheirOutcome(t *testing.T) {
	r, _ := newEchoRig(t, `{"id":"o1","status":"failed","resultInfo":{"code":400,"subcode":8506}}`)
	call := r.live("c1")
	r.tell(about("updated", "c1/participants", `[{"id":"a"}]`))
	r.settled()
	somebody, _ := call.Participants().Get("a")
	for name, err := range map[string]error{
		"recording status": call.UpdateRecordingStatus(r.context(), resources.RecordingStatusRecording),
		"mute":             call.Mute(r.context()),
		"unmute":           call.Unmute(r.context()),
		"mute another":     somebody.Mute(r.context()),
		"mute all":         call.Participants().MuteAll(r.context()),
		"subscribe":        call.SubscribeToTone(r.context()),
		"cancel":           call.CancelMediaProcessing(r.context()),
	} {
		var failed *statefulclient.OperationError
		require.ErrorAs(t, err, &failed, name)
		require.Equal(t, statefulclient.EndClassRejected, failed.Class())
		require.ErrorContains(t, err, "recording policy")
	}
	require.Empty(t, call.PendingOperations())
}

// A reply may leave running what is documented to be over with it.
func TestActionThatGoesOnAfterItsReplyIsWaitedFor(t *testing.T) {
	r, service := newEchoRig(t, `{"id":"o1","status":"running"}`)
	call := r.live("c1")
	done := make(chan error, 1)
	go func() { done <- call.UpdateRecordingStatus(r.context(), resources.RecordingStatusRecording) }()
	r.until(func(statefulclient.Stats) bool {
		pending := call.PendingOperations()
		return len(pending) == 1 && pending[0].ID == "o1"
	})
	require.Contains(t, service.last(), "/updateRecordingStatus")
	require.Empty(t, done)
	r.tell(about("deleted", "c1/operations/o1", `{"status":"failed","resultInfo":{"code":500,"subcode":9999}}`))
	require.ErrorAs(t, <-done, new(*statefulclient.OperationError))
}
