package statefulclient_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

func TestDrainTakesNoMoreCallsAndReturnsThoseLeft(t *testing.T) {
	r := newRig(t)
	call := r.call(r.platform.AddPerson("Adele Vance"))
	require.True(t, r.client.Ready())
	ctx, cancel := context.WithCancel(r.context())
	cancel()
	left, err := r.client.Drain(ctx)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, []*statefulclient.Call{call}, left)
	require.False(t, r.client.Ready())

	_, err = r.client.Calls().Add(r.context(), resources.Call{})
	require.ErrorIs(t, err, statefulclient.ErrDraining)
	body := []byte(`{"value":[` + incoming("c2") + `]}`)
	exchange, err := r.platform.Post(r.context(), r.bot, body, simulator.PostOptions{})
	require.NoError(t, err)
	require.Equal(t, 503, exchange.Status)
	require.EqualValues(t, 1, r.client.Stats().Webhook.Refused[transport.ReasonClosed])

	require.NoError(t, call.Hangup(r.context()), "all else goes on")
	left, err = r.client.Drain(r.context())
	require.NoError(t, err)
	require.Empty(t, left)
	ended(r.context(), t, call)
}

func TestDrainInsideHandler(t *testing.T) {
	r := newRig(t)
	refused := make(chan error, 1)
	r.client.Calls().OnIncoming(func(ctx context.Context, _ statefulclient.IncomingCall) {
		_, err := r.client.Drain(ctx)
		refused <- err
	})
	r.tell(incoming("c1"))
	require.ErrorIs(t, <-refused, statefulclient.ErrFromHandler)
	require.True(t, r.client.Ready())
}

// arrive sends an incoming call and returns how it was answered.
func (r *rig) arrive(id string, header http.Header) simulator.Exchange {
	r.t.Helper()
	exchange, err := r.platform.Post(r.context(), r.bot, []byte(`{"value":[`+incoming(id)+`]}`), simulator.PostOptions{Header: header})
	require.NoError(r.t, err)
	return exchange
}

func withHook(hook statefulclient.RedirectHook) rigOptions {
	return rigOptions{build: func(b *statefulclient.StatefulClientBuilder) { b.SetRedirectHook(hook) }}
}

func TestRedirectHookSendsArrivingCallsElsewhere(t *testing.T) {
	const elsewhere = "https://apac.contoso.com/api/calls"
	r := newRig(t, withHook(func(ctx context.Context, a statefulclient.ArrivingCall) statefulclient.Redirection {
		_, bounded := ctx.Deadline()
		switch {
		case !bounded || a.Call.State != resources.CallStateIncoming:
			return statefulclient.Redirection{}
		case a.CallerRegion == "apac":
			return statefulclient.Redirection{To: elsewhere}
		case a.Draining:
			return statefulclient.Redirection{To: elsewhere, Status: 307}
		}
		return statefulclient.Redirection{}
	}))
	far := r.arrive("far", http.Header{"X-Microsoft-Skype-Caller-Region": {"apac"}})
	require.Equal(t, 302, far.Status)
	require.Equal(t, elsewhere, far.ResponseHeader.Get("Location"))
	require.Equal(t, 202, r.arrive("near", nil).Status)
	ctx, cancel := context.WithCancel(r.context())
	cancel()
	_, err := r.client.Drain(ctx)
	require.Error(t, err)
	require.Equal(t, 307, r.arrive("late", nil).Status)
	require.Equal(t, 202, r.arrive("near", nil).Status, "known already: taken here")
	require.Equal(t, 1, r.client.Calls().Len())
	require.EqualValues(t, 2, r.client.Stats().Redirected)
}

func TestRedirectHookThatFailsKeepsTheCall(t *testing.T) {
	panics := newInbox[statefulclient.HandlerPanic]()
	r := newRig(t, withHook(func(_ context.Context, a statefulclient.ArrivingCall) statefulclient.Redirection {
		if a.Call.CallChainID == "chain-c1" {
			panic("in the hook")
		}
		return statefulclient.Redirection{To: "nowhere"}
	}))
	r.client.OnHandlerPanic(panics.put)
	require.Equal(t, 202, r.arrive("c1", nil).Status)
	require.Equal(t, "RedirectHook", panics.next(r).Handler)
	require.Equal(t, 202, r.arrive("c2", nil).Status)
	require.Equal(t, 2, r.client.Calls().Len())
}
