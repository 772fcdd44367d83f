package statefulclient_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

// The reply that names a call is lost, and the call was placed all the same. The
// address its notifications come to tells whose it is.
func TestCallWhoseReplyWasLostIsAdopted(t *testing.T) {
	options := asInstance("one", nil)
	options.limits = statefulclient.Limits{ParkFor: 50 * time.Millisecond}
	r := newRig(t, options)
	added := newInbox[callsEvent]()
	r.client.Calls().OnUpdated(added.put)
	unmatched := newInbox[statefulclient.Unmatched]()
	r.client.OnUnmatched(unmatched.put)
	r.platform.FailNext(simulator.Failure{Method: "POST", Path: "/communications/calls", Status: 500, AfterEffect: true})
	adele := r.platform.AddPerson("Adele Vance")
	_, err := r.client.Calls().Add(r.context(), statefulclient.CallTo(adele.TenantID, statefulclient.UserIdentity(adele.ID)))
	var failed *transport.Error
	require.ErrorAs(t, err, &failed)
	require.True(t, failed.EffectUnknown)

	told := added.next(r)
	require.Equal(t, statefulclient.CauseResync, told.Cause)
	call := told.Added[0]
	require.Equal(t, failed.ScenarioID, call.ScenarioID())
	require.NoError(t, call.WaitFor(r.context(), resources.CallStateEstablished))
	require.NoError(t, call.Hangup(r.context()))
	ended(r.context(), t, call)
	r.settled()
	require.Empty(t, unmatched)
}

// A call that is not there any more is not adopted, and what was said of it is
// not lost quietly.
func TestParkedNotificationOfNoCallIsUnmatched(t *testing.T) {
	options := asInstance("one", nil)
	options.limits = statefulclient.Limits{ParkFor: 50 * time.Millisecond}
	r := newRig(t, options)
	unmatched := newInbox[statefulclient.Unmatched]()
	r.client.OnUnmatched(unmatched.put)
	address := r.platform.Call(r.call(r.platform.AddPerson("Adele Vance")).ID()).CallbackURI()
	exchange, err := r.platform.Post(r.context(), r.bot, []byte(`{"value":[`+updated("nobody", `{}`)+`]}`), simulator.PostOptions{URL: address})
	require.NoError(t, err)
	require.Equal(t, 202, exchange.Status)
	require.Equal(t, "nobody", unmatched.next(r).CallID)
	require.Equal(t, 1, r.settled().Calls)
}
