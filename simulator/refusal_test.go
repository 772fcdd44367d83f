package simulator_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/simulator"
)

// refuses checks that an action is refused for a reason.
func (b *handBot) refuses(call *simulator.Call, path string, body any, why string) {
	b.t.Helper()
	answer := b.onBeta(call, path, body)
	require.Equal(b.t, http.StatusBadRequest, answer.status, "%s: %s", path, answer.body)
	require.Contains(b.t, answer.text("error", "message"), why, path)
}

func TestClientContextsHave256CharactersAtMost(t *testing.T) {
	b := newHandBot(t)
	call, _, adele := b.meet()
	person := "/participants/" + adele.ParticipantID()
	for path, body := range map[string]map[string]any{
		"/mute": {}, "/unmute": {}, "/addLargeGalleryView": {}, "/subscribeToTone": {}, "/cancelMediaProcessing": {},
		"/startRecording": {}, "/stopRecording": {}, "/startTranscription": {}, "/stopTranscription": {},
		person + "/mute": {}, person + "/startHoldMusic": {}, person + "/stopHoldMusic": {}, "/participants/muteAll": {},
		"/participants/admitAllFromLobby": {}, person + "/admitFromLobby": {}, person + "/removeFromLobby": {},
		"/participants/invite": inviting(adele), "/transfer": transferTo(adele), "/playPrompt": prompts(1), "/recordResponse": prompts(1),
		"/sendDtmfTones": {"tones": []string{"tone1"}}, "/updateRecordingStatus": {"status": "recording"},
	} {
		body = maps.Clone(body)
		body["clientContext"] = strings.Repeat("ä", 257)
		b.refuses(call, path, body, "clientContext")
	}
}

func TestSomeActionsAreForGroupCalls(t *testing.T) {
	b := newHandBot(t)
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	for path, body := range map[string]any{
		"/mute": nil, "/unmute": nil, "/addLargeGalleryView": nil, "/changeScreenSharingRole": map[string]any{"role": "sharer"},
		"/startRecording": nil, "/stopRecording": nil, "/startTranscription": nil, "/stopTranscription": nil, "/participants/muteAll": nil,
	} {
		b.refuses(call, path, body, "for group calls only")
	}
}

func TestSomeActionsAreForMediaTheServiceHosts(t *testing.T) {
	b := newHandBot(t)
	body := b.callTo(b.platform.AddPerson("Adele Vance"))
	body["mediaConfig"] = map[string]any{"@odata.type": "#microsoft.graph.appHostedMediaConfig", "blob": "b"}
	call := b.create(body)
	for path, body := range map[string]any{
		"/playPrompt": prompts(1), "/recordResponse": prompts(1), "/cancelMediaProcessing": nil, "/subscribeToTone": nil,
		"/sendDtmfTones": map[string]any{"tones": []string{"tone1"}},
	} {
		b.refuses(call, path, body, "hosted by the application")
	}
}

func TestWhoWaitsInTheLobbyAdmitsNobody(t *testing.T) {
	b := newHandBot(t)
	call := b.create(b.joining(b.platform.AddMeeting(simulator.Meeting{Lobby: simulator.LobbyForAll})))
	b.refuses(call, "/participants/admitAllFromLobby", nil, "in the lobby itself")
}
