package control_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestStreamTellsWhatHappens(t *testing.T) {
	d := newDesk(t)
	events := d.listen("")
	kind, world, _ := events.next()
	require.Equal(t, "world", kind)
	require.Len(t, world["bots"], 1)

	_, call := d.callBot()
	act := events.until("act", func(a map[string]any) bool { return a["callId"] == call })
	require.Equal(t, "Adele Vance", act["who"])
	d.spec.conforms(t, "Act", act)
	events.until("exchange", isAnswer)
	d.spec.conforms(t, "World", events.until("world", hasTones))

	// The bot may answer a call before it has taken the notification of it, so
	// this is looked for from the beginning.
	notice := d.listen("").until("exchange", func(e map[string]any) bool { return e["toBot"] == true })
	d.spec.conforms(t, "Exchange", notice)
	require.Equal(t, call, notice["callId"])
	require.Equal(t, "Bearer …", notice["requestHeader"].(m)["Authorization"])

	// Who comes back is told what they missed, and no more.
	seen := events.lastID
	require.NotEmpty(t, seen)
	person := d.person("Alex Wilber")
	d.do("POST", "/v1/people/"+person+"/call", m{})
	act = d.listen(seen).until("act", func(map[string]any) bool { return true })
	require.Equal(t, "Alex Wilber", act["who"])
}

func TestSlowReaderIsToldTheWorldAfterWhatLedToIt(t *testing.T) {
	d := newDesk(t)
	events := d.listenSlowly()
	d.callBot()
	kind, world, _ := events.next()
	require.Equal(t, "world", kind)
	require.Empty(t, world["calls"])
	kind, _, _ = events.next()
	require.Equal(t, "act", kind)
	events.until("exchange", isAnswer)
	events.until("world", hasTones)
}

func isAnswer(exchange map[string]any) bool {
	return exchange["toBot"] == false && strings.HasSuffix(exchange["path"].(string), "/answer")
}

func hasTones(world map[string]any) bool {
	calls := world["calls"].([]any)
	return len(calls) == 1 && calls[0].(m)["tonesSubscribed"] == true
}

func TestExchangesAreToldOnceEach(t *testing.T) {
	d := newDesk(t)
	events := d.listen("")
	for range 20 {
		_, call := d.callBot()
		d.do("POST", "/v1/calls/"+call+"/hangup", nil)
	}
	require.NoError(t, d.platform.WaitIdle(t.Context()))
	_, listed := d.ask("GET", "/v1/exchanges", nil)
	all := listed.([]any)
	told := map[string]bool{}
	for range all {
		e := events.until("exchange", func(map[string]any) bool { return true })
		key := fmt.Sprint(e["at"], e["url"], e["milliseconds"], e["requestHeader"])
		require.False(t, told[key], "told twice")
		told[key] = true
	}
	call := d.platform.Calls()[0].ID()
	_, ofOne := d.ask("GET", "/v1/exchanges?call="+call, nil)
	require.NotEmpty(t, ofOne)
	require.Less(t, len(ofOne.([]any)), len(all))
}

func TestStreamEndsWithTheServer(t *testing.T) {
	d := newDesk(t)
	events := d.listen("")
	_, _, more := events.next()
	require.True(t, more)
	d.server.Close()
	for more {
		_, _, more = events.next()
	}
}

func (s *spec) conforms(t *testing.T, name string, value map[string]any) {
	t.Helper()
	require.Empty(t, s.check(name, value, s.Components.Schemas[name]))
}
