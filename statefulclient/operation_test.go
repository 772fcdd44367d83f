package statefulclient_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// What is over with the platform's reply returns how it came out, so that nobody
// takes a reply for success.
func TestActionsThatAreOverWithTheReplyReturnTheirOutcome(t *testing.T) {
	r, _ := newEchoRig(t, `{"id":"o1","status":"failed","resultInfo":{"code":400,"subcode":8506}}`)
	call := r.live("c1")
	r.tell(about("updated", "c1/participants", `[{"id":"a"}]`))
	r.settled()
	somebody, _ := call.Participants().Get("a")
	for name, err := range map[string]error{
		"recording status": call.UpdateRecordingStatus(r.context(), resources.RecordingStatusRecording),
		"mute":             call.Mute(r.context()),
		"unmute":           call.Unmute(r.context()),
		"mute another":     somebody.Mute(r.context()),
		"mute all":         call.Participants().MuteAll(r.context()),
		"subscribe":        call.SubscribeToTone(r.context()),
		"cancel":           call.CancelMediaProcessing(r.context()),
	} {
		var failed *statefulclient.OperationError
		require.ErrorAs(t, err, &failed, name)
		require.Equal(t, statefulclient.EndClassRejected, failed.Class())
		require.ErrorContains(t, err, "recording policy")
	}
	require.Empty(t, call.PendingOperations())
}

// A reply may leave running what is documented to be over with it.
func TestActionThatGoesOnAfterItsReplyIsWaitedFor(t *testing.T) {
	r, service := newEchoRig(t, `{"id":"o1","status":"running"}`)
	call := r.live("c1")
	done := make(chan error, 1)
	go func() { done <- call.UpdateRecordingStatus(r.context(), resources.RecordingStatusRecording) }()
	r.until(func(statefulclient.Stats) bool {
		pending := call.PendingOperations()
		return len(pending) == 1 && pending[0].ID == "o1"
	})
	require.Contains(t, service.last(), "/updateRecordingStatus")
	require.Empty(t, done)
	r.tell(about("deleted", "c1/operations/o1", `{"status":"failed","resultInfo":{"code":500,"subcode":9999}}`))
	require.ErrorAs(t, <-done, new(*statefulclient.OperationError))
}
