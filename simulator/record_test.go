package simulator_test

import (
	"encoding/binary"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

// outcome waits for an operation to end, and returns its last words.
func (b *handBot) outcome(call *simulator.Call, id string) map[string]any {
	b.t.Helper()
	_, err := call.WaitForDelivery(b.soon(), func(n *resources.Notification) bool {
		path, _ := n.Path()
		return path.ItemID == id && n.ChangeType == resources.ChangeTypeDeleted
	})
	require.NoError(b.t, err)
	for _, p := range b.received() {
		if data := p.data(); data["id"] == id && data["status"] != nil {
			return data
		}
	}
	b.t.Fatal("no such operation")
	return nil
}

func recording(change map[string]any) map[string]any {
	body := prompts(1)
	maps.Copy(body, change)
	return body
}

func TestRecordingHowItEnds(t *testing.T) {
	for name, test := range map[string]struct {
		body    map[string]any
		during  func(*simulator.Call)
		subcode float64
		reason  string
		status  string
	}{
		"longest": {nil, func(*simulator.Call) {}, 8515, "maxRecordDurationReached", "completed"},
		"stop tone": {
			map[string]any{"maxRecordDurationInSeconds": 120, "stopTones": []string{"#"}, "prompts": []any{}},
			func(c *simulator.Call) { c.PressKey(resources.Tone1); c.PressKey(resources.TonePound) }, 8514, "stopToneDetected", "completed",
		},
		"silence":   {map[string]any{"maxRecordDurationInSeconds": 60}, func(c *simulator.Call) {}, 0, "maxSilenceTimeout", "completed"},
		"no answer": {map[string]any{"maxRecordDurationInSeconds": 60}, func(c *simulator.Call) {}, 8510, "initialSilenceTimeout", "failed"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newHandBot(t)
			call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
			switch name {
			case "silence":
				call.SpeaksFor(2 * time.Second)
			case "no answer":
				call.SpeaksFor(0)
			}
			answer := b.act(call, "/recordResponse", recording(test.body))
			require.Equal(t, http.StatusOK, answer.status, string(answer.body))
			require.Equal(t, "running", answer.text("status"))
			require.Equal(t, "#microsoft.graph.recordOperation", answer.text("@odata.type"))
			require.Contains(t, answer.value, "recordingLocation")
			require.NotEmpty(t, answer.header.Get("Location"))
			test.during(call)
			data := b.outcome(call, answer.text("id"))
			require.Equal(t, test.status, data["status"])
			require.Equal(t, test.reason, data["completionReason"])
			require.Equal(t, test.subcode, data["resultInfo"].(map[string]any)["subcode"])
			require.Equal(t, test.status == "completed", data["recordingLocation"] != nil)
		})
	}
}

func TestDownloadingARecording(t *testing.T) {
	b := newHandBot(t)
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	data := b.outcome(call, b.act(call, "/recordResponse", recording(nil)).text("id"))
	location, token := data["recordingLocation"].(string), data["recordingAccessToken"].(string)

	answer := b.ask(http.MethodGet, location, nil, "Authorization", "Bearer "+token)
	require.Equal(t, http.StatusOK, answer.status)
	require.Equal(t, "application/octet-stream", answer.header.Get("Content-Type"))
	require.Equal(t, "RIFF", string(answer.body[:4]))
	require.Equal(t, "WAVEfmt ", string(answer.body[8:16]))
	require.EqualValues(t, len(answer.body)-8, binary.LittleEndian.Uint32(answer.body[4:]))
	require.EqualValues(t, 16000, binary.LittleEndian.Uint32(answer.body[24:]))

	require.Equal(t, http.StatusUnauthorized, b.ask(http.MethodGet, location, nil).status, "Graph's token is of no use")
	require.Equal(t, http.StatusNotFound, b.ask(http.MethodGet, location+"0", nil, "Authorization", "Bearer "+token).status)
}

func TestRecordingsLastAsLongAsTheOtherEndSpeaks(t *testing.T) {
	b := newHandBot(t)
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	length := func(body map[string]any) time.Duration {
		data := b.outcome(call, b.act(call, "/recordResponse", recording(body)).text("id"))
		answer := b.ask(http.MethodGet, data["recordingLocation"].(string), nil, "Authorization", "Bearer "+data["recordingAccessToken"].(string))
		require.EqualValues(t, len(answer.body)-44, binary.LittleEndian.Uint32(answer.body[40:]))
		return time.Duration(len(answer.body)-44) * time.Second / time.Duration(binary.LittleEndian.Uint32(answer.body[28:]))
	}
	require.Equal(t, 5*time.Second, length(nil), "speaks until it is stopped")
	call.SpeaksFor(1500 * time.Millisecond)
	require.Equal(t, 1500*time.Millisecond, length(map[string]any{"maxRecordDurationInSeconds": 60}))
	require.Equal(t, time.Second, length(map[string]any{"maxRecordDurationInSeconds": 1}))
}

func TestAStopToneCutsTheRecordingShort(t *testing.T) {
	b := newHandBot(t, func(o *simulator.Options) { o.MediaSecond = time.Minute })
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	id := b.act(call, "/recordResponse", recording(map[string]any{"prompts": []any{}, "stopTones": []string{"#"}})).text("id")
	call.PressKey(resources.TonePound)
	data := b.outcome(call, id)
	answer := b.ask(http.MethodGet, data["recordingLocation"].(string), nil, "Authorization", "Bearer "+data["recordingAccessToken"].(string))
	require.Less(t, len(answer.body), 44+32000)
}

