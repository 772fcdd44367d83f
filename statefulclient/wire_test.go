package statefulclient_test

import (
	"fmt"
	"runtime"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

// The tests below speak to the client without a platform where order matters
// to the notification: they write what the wire would carry.

// about is one notification about a call, or about what is below it.
func about(change, path, data string) string {
	if data != "" {
		data = `,"resourceData":` + data
	}
	return fmt.Sprintf(`{"changeType":%q,"resourceUrl":"/communications/calls/%s"%s}`, change, path, data)
}

func updated(id, data string) string { return about("updated", id, data) }

func incoming(id string) string {
	return about("created", id, `{"state":"incoming","direction":"incoming","callChainId":"chain-`+id+`"}`)
}

func terminated(id string) string {
	return about("deleted", id, `{"state":"terminated","resultInfo":{"code":200,"subcode":5002}}`)
}

func tone(id string, sequence int) string {
	return updated(id, fmt.Sprintf(`{"state":"established","toneInfo":{"sequenceId":%d,"tone":"tone1"}}`, sequence))
}

func subject(id string, n int) string { return updated(id, fmt.Sprintf(`{"subject":"%d"}`, n)) }

func delivery(t require.TestingT, items ...string) transport.Delivery {
	batch, err := resources.DecodeNotifications([]byte(`{"value":[` + strings.Join(items, ",") + `]}`))
	require.NoError(t, err)
	return transport.Delivery{Notifications: batch, Received: now()}
}

// tell delivers notifications in one POST.
func (r *rig) tell(items ...string) {
	r.t.Helper()
	require.NoError(r.t, r.client.Deliver(delivery(r.t, items...)))
}

// ringing brings a call in and returns it.
func (r *rig) ringing(id string) *statefulclient.Call {
	r.t.Helper()
	r.tell(incoming(id))
	call, ok := r.client.Calls().Get(id)
	require.True(r.t, ok)
	return call
}

// live brings a call in and establishes it.
func (r *rig) live(id string) *statefulclient.Call {
	r.t.Helper()
	call := r.ringing(id)
	r.tell(updated(id, `{"state":"establishing"}`), updated(id, `{"state":"established"}`))
	require.NoError(r.t, call.WaitFor(r.context(), resources.CallStateEstablished))
	return call
}

// settled waits until all that was delivered has been worked on and told.
func (r *rig) settled() statefulclient.Stats {
	r.t.Helper()
	r.until(func(stats statefulclient.Stats) bool { return stats.Goroutines == 0 })
	return r.client.Stats() // its other figures may be from before that
}

// committed waits until all that was delivered has been worked on, though one
// handler is stuck.
func (r *rig) committed() statefulclient.Stats {
	r.t.Helper()
	return r.until(func(stats statefulclient.Stats) bool { return stats.InboxBacklog == 0 && stats.Goroutines == 1 })
}

func (r *rig) until(condition func(statefulclient.Stats) bool) statefulclient.Stats {
	r.t.Helper()
	for ctx := r.context(); ; runtime.Gosched() {
		stats := r.client.Stats()
		if condition(stats) {
			return stats
		}
		require.NoError(r.t, ctx.Err(), "the client did not come to rest: %+v", stats)
	}
}
