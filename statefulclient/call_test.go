package statefulclient_test

import (
	"context"
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
