package statefulclient_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// TestActionsAreSentAsDocumented sends each action a bot can take in a call,
// and compares the request with the documented one.
//
// long: a table.
func TestActionsAreSentAsDocumented(t *testing.T) {
	const beep = "https://cdn.contoso.com/beep.wav"
	prompt := resources.NewMediaPrompt(beep)
	type act func(context.Context, *statefulclient.Call) error
	for path, example := range map[string]struct {
		body string
		act  act
	}{
		"/transfer": {
			`{"transferTarget":{"@odata.type":"#microsoft.graph.invitationParticipantInfo","identity":{"user":{"id":"` + miriam + `"}},"replacesCallId":"other-call"}}`,
			func(ctx context.Context, c *statefulclient.Call) error {
				_, err := c.Transfer(ctx, statefulclient.UserIdentity(miriam), statefulclient.TransferOptions{ReplacesCallID: "other-call"})
				return err
			},
		},
		"/redirect": {
			`{"targets":[{"@odata.type":"#microsoft.graph.invitationParticipantInfo","identity":{"application":{"id":"` + instance + `"}}}],"timeout":30,"callbackUri":"` + documentedCallback + `"}`,
			func(ctx context.Context, c *statefulclient.Call) error {
				return c.Redirect(ctx, statefulclient.RedirectOptions{Timeout: 30 * time.Second}, statefulclient.ApplicationIdentity(instance))
			},
		},
		"/mute":   {`{"clientContext":"mark"}`, func(ctx context.Context, c *statefulclient.Call) error { return c.Mute(ctx) }},
		"/unmute": {`{"clientContext":"mark"}`, func(ctx context.Context, c *statefulclient.Call) error { return c.Unmute(ctx) }},
		"/recordResponse": {
			`{"clientContext":"mark","bargeInAllowed":true,"playBeep":false,"initialSilenceTimeoutInSeconds":5,"maxSilenceTimeoutInSeconds":2,` +
				`"maxRecordDurationInSeconds":10,"stopTones":["#","1","*"],` +
				`"prompts":[{"@odata.type":"#microsoft.graph.mediaPrompt","mediaInfo":{"uri":"` + beep + `"}}]}`,
			func(ctx context.Context, c *statefulclient.Call) error {
				return completed(c.RecordResponse(ctx, statefulclient.RecordOptions{
					Prompt: prompt, BargeIn: true, NoBeep: true, StopTones: []string{"#", "1", "*"},
					InitialSilence: 5 * time.Second, MaxSilence: 2 * time.Second, MaxDuration: 10 * time.Second,
				}))
			},
		},
		"/subscribeToTone": {`{"clientContext":"mark"}`, func(ctx context.Context, c *statefulclient.Call) error { return c.SubscribeToTone(ctx) }},
		"/sendDtmfTones": {
			`{"clientContext":"mark","tones":["tone1","star"],"delayBetweenTonesMs":1000}`,
			func(ctx context.Context, c *statefulclient.Call) error {
				return completed(c.SendDtmfTones(ctx, time.Second, resources.Tone1, resources.ToneStar))
			},
		},
		"/cancelMediaProcessing": {`{"clientContext":"mark"}`, func(ctx context.Context, c *statefulclient.Call) error {
			return c.CancelMediaProcessing(ctx)
		}},
		"/changeScreenSharingRole": {
			`{"role":"sharer"}`,
			func(ctx context.Context, c *statefulclient.Call) error {
				return c.ChangeScreenSharingRole(ctx, resources.ScreenSharingRoleSharer)
			},
		},
		"/updateRecordingStatus": {
			`{"clientContext":"mark","status":"recording"}`,
			func(ctx context.Context, c *statefulclient.Call) error {
				return c.UpdateRecordingStatus(ctx, resources.RecordingStatusRecording)
			},
		},
		"/addLargeGalleryView": {`{"clientContext":"mark"}`, func(ctx context.Context, c *statefulclient.Call) error { return completed(c.AddLargeGalleryView(ctx)) }},
		"/participants/invite": {
			`{"clientContext":"mark","participants":[{"@odata.type":"#microsoft.graph.invitationParticipantInfo","identity":{"user":{"id":"` + diego + `"}},"replacesCallId":"other-call"}]}`,
			func(ctx context.Context, c *statefulclient.Call) error {
				who := statefulclient.UserIdentity(diego)
				return completed(c.Participants().Invite(ctx, resources.InvitationParticipantInfo{Identity: &who, ReplacesCallID: "other-call"}))
			},
		},
		"/participants/" + lidiaInCall + "/mute": {`{"clientContext":"mark"}`, func(ctx context.Context, c *statefulclient.Call) error { return lidiaIn(c).Mute(ctx) }},
		"/participants/" + lidiaInCall + "/startHoldMusic": {
			`{"clientContext":"mark","customPrompt":{"@odata.type":"#microsoft.graph.mediaPrompt","mediaInfo":{"uri":"` + beep + `"}}}`,
			func(ctx context.Context, c *statefulclient.Call) error {
				return completed(lidiaIn(c).StartHoldMusic(ctx, prompt))
			},
		},
		"/participants/" + lidiaInCall + "/stopHoldMusic": {`{"clientContext":"mark"}`, func(ctx context.Context, c *statefulclient.Call) error {
			return completed(lidiaIn(c).StopHoldMusic(ctx))
		}},
	} {
		t.Run(path, func(t *testing.T) {
			d := newDocumentedRig(t, statefulclient.Limits{})
			call := d.live("c1")
			d.tell(about("updated", "c1/participants", `[{"id":"`+lidiaInCall+`"}]`))
			d.settled()
			require.NoError(t, example.act(statefulclient.WithClientContext(d.context(), "mark"), call))
			d.requireSent("/v1.0/communications/calls/c1"+path, example.body)
		})
	}
}

