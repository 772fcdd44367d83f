package statefulclient_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// The legacy format is answered with 204, upon which the platform sends the
// same call in Graph's. The bot is told once.
func TestDocumentedIncomingCallInLegacyFormatFirst(t *testing.T) {
	r := newRig(t)
	webhook, err := r.platform.Serve(r.client.Handler())
	require.NoError(t, err)
	legacy := r.platform.RegisterBot(simulator.Bot{
		AppID: r.bot.AppID, Secret: r.bot.Secret, CallingWebhook: webhook + "/api/calls", LegacyFirst: true,
	})
	incoming := newInbox[statefulclient.IncomingCall]()
	r.client.Calls().OnIncoming(incoming.put)
	ringing := r.platform.AddPerson("Lidia Holloway").Call(legacy)
	event := incoming.next(r)
	require.Equal(t, ringing.ID(), event.Call.ID())
	require.NoError(t, event.Call.Answer(r.context(), statefulclient.AnswerOptions{}))
	require.NoError(t, ringing.WaitAnswered(r.context()))
	require.NoError(t, event.Call.WaitFor(r.context(), resources.CallStateEstablished))

	var statuses []int
	for _, exchange := range ringing.Exchanges() {
		if exchange.ToBot && len(statuses) < 2 {
			statuses = append(statuses, exchange.Status)
		}
	}
	require.Equal(t, []int{http.StatusNoContent, http.StatusAccepted}, statuses)
	require.Empty(t, incoming)
	require.Equal(t, 1, r.client.Calls().Len())
}

// What the page shows of a notification: named under /app alone, with the
// properties of a subscription, the state in capitals.
func TestDocumentedNotificationOfASubscription(t *testing.T) {
	d, s := newDocumentedRig(t, statefulclient.Limits{}), readScript(t, "incoming")
	incoming := newInbox[statefulclient.IncomingCall]()
	d.client.Calls().OnIncoming(incoming.put)
	d.post(s["incoming"])
	call := incoming.next(d.rig).Call
	require.Equal(t, "D92B60F7A4E84C13B5D70E1F8A3C9642", call.ID())
	require.Equal(t, resources.CallDirectionIncoming, call.Resource().Direction)
	same, known := d.client.Calls().Get("d92b60f7-a4e8-4c13-b5d7-0e1f8a3c9642")
	require.True(t, known, "the platform also writes this id dashed")
	require.Same(t, call, same)
	d.post(s["established"])
	require.Equal(t, resources.CallStateEstablished, call.State())
}
