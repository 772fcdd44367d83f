package simulator_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

// meet joins a meeting somebody is in already, and lets the news settle.
func (b *handBot) meet() (*simulator.Call, *simulator.Meeting, *simulator.Person) {
	b.t.Helper()
	adele := b.platform.AddPerson("Adele Vance")
	meeting := b.platform.AddMeeting(simulator.Meeting{Organizer: adele})
	adele.Join(meeting)
	call := b.create(b.joining(meeting))
	b.settle()
	return call, meeting, adele
}

func TestSubscribingToTones(t *testing.T) {
	b := newHandBot(t, func(o *simulator.Options) { o.RequireToneSubscription = true })
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	b.settle()
	call.PressKey(resources.Tone1)
	answer := b.act(call, "/subscribeToTone", map[string]any{"clientContext": "tones"})
	require.Equal(t, http.StatusOK, answer.status)
	require.Equal(t, "completed", answer.text("status"))
	require.Equal(t, "#microsoft.graph.subscribeToToneOperation", answer.text("@odata.type"))
	require.NotEmpty(t, answer.header.Get("Location"))
	require.True(t, call.Facts().TonesSubscribed)
	require.NoError(t, call.WaitListening(t.Context()))
	call.PressKey(resources.Tone2)
	require.Equal(t, []string{"updated established +toneInfo"}, b.since(5))
	require.Equal(t, "tone2", b.received()[5].data()["toneInfo"].(map[string]any)["tone"])
}

func TestKeysArePressedOnceTheBotListens(t *testing.T) {
	b := newHandBot(t)
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	b.settle()
	for range 2 { // anew for each question
		soon, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		require.ErrorIs(t, call.WaitListening(soon), context.DeadlineExceeded)
		require.Equal(t, http.StatusOK, b.act(call, "/subscribeToTone", map[string]any{}).status)
		require.NoError(t, call.WaitListening(t.Context()))
	}
	call.End(200, 5001, "over")
	err := call.WaitListening(t.Context())
	require.ErrorIs(t, err, simulator.ErrEnded)
	require.ErrorContains(t, err, "(200/5001, over) before the bot asked for keys")
}

func TestSendingTones(t *testing.T) {
	b := newHandBot(t)
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	answer := b.act(call, "/microsoft.graph.sendDtmfTones", map[string]any{"tones": []string{"tone1", "star"}, "delayBetweenTonesMs": 1000})
	require.Equal(t, http.StatusOK, answer.status, string(answer.body))
	require.Equal(t, "running", answer.text("status"))
	data := b.outcome(call, answer.text("id"))
	require.Equal(t, "completed", data["status"])
	require.Equal(t, "completedSuccessfully", data["completionReason"])
	require.Equal(t, []resources.Tone{resources.Tone1, resources.ToneStar}, call.Facts().KeysSent)
	for _, tones := range [][]string{nil, {"tone77"}} {
		require.Equal(t, http.StatusBadRequest, b.act(call, "/sendDtmfTones", map[string]any{"tones": tones}).status)
	}
}

func TestMutingItself(t *testing.T) {
	b := newHandBot(t)
	call, _, _ := b.meet()
	for i, path := range []string{"/mute", "/unmute"} {
		answer := b.act(call, path, map[string]any{"clientContext": "mine"})
		require.Equal(t, http.StatusOK, answer.status, string(answer.body))
		require.Equal(t, "completed", answer.text("status"))
		require.Equal(t, "mine", answer.text("clientContext"))
		require.Contains(t, answer.text("@odata.context"), "muteParticipantOperation")
		require.NotEmpty(t, answer.header.Get("Location"))
		b.settle()
		require.Equal(t, i == 0, entry(b.received()[3+i], 1)["isMuted"])
	}
}

func TestSharingTheScreen(t *testing.T) {
	b := newHandBot(t)
	_, meeting, _ := b.meet()
	body := b.joining(meeting)
	body["mediaConfig"] = map[string]any{"@odata.type": "#microsoft.graph.appHostedMediaConfig", "blob": "b"}
	call := b.create(body)
	answer := b.act(call, "/changeScreenSharingRole", map[string]any{"role": "sharer"})
	require.Equal(t, http.StatusAccepted, answer.status, string(answer.body))
	require.Empty(t, answer.body)
	b.settle()
	deliveries := call.Deliveries()
	roster := deliveries[len(deliveries)-1].Notification().Data.(resources.Participants)
	require.Equal(t, resources.ModalityVideoBasedScreenSharing, roster[2].MediaStreams[1].MediaType)
	require.Equal(t, resources.MediaDirectionSendOnly, roster[2].MediaStreams[1].Direction)
	require.Equal(t, http.StatusBadRequest, b.act(call, "/changeScreenSharingRole", map[string]any{"role": "singer"}).status)
	service := b.create(b.joining(meeting))
	require.Equal(t, http.StatusBadRequest, b.act(service, "/changeScreenSharingRole", map[string]any{"role": "viewer"}).status)
}

func TestLargeGallery(t *testing.T) {
	b := newHandBot(t)
	call, meeting, adele := b.meet()
	answer := b.act(call, "/addLargeGalleryView", map[string]any{"clientContext": "all"})
	require.Equal(t, http.StatusAccepted, answer.status, string(answer.body))
	require.Equal(t, "running", answer.text("status"))
	require.Equal(t, []string{"deleted completed", "updated roster of 3"}, b.since(3))
	gallery := entry(b.received()[4], 2)
	require.Equal(t, "LargeGallery-V2", at(gallery, "info", "identity", "application", "ApplicationType"))
	adele.Leave()
	meeting.End()
	<-call.Done()
}

