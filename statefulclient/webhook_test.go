package statefulclient_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

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
