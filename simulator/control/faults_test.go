package control_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/simulator"
)

func TestFaultsAreInjectedAndHealed(t *testing.T) {
	d := newDesk(t)
	_, call := d.callBot()
	d.do("POST", "/v1/faults", m{"kind": "hold", "callId": call})
	d.do("POST", "/v1/calls/"+call+"/keys", m{"tone": "tone1"})
	require.NotEmpty(t, d.platform.Call(call).Queued())
	require.Equal(t, []any{m{"kind": "hold", "callId": call, "arguments": m{}}}, d.do("GET", "/v1/faults", nil)["injected"])

	d.do("POST", "/v1/faults/release", m{"callId": call})
	require.NoError(t, d.platform.WaitIdle(t.Context()))
	require.Empty(t, d.platform.Call(call).Queued())
	require.Empty(t, d.do("GET", "/v1/faults", nil)["injected"])

	d.do("POST", "/v1/faults", m{"kind": "hold"})
	d.do("POST", "/v1/faults/release", m{})
	d.do("POST", "/v1/failures", m{"path": "/subscribeToTone", "status": 503, "retryAfterSeconds": 2, "times": 3})
	d.do("DELETE", "/v1/faults", nil)
	d.callBot() // asks for tones, and nothing fails
}

func TestServicesFaultsFailRequests(t *testing.T) {
	d := newDesk(t)
	d.do("POST", "/v1/failures", m{"path": "/answer", "status": 503, "retryAfterSeconds": 2})
	person := d.person("Adele Vance")
	call := d.do("POST", "/v1/people/"+person+"/call", m{})["id"].(string)
	var failed []any
	d.waitFor(func() bool {
		_, listed := d.ask("GET", "/v1/exchanges?call="+call, nil)
		failed = slices.DeleteFunc(listed.([]any), func(e any) bool { return e.(m)["toBot"] == true })
		return len(failed) > 0
	})
	require.EqualValues(t, http.StatusServiceUnavailable, failed[0].(m)["status"])
	require.Equal(t, "2", failed[0].(m)["responseHeader"].(m)["Retry-After"])
	require.Equal(t, []any{"refused"}, failed[0].(m)["marks"])
}

// Each kind of fault has the effect that its name says, where a key that is
// pressed shows it.
func TestSpoiledNotificationsAreMarked(t *testing.T) {
	for kind, mark := range map[string]string{"duplicate": "duplicate", "drop-every": "dropped", "drop": "dropped"} {
		d := newDesk(t)
		events := d.listen("")
		_, call := d.callBot()
		require.NoError(t, d.platform.WaitIdle(t.Context()))
		d.do("POST", "/v1/faults", m{"kind": kind})
		d.do("POST", "/v1/calls/"+call+"/keys", m{"tone": "tone1"})
		events.until("exchange", func(e map[string]any) bool { return slices.Contains(e["marks"].([]any), any(mark)) })
		require.EqualValues(t, 1, d.do("GET", "/v1/world", nil)["stats"].(m)["injected"].(m)[kind])
	}
}

// All faults the simulator has can be injected, for one call where it says so.
func TestEveryFaultIsTaken(t *testing.T) {
	d := newDesk(t)
	_, call := d.callBot()
	kinds := d.do("GET", "/v1/faults", nil)["kinds"].([]any)
	require.Len(t, kinds, len(simulator.AllFaults()))
	for _, listed := range kinds {
		kind := listed.(m)
		fault := m{"kind": kind["kind"], "arguments": m{}}
		if kind["perCall"] == true {
			fault["callId"] = call
		}
		for _, p := range kind["parameters"].([]any) {
			fault["arguments"].(m)[p.(m)["name"].(string)] = p.(m)["default"]
		}
		require.Equal(t, fault, d.do("POST", "/v1/faults", fault))
	}
	require.Len(t, d.do("GET", "/v1/world", nil)["faults"], len(kinds))
	d.do("DELETE", "/v1/faults", nil)
	require.Empty(t, d.do("GET", "/v1/world", nil)["faults"])
}
