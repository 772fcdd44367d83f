package simulator_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

func prompts(count int) map[string]any {
	list := []any{}
	for range count {
		list = append(list, map[string]any{
			"@odata.type": "#microsoft.graph.mediaPrompt",
			"mediaInfo":   map[string]any{"uri": "https://cdn.contoso.com/beep.wav"},
		})
	}
	return map[string]any{"clientContext": "ctx-1", "prompts": list}
}

func TestPlayingAPrompt(t *testing.T) {
	b := newHandBot(t)
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	answer := b.ask(http.MethodPost, "/"+call.ID()+"/playPrompt", prompts(1))
	require.Equal(t, http.StatusOK, answer.status, string(answer.body))
	require.Equal(t, []string{"https://cdn.contoso.com/beep.wav"}, call.Facts().Prompts)
	id := answer.text("id")
	require.Equal(t, "running", answer.text("status"))
	require.Equal(t, "ctx-1", answer.text("clientContext"))
	require.Equal(t, "#microsoft.graph.playPromptOperation", answer.text("@odata.type"))
	require.Equal(t, b.platform.ServiceBaseURL()+"/communications/calls/"+call.ID()+"/operations/"+id, answer.header.Get("Location"))

	delivery, err := call.WaitForDelivery(b.soon(), simulator.Under(resources.CollectionOperations))
	require.NoError(t, err)
	n := delivery.Notification()
	require.Equal(t, resources.ChangeTypeDeleted, n.ChangeType)
	require.Equal(t, "/communications/calls/"+call.ID()+"/operations/"+id, n.ResourceURL)
	done := n.Data.(resources.OperationData).Common()
	require.Equal(t, resources.OperationStatusCompleted, done.Status)
	require.Equal(t, "ctx-1", done.ClientContext)
	require.Equal(t, int32(200), done.ResultInfo.Code)

	answer = b.ask(http.MethodGet, "/"+call.ID()+"/operations/"+id, nil)
	require.Equal(t, http.StatusOK, answer.status)
	require.Equal(t, "completed", answer.text("status"))
	require.Equal(t, http.StatusNotFound, b.ask(http.MethodGet, "/"+call.ID()+"/operations/none", nil).status)
}

func TestPromptsPlayOneAfterTheOther(t *testing.T) {
	b := newHandBot(t, func(o *simulator.Options) { o.PromptDuration = 30 * time.Millisecond })
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	first := b.ask(http.MethodPost, "/"+call.ID()+"/playPrompt", prompts(3)).text("id")
	second := b.ask(http.MethodPost, "/"+call.ID()+"/playPrompt", prompts(1)).text("id")
	require.NoError(t, call.WaitForDeliveries(b.soon(), 7))
	posts := b.received()
	require.Contains(t, posts[5].value["resourceUrl"], first)
	require.Contains(t, posts[6].value["resourceUrl"], second)
}

func TestPlayPromptIsChecked(t *testing.T) {
	b := newHandBot(t)
	adele := b.platform.AddPerson("Adele Vance")
	call := b.create(b.callTo(adele))
	path := "/" + call.ID() + "/playPrompt"
	for name, body := range map[string]any{
		"none": prompts(0), "too many": prompts(21), "not json": "{",
		"no uri": map[string]any{"prompts": []any{map[string]any{}}},
	} {
		require.Equal(t, http.StatusBadRequest, b.ask(http.MethodPost, path, body).status, name)
	}

	incoming := adele.Call(b.bot)
	require.Equal(t, http.StatusBadRequest, b.ask(http.MethodPost, "/"+incoming.ID()+"/playPrompt", prompts(1)).status)
}

func TestALoopedPromptNeverEnds(t *testing.T) {
	b := newHandBot(t, func(o *simulator.Options) { o.PromptDuration = time.Nanosecond })
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	looped := prompts(1)
	looped["loop"] = true
	require.Equal(t, http.StatusBadRequest, b.act(call, "/playPrompt", looped).status, "v1.0 does not know the word")
	id := b.onBeta(call, "/playPrompt", looped).text("id")
	after := b.ask(http.MethodPost, "/"+call.ID()+"/playPrompt", prompts(1)).text("id")
	_, err := call.WaitForDelivery(b.soon(), simulator.Under(resources.CollectionOperations))
	require.NoError(t, err)
	require.Equal(t, "running", b.ask(http.MethodGet, "/"+call.ID()+"/operations/"+id, nil).text("status"))
	require.Equal(t, "completed", b.ask(http.MethodGet, "/"+call.ID()+"/operations/"+after, nil).text("status"))
}

func TestAPromptPlayedSeveralTimes(t *testing.T) {
	b := newHandBot(t, func(o *simulator.Options) { o.PromptDuration = 30 * time.Millisecond })
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	body := prompts(2)
	body["prompts"].([]any)[0].(map[string]any)["loop"] = 3
	require.Equal(t, http.StatusBadRequest, b.act(call, "/playPrompt", body).status, "v1.0 does not know the word")
	began := time.Now()
	answer := b.onBeta(call, "/playPrompt", body)
	require.Equal(t, http.StatusOK, answer.status, string(answer.body))
	require.Equal(t, "completed", b.outcome(call, answer.text("id"))["status"])
	require.GreaterOrEqual(t, time.Since(began), 4*30*time.Millisecond)
	body["prompts"].([]any)[0].(map[string]any)["loop"] = -1
	require.Equal(t, http.StatusBadRequest, b.onBeta(call, "/playPrompt", body).status)
}