// completed waits for an operation that is over with its reply.
func completed[T resources.Operation](op *statefulclient.Operation[T], err error) error {
	if err != nil {
		return err
	}
	_, err = op.Wait(context.Background()) //nolint:forbidigo // it is over, or the test's runner ends it
	return err
}

func lidiaIn(c *statefulclient.Call) *statefulclient.Participant {
	lidia, _ := c.Participants().Get(lidiaInCall)
	return lidia
}

func TestRemoveParticipantIsSentAsDocumented(t *testing.T) {
	d := newDocumentedRig(t, statefulclient.Limits{})
	call := d.live("c1")
	d.tell(about("updated", "c1/participants", `[{"id":"`+lidiaInCall+`"}]`))
	d.settled()
	require.NoError(t, lidiaIn(call).Remove(d.context()))
	sent := d.service.requests()
	require.Equal(t, documentedRequest{"DELETE", "/v1.0/communications/calls/c1/participants/" + lidiaInCall, ""}, sent[len(sent)-1])
}

func TestHoldSharingAndRecordingShowInTheRoster(t *testing.T) {
	r := newRig(t)
	call := r.live("c1")
	r.tell(about("updated", "c1/participants", `[{"id":"a","mediaStreams":[{"mediaType":"audio","direction":"sendReceive"}]}]`))
	r.settled()
	holds, shares, records := newInbox[statefulclient.HoldChanged](), newInbox[statefulclient.ScreenSharingChanged](), newInbox[statefulclient.RecordingChanged]()
	statefulclient.On(call, holds.put)
	statefulclient.On(call, shares.put)
	statefulclient.On(call, records.put)
	r.tell(about("updated", "c1/participants", `[{"id":"a","recordingInfo":{"recordingStatus":"recording"},"mediaStreams":[
		{"mediaType":"audio","direction":"inactive"},{"mediaType":"videoBasedScreenSharing","direction":"sendOnly"}]}]`))
	require.True(t, holds.next(r).Held)
	require.True(t, shares.next(r).Sharing)
	require.Equal(t, resources.RecordingStatusRecording, records.next(r).New)
	r.tell(about("updated", "c1/participants", `[{"id":"a","mediaStreams":[{"mediaType":"audio","direction":"sendReceive"}]}]`))
	require.False(t, holds.next(r).Held)
	require.False(t, shares.next(r).Sharing)
}

func TestLimitsAreCheckedBeforeSending(t *testing.T) {
	r := newRig(t)
	call := r.live("c1")
	user := statefulclient.UserIdentity("u")
	invitation := resources.InvitationParticipantInfo{Identity: &user}
	long := statefulclient.WithClientContext(r.context(), string(make([]byte, 257)))
	refused := map[string]error{
		"1 to 25 targets":  call.Redirect(r.context(), statefulclient.RedirectOptions{}, make([]resources.IdentitySet, 26)...),
		"15s to 1m30s":     call.Redirect(r.context(), statefulclient.RedirectOptions{Timeout: time.Second}, user),
		"RecordOptions":    second(call.RecordResponse(r.context(), statefulclient.RecordOptions{MaxDuration: time.Hour})),
		"256 is the limit": call.SubscribeToTone(long),
		"no tone":          second(call.SendDtmfTones(r.context(), 0, "hum")),
		"1 to 5 people":    second(call.Participants().Invite(r.context(), make([]resources.InvitationParticipantInfo, 6)...)),
		"must be the only": second(call.Participants().Invite(r.context(), invitation, resources.InvitationParticipantInfo{Identity: &user, ReplacesCallID: "c2"})),
		"recording status": call.UpdateRecordingStatus(r.context(), "perhaps"),
		"CallToPhone":      second(r.client.Calls().Add(r.context(), statefulclient.CallTo("t", statefulclient.PhoneIdentity("+14255550123")))),
		"begin with +":     second(r.client.Calls().Add(r.context(), statefulclient.CallToPhone("t", "0123", "i"))),
	}
	for text, err := range refused {
		require.ErrorIs(t, err, statefulclient.ErrInvalid, text)
		require.ErrorContains(t, err, text)
	}
	require.Zero(t, r.platform.Stats().Requests)
}

func second[T any](_ T, err error) error { return err }
