package statefulclient_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// taken is what a bot that answers was told, and what came of its answer.
type taken struct {
	event    statefulclient.IncomingCall
	deadline time.Time
	err      error
}

// answering has the bot answer whatever comes in.
func (d *documentedRig) answering(options statefulclient.AnswerOptions) inbox[taken] {
	answers := newInbox[taken]()
	d.client.Calls().OnIncoming(func(ctx context.Context, e statefulclient.IncomingCall) {
		deadline, _ := ctx.Deadline()
		answers.put(ctx, taken{e, deadline, e.Call.Answer(ctx, options)})
	})
	return answers
}

// All three notifications of this example carry the same etag.
func TestDocumentedAnswerWithServiceHostedMedia(t *testing.T) {
	d, s := newDocumentedRig(t, statefulclient.Limits{}), readScript(t, "answer-service")
	answers := d.answering(statefulclient.AnswerOptions{MediaConfig: prefetching()})
	require.Equal(t, http.StatusAccepted, d.post(s["incoming"]))
	answer := answers.next(d.rig)
	require.NoError(t, answer.err)
	require.False(t, answer.event.Recording)
	require.Equal(t, answer.event.Deadline, answer.deadline)
	d.requireSent("/v1.0/communications/calls/8E41C7D05B9A4F3286D1A0F7C3B25E94/answer", s["answer"])

	call := answer.event.Call
	require.Equal(t, documentedTenant, call.TenantID(), "the notification names none, but its token does")
	said := call.Resource()
	require.Equal(t, "Lidia Holloway", said.Source.Identity.DisplayName())
	require.Equal(t, "de-DE", said.Source.LanguageID)
	require.Equal(t, application, said.Targets[0].Identity.Application.ID)
	require.Equal(t, resources.RoutingTypeLookup, said.CallRoutes[0].RoutingType)
	require.Equal(t, "+14255550177", said.CallRoutes[0].Original.Phone.ID)
	require.Equal(t, miriam, said.CallRoutes[0].Final.User.ID)

	require.Equal(t, http.StatusAccepted, d.post(s["establishing"]))
	require.Equal(t, http.StatusAccepted, d.post(s["established"]))
	require.Equal(t, resources.CallStateEstablished, call.State())
	require.Equal(t, []string{" → incoming", "incoming → establishing", "establishing → established"}, d.told())
	require.Equal(t, said.Source, call.Resource().Source, "what later notifications leave out stays known")
}

func TestDocumentedAnswerWithAppHostedMedia(t *testing.T) {
	d, s := newDocumentedRig(t, statefulclient.Limits{}), readScript(t, "answer-app")
	answers := d.answering(statefulclient.AnswerOptions{MediaConfig: appHosted()})
	d.post(s["incoming"])
	answer := answers.next(d.rig)
	require.NoError(t, answer.err)
	d.requireSent("/v1.0/communications/calls/C05F7A3E92D14B68A7E4D1903B8C6F25/answer", s["answer"])
	d.post(s["establishing"])
	d.post(s["established"])
	require.Equal(t, []string{" → incoming", "incoming → establishing", "establishing → established"}, d.told())

	shared := newInbox[statefulclient.CollectionEvent[*resources.ContentSharingSession]]()
	sharing := answer.event.Call.ContentSharing()
	sharing.OnUpdated(shared.put)
	require.Equal(t, http.StatusAccepted, d.post(s["content sharing started"]))
	began := shared.next(d.rig)
	require.Len(t, began.Added, 1)
	require.Equal(t, "9f3e5b71-0c2d-4a86-b4e9-71d8a6c0f352", began.Added[0].ID)
	session, ok := sharing.Get(began.Added[0].ID)
	require.True(t, ok)
	require.Same(t, began.Added[0], session)
	require.Equal(t, http.StatusAccepted, d.post(s["content sharing ended"]))
	require.Len(t, shared.next(d.rig).Removed, 1)
	require.Zero(t, sharing.Len())
	require.Empty(t, d.unmatched)
	require.Equal(t, resources.CallStateEstablished, answer.event.Call.State())
	require.Empty(t, d.told())
}

func TestDocumentedAnswerOfPolicyRecordingCall(t *testing.T) {
	d, s := newDocumentedRig(t, statefulclient.Limits{}), readScript(t, "answer-recording")
	answers := d.answering(statefulclient.AnswerOptions{
		MediaConfig: appHosted(), ParticipantCapacity: 200,
		CallOptions: &resources.IncomingCallOptions{IsContentSharingNotificationEnabled: true, IsDeltaRosterEnabled: true},
	})
	before := time.Now()
	require.Equal(t, http.StatusAccepted, d.post(s["incoming"]))
	after := time.Now()
	answer := answers.next(d.rig)
	require.NoError(t, answer.err)
	require.True(t, answer.event.Recording)
	require.WithinRange(t, answer.deadline, before.Add(5*time.Second), after.Add(5*time.Second))
	d.requireSent("/v1.0/communications/calls/e6a20f00-7c4b-4d95-8e13-b2f0a9d7c681/answer", s["answer"])

	said := answer.event.Call.Resource()
	require.Equal(t, lidia, said.Source.Identity.User.ID)
	require.Equal(t, "4d8b2e70-a1c9-4f36-95e7-0b6d3c8f1a24", said.IncomingContext.ObservedParticipantID)
	meeting, ok := said.MeetingInfo.(*resources.TokenMeetingInfo)
	require.True(t, ok)
	require.Equal(t, "join-token-of-the-meeting", meeting.Token)
	require.Equal(t, "Trading floor", botData(t, said).PolicyIdentifier)
	d.post(s["establishing"])
	d.post(s["established"])
	require.Equal(t, []string{" → incoming", "incoming → establishing", "establishing → established"}, d.told())
	data := botData(t, answer.event.Call.Resource())
	require.Equal(t, []string{"PolicyBasedRecording"}, data.InviteReasons)
	require.Equal(t, "EUWE", data.MediaHostedRegion)
	require.Equal(t, miriam, data.OtherSideUser.ID)
}

// recordingData is some of what the page shows in a property that the SDK has
// no field for.
type recordingData struct {
	MediaHostedRegion string
	PolicyIdentifier  string
	InviteReasons     []string
	OtherSideUser     struct{ ID string }
}

func botData(t *testing.T, call *resources.Call) recordingData {
	t.Helper()
	raw, ok := call.Property("applicationMetadata")
	require.True(t, ok)
	var metadata struct{ BotData recordingData }
	require.NoError(t, json.Unmarshal(raw, &metadata))
	return metadata.BotData
}
