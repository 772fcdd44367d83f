package statefulclient_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

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

// A host that takes the platform's POSTs out of a queue of its own hands them
// on as they are.
func TestTrustedDeliveriesReachTheCalls(t *testing.T) {
	r := newRig(t)
	arrivals := newInbox[statefulclient.IncomingCall]()
	r.client.Calls().OnIncoming(arrivals.put)
	deliver := func(message, body string) error {
		_, err := r.client.Webhook().DeliverTrusted(r.context(), transport.TrustedDelivery{
			TenantID: "contoso", Body: []byte(body),
			Header: http.Header{"x-microsoft-skype-message-id": {message}, "scenario-id": {"s1"}},
		})
		return err
	}
	require.NoError(t, deliver("m1", `{"value":[`+incoming("c1")+`]}`))
	call := arrivals.next(r).Call
	require.Equal(t, "c1", call.ID())
	require.Equal(t, "contoso", call.TenantID())
	require.Equal(t, "s1", call.ScenarioID())
	for range 2 {
		require.NoError(t, deliver("m2", `{"value":[`+updated("c1", `{"state":"established"}`)+`]}`))
	}
	require.NoError(t, call.WaitFor(r.context(), resources.CallStateEstablished))
	require.EqualValues(t, 1, r.settled().Redelivered)
	require.ErrorIs(t, deliver("m3", `{"value":`), resources.ErrMalformed)
	require.NoError(t, call.Context().Err())
}

func TestTrustedDeliveryToAClosedClient(t *testing.T) {
	r := newRig(t)
	r.client.Close()
	_, err := r.client.Webhook().DeliverTrusted(r.context(), transport.TrustedDelivery{Body: []byte(`{"value":[` + incoming("c1") + `]}`)})
	require.ErrorIs(t, err, transport.ErrClosed)
	require.Zero(t, r.client.Calls().Len())
}
