package statefulclient_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

func TestPlaceCallFollowItAndHangUp(t *testing.T) {
	r := newRig(t)
	calls := newInbox[statefulclient.CollectionEvent[*statefulclient.Call]]()
	r.client.Calls().OnUpdated(calls.put)
	adele := r.platform.AddPerson("Adele Vance")
	call := r.call(adele)
	added := calls.next(r)
	require.Equal(t, []*statefulclient.Call{call}, added.Added)
	known, ok := r.client.Calls().Get(call.ID())
	require.True(t, ok)
	require.Same(t, call, known)

	require.NoError(t, call.Hangup(r.context()))
	reason := ended(r.context(), t, call)
	require.Equal(t, statefulclient.EndReported, reason.Cause)
	require.EqualValues(t, 200, reason.Code)
	calls.until(r, func(e statefulclient.CollectionEvent[*statefulclient.Call]) bool { return len(e.Removed) == 1 })
	require.Zero(t, r.client.Calls().Len())
	require.Equal(t, resources.CallStateTerminated, call.State())
	require.NoError(t, call.Hangup(r.context()), "hanging up twice is no error")
}

func TestAnswerIncomingCall(t *testing.T) {
	r := newRig(t)
	r.client.Calls().OnIncoming(func(ctx context.Context, e statefulclient.IncomingCall) {
		deadline, ok := ctx.Deadline()
		require.True(t, ok)
		require.Equal(t, e.Deadline, deadline)
		require.NoError(t, e.Call.Answer(ctx, statefulclient.AnswerOptions{}))
		require.NoError(t, e.Call.WaitFor(ctx, resources.CallStateEstablished))
	})
	edges := newInbox[statefulclient.StateChanged]()
	statefulclient.On(r.client.Calls(), edges.put)
	incoming := r.platform.AddPerson("Adele Vance").Call(r.bot)
	require.NoError(t, incoming.WaitAnswered(r.context()))
	for _, want := range []resources.CallState{resources.CallStateIncoming, resources.CallStateEstablishing, resources.CallStateEstablished} {
		require.Equal(t, want, edges.next(r).New)
	}
	incoming.Hangup()
	require.Equal(t, resources.CallStateTerminated, edges.next(r).New)
}

func TestRejectIncomingCall(t *testing.T) {
	r := newRig(t)
	incoming := newInbox[statefulclient.IncomingCall]()
	r.client.Calls().OnIncoming(incoming.put)
	call := r.platform.AddPerson("Adele Vance").Call(r.bot)
	event := incoming.next(r)
	require.Equal(t, "Adele Vance", event.Call.Resource().Source.Identity.DisplayName())
	require.NoError(t, event.Call.Reject(r.context(), resources.RejectReasonBusy))
	require.ErrorIs(t, call.WaitAnswered(r.context()), simulator.ErrRejected)
	ended(r.context(), t, event.Call)
}

func TestAnswerOfACallThatIsGone(t *testing.T) {
	r := newRig(t, rigOptions{limits: statefulclient.Limits{EndGrace: 10 * time.Millisecond}})
	incoming := newInbox[statefulclient.IncomingCall]()
	r.client.Calls().OnIncoming(incoming.put)
	r.platform.DropEvery(simulator.Ended)
	r.platform.AddPerson("Adele Vance").Call(r.bot).Hangup()
	call := incoming.next(r).Call
	require.ErrorIs(t, call.Answer(r.context(), statefulclient.AnswerOptions{}), transport.ErrCallNotFound)
	require.Equal(t, statefulclient.EndLost, ended(r.context(), t, call).Cause)
}

func TestPlayPrompt(t *testing.T) {
	r := newRig(t)
	call := r.call(r.platform.AddPerson("Adele Vance"))
	op, err := call.PlayPrompt(r.context(), resources.NewMediaPrompt("https://bot.contoso.com/hello.wav"))
	require.NoError(t, err)
	result, err := op.Wait(r.context())
	require.NoError(t, err)
	require.Equal(t, resources.OperationStatusCompleted, result.Status)
	require.Equal(t, op.ClientContext(), result.ClientContext)
}

func TestJoinMeetingAndFollowTheRoster(t *testing.T) {
	r := newRig(t)
	adele, alex := r.platform.AddPerson("Adele Vance"), r.platform.AddPerson("Alex Wilber")
	meeting := r.platform.AddMeeting(simulator.Meeting{Subject: "Weekly", Organizer: adele})
	adele.Join(meeting)
	call := r.join(meeting)
	people := newInbox[statefulclient.CollectionEvent[*statefulclient.Participant]]()
	call.Participants().OnUpdated(people.put)
	changes := newInbox[statefulclient.ParticipantUpdated]()
	statefulclient.On(call, changes.put)

	named := func(name string) func(e statefulclient.CollectionEvent[*statefulclient.Participant]) bool {
		return func(e statefulclient.CollectionEvent[*statefulclient.Participant]) bool {
			for _, p := range append(e.Added, e.Removed...) {
				if p.DisplayName() == name {
					return true
				}
			}
			return false
		}
	}
	people.until(r, named("Adele Vance"))
	alex.Join(meeting)
	require.Len(t, people.until(r, named("Alex Wilber")).Added, 1)
	alex.Mute()
	muted := changes.until(r, func(e statefulclient.ParticipantUpdated) bool { return e.New.IsMuted })
	require.False(t, muted.Old.IsMuted)
	alex.Leave()
	require.Len(t, people.until(r, named("Alex Wilber")).Removed, 1)
	meeting.End()
	ended(r.context(), t, call)
}

// A call whose placing is under way when the client shuts down must not go on
// at the platform with nobody to hang it up.
func TestShutdownHangsUpCallsBeingPlaced(t *testing.T) {
	r := newRig(t)
	adele := r.platform.AddPerson("Adele Vance")
	r.platform.NotifyBeforeReply()
	r.platform.Hold() // and so the reply waits
	placed := make(chan error, 1)
	go func() {
		_, err := r.client.Calls().Add(r.context(), statefulclient.CallTo(adele.TenantID, statefulclient.UserIdentity(adele.ID)))
		placed <- err
	}()
	require.NoError(t, r.platform.WaitUntil(r.context(), func() bool { return len(r.platform.Calls()) == 1 }))
	down := make(chan error, 1)
	go func() { down <- r.client.Shutdown(r.context()) }()
	r.until(func(statefulclient.Stats) bool {
		_, err := r.client.Calls().Add(t.Context(), resources.Call{})
		return errors.Is(err, statefulclient.ErrDraining)
	})
	r.platform.Heal() // the reply goes out
	require.NoError(t, <-placed)
	require.NoError(t, <-down)
	require.Equal(t, resources.CallStateTerminated, r.platform.Calls()[0].State())
}

func TestShutdownHangsUpAndWaits(t *testing.T) {
	r := newRig(t)
	call := r.call(r.platform.AddPerson("Adele Vance"))
	require.NoError(t, r.client.Shutdown(r.context()))
	ended(r.context(), t, call)
	_, err := r.client.Calls().Add(r.context(), resources.Call{})
	require.ErrorIs(t, err, statefulclient.ErrClosed)
	require.Zero(t, r.client.Stats().Goroutines)
}