func TestBargingIntoThePrompt(t *testing.T) {
	b := newHandBot(t, func(o *simulator.Options) { o.PromptDuration = time.Hour })
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	id := b.act(call, "/recordResponse", recording(map[string]any{"bargeInAllowed": true})).text("id")
	call.PressKey(resources.Tone1)
	require.Equal(t, "maxRecordDurationReached", b.outcome(call, id)["completionReason"])
}

func TestRecordResponseIsChecked(t *testing.T) {
	b := newHandBot(t)
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	for name, body := range map[string]any{
		"two prompts": prompts(2), "too short": recording(map[string]any{"maxRecordDurationInSeconds": 0}),
		"too long": recording(map[string]any{"initialSilenceTimeoutInSeconds": 121}), "no uri": map[string]any{"prompts": []any{map[string]any{}}},
		"long context": recording(map[string]any{"clientContext": strings.Repeat("x", 257)}),
	} {
		require.Equal(t, http.StatusBadRequest, b.act(call, "/recordResponse", body).status, name)
	}
	base := strings.TrimSuffix(b.platform.ServiceBaseURL(), "/v1.0")
	require.Equal(t, http.StatusBadRequest, b.act(call, "/record", recording(nil)).status, "the old name is beta's")
	require.Equal(t, http.StatusOK, b.ask(http.MethodPost, base+"/beta/communications/calls/"+call.ID()+"/record", recording(nil)).status)
}

func TestARecordingStreamedWhileItIsMade(t *testing.T) {
	b := newHandBot(t)
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	body := recording(map[string]any{"streamWhileRecording": true, "stopTones": []string{"#"}, "maxRecordDurationInSeconds": 120, "prompts": []any{}})
	require.Equal(t, http.StatusBadRequest, b.act(call, "/recordResponse", body).status, "v1.0 does not know the word")
	answer := b.onBeta(call, "/recordResponse", body)
	require.Equal(t, http.StatusOK, answer.status, string(answer.body))
	id := answer.text("id")
	now := b.ask(http.MethodGet, "/"+call.ID()+"/operations/"+id, nil)
	require.Equal(t, "running", now.text("status"))
	location := now.text("recordingLocation")
	sound := b.ask(http.MethodGet, location, nil, "Authorization", "Bearer "+now.text("recordingAccessToken"))
	require.Equal(t, http.StatusOK, sound.status)
	call.PressKey(resources.TonePound)
	require.Equal(t, location, b.outcome(call, id)["recordingLocation"], "it stays where it is")
}

func TestPlaybacksAreQueuedAndCancelled(t *testing.T) {
	b := newHandBot(t, func(o *simulator.Options) { o.PromptDuration = time.Hour })
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	b.settle()
	looped := prompts(1)
	looped["loop"] = true
	var ids []string
	for path, bodies := range map[string][]any{"/playPrompt": {prompts(1), looped}, "/recordResponse": {recording(nil)}} {
		for _, body := range bodies {
			ids = append(ids, b.onBeta(call, path, body).text("id"))
		}
	}
	sending := b.act(call, "/sendDtmfTones", map[string]any{"tones": []string{"tone1"}, "delayBetweenTonesMs": 1 << 30}).text("id")

	answer := b.act(call, "/cancelMediaProcessing", map[string]any{"clientContext": "stop"})
	require.Equal(t, http.StatusOK, answer.status)
	require.Equal(t, "completed", answer.text("status"))
	require.Equal(t, "#microsoft.graph.cancelMediaProcessingOperation", answer.text("@odata.type"))
	require.NotEmpty(t, answer.header.Get("Location"))
	for _, id := range ids {
		data := b.outcome(call, id)
		require.Equal(t, "failed", data["status"])
		require.Equal(t, 8508.0, data["resultInfo"].(map[string]any)["subcode"])
		if data["@odata.type"] == "#microsoft.graph.recordOperation" {
			require.Equal(t, "operationCanceled", data["completionReason"])
			require.Empty(t, data["recordingLocation"])
			require.Contains(t, data, "recordingLocation")
		}
	}
	data := b.outcome(call, sending)
	require.Equal(t, "completed", data["status"])
	require.Equal(t, "mediaOperationCanceled", data["completionReason"])
}

func TestARecordingWaitsForThePromptBefore(t *testing.T) {
	b := newHandBot(t)
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	first := b.act(call, "/playPrompt", prompts(2)).text("id")
	second := b.act(call, "/recordResponse", recording(nil)).text("id")
	b.outcome(call, second)
	require.Equal(t, "completed", b.ask(http.MethodGet, "/"+call.ID()+"/operations/"+first, nil).text("status"))
	third := b.act(call, "/playPrompt", prompts(1)).text("id")
	require.Equal(t, "completed", b.outcome(call, third)["status"], "the queue is free again")
}

func TestWhatIsCancelledHoldsNothingUp(t *testing.T) {
	b := newHandBot(t, func(o *simulator.Options) { o.PromptDuration = 20 * time.Millisecond })
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	cancelled := b.act(call, "/playPrompt", prompts(20)).text("id")
	b.act(call, "/cancelMediaProcessing", nil)
	require.Equal(t, "failed", b.outcome(call, cancelled)["status"])
	next := b.act(call, "/playPrompt", prompts(1)).text("id")
	require.Equal(t, "completed", b.outcome(call, next)["status"])
}
