package statefulclient_test

import (
	"runtime"
	"testing"
	"time"
	"unsafe"
	"weak"

	"github.com/stretchr/testify/require"
)

// A live call keeps what it was told, and no body that told it.
func TestLiveCallsKeepNoBodies(t *testing.T) {
	r := newRig(t)
	var bodies []weak.Pointer[byte]
	tell := func(items ...string) {
		d := delivery(t, items...)
		bodies = append(bodies, weak.Make(unsafe.StringData(d.Notifications.Value[0].ResourceURL)))
		require.NoError(t, r.client.Deliver(d))
	}
	tell(incoming("live"), incoming("over"))
	tell(terminated("over"))
	tell(incoming("over too"))
	tell(terminated("over too"))
	tell(updated("live", `{"state":"established","subject":"what it is about","later":1}`))
	tell(tone("live", 1))
	tell(tone("live", 4))
	tell(about("updated", "live/participants", `[{"id":"a","metadata":"x"},{"id":"b"}]`))
	tell(about("updated", "live/participants", `[{"id":"a","metadata":"y"},{"id":"c"}]`))
	tell(about("deleted", "live/operations/early", `{"@odata.type":"#microsoft.graph.playPromptOperation","id":"early","clientContext":"mark","status":"completed"}`))
	tell(about("created", "live/contentSharingSessions", `[{"@odata.type":"#microsoft.graph.contentSharingSession","id":"s"}]`))
	call, ok := r.client.Calls().Get("live")
	require.True(t, ok)
	for i, body := range bodies {
		require.Eventually(t, func() bool { runtime.GC(); return body.Value() == nil }, 10*time.Second, 5*time.Millisecond, "body %d", i)
	}
	require.Equal(t, "what it is about", call.Resource().Subject)
	require.Equal(t, 2, call.Participants().Len())
}