func TestRecordingStatusNeedsARecording(t *testing.T) {
	b := newHandBot(t)
	call, _, _ := b.meet()
	answer := b.act(call, "/updateRecordingStatus", map[string]any{"status": "recording"})
	require.Equal(t, http.StatusBadRequest, answer.status)
	require.Equal(t, "8506", answer.text("error", "code"))
	require.Equal(t, http.StatusBadRequest, b.act(call, "/updateRecordingStatus", map[string]any{"status": "perhaps"}).status)
}

func TestLoggingDeviceQuality(t *testing.T) {
	b := newHandBot(t)
	quality := map[string]any{"callChainId": "c", "participantId": "p", "mediaQualityList": []any{map[string]any{"channelIndex": 1}}}
	answer := b.ask(http.MethodPost, "/logTeleconferenceDeviceQuality", map[string]any{"quality": quality})
	require.Equal(t, http.StatusOK, answer.status)
	require.Empty(t, answer.body)
	require.Equal(t, http.StatusBadRequest, b.ask(http.MethodPost, "/logTeleconferenceDeviceQuality", map[string]any{}).status)
}

func TestActionsNeedTheirPermission(t *testing.T) {
	b := newHandBot(t)
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	token, err := b.platform.AccessToken(b.bot, b.bot.TenantID, simulator.Claim("roles", []string{"Calls.Initiate.All"}))
	require.NoError(t, err)
	answer := b.ask(http.MethodPost, "/"+call.ID()+"/subscribeToTone", nil, "Authorization", "Bearer "+token)
	require.Equal(t, http.StatusForbidden, answer.status)
	require.Equal(t, "7504", answer.text("error", "code"))
}

func TestBetaRecordingAndTranscription(t *testing.T) {
	b := newHandBot(t)
	call, _, _ := b.meet()
	for _, path := range []string{"/startRecording", "/stopRecording", "/startTranscription", "/stopTranscription"} {
		require.Equal(t, http.StatusBadRequest, b.act(call, path, nil).status, "v1.0 does not have it")
		answer := b.onBeta(call, path, map[string]any{"clientContext": "mine"})
		require.Equal(t, http.StatusOK, answer.status, string(answer.body))
		require.Equal(t, "completed", answer.text("status"))
	}
	b.settle()
	posts := b.received()[3:]
	require.Equal(t, "recording", entry(posts[0], 1)["recordingInfo"].(map[string]any)["recordingStatus"])
	require.Equal(t, "notRecording", entry(posts[1], 1)["recordingInfo"].(map[string]any)["recordingStatus"])
	require.Equal(t, "active", at(posts[2].data(), "transcription", "state"))
	require.Equal(t, "inactive", b.ask(http.MethodGet, "/"+call.ID(), nil).text("transcription", "state"))
}

// What an action leads to is told when its reply has gone out, however late that
// is.
func TestNewsFollowTheReply(t *testing.T) {
	inVirtualTime(t, func(t *testing.T, b *handBot) {
		news := func(call *simulator.Call, ask func(*simulator.Call, string, any) reply, path string, body any) {
			t.Helper()
			b.settle()
			before := len(call.Exchanges())
			answer := ask(call, path, body)
			require.Less(t, answer.status, 300, "%s: %s", path, answer.body)
			b.settle()
			fresh := call.Exchanges()[before:]
			require.Greater(t, len(fresh), 1, "%s led to nothing", path)
			require.False(t, fresh[0].ToBot, path)
		}
		call, meeting, adele := b.meet()
		alex, megan := b.platform.AddPerson("Alex Wilber"), b.platform.AddPerson("Megan Bowen")
		alex.Join(meeting)
		answered, rejected, redirected := megan.Call(b.bot), megan.Call(b.bot), megan.Call(b.bot)
		b.platform.SlowReplies(time.Second)
		news(answered.Call, b.act, "/answer", b.answering())
		news(answered.Call, b.act, "/transfer", transferTo(b.platform.AddPerson("Lee Gu")))
		news(rejected.Call, b.act, "/reject", map[string]any{"reason": "busy"})
		news(redirected.Call, b.act, "/redirect", map[string]any{"targets": []any{transferTo(alex)["transferTarget"]}})

		person := "/participants/" + adele.ParticipantID()
		news(call, b.act, "/mute", nil)
		news(call, b.act, person+"/mute", nil)
		news(call, b.act, person+"/startHoldMusic", nil)
		news(call, b.act, person+"/stopHoldMusic", nil)
		news(call, b.act, "/addLargeGalleryView", nil)
		news(call, b.act, "/participants/invite", inviting(megan))
		news(call, b.onBeta, "/startRecording", nil)
		news(call, b.onBeta, "/startTranscription", nil)
		b.platform.SlowReplies(time.Millisecond)
		b.act(call, "/playPrompt", prompts(20))
		news(call, b.act, "/cancelMediaProcessing", nil)
		b.platform.SlowReplies(time.Second)
		remove := func(call *simulator.Call, path string, _ any) reply {
			return b.ask(http.MethodDelete, "/"+call.ID()+path, nil)
		}
		news(call, remove, person, nil)
		news(call, remove, "", nil)
	})
}
