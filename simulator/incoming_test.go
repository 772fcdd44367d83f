package simulator_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

func (b *handBot) answering() map[string]any {
	return map[string]any{
		"callbackUri": b.url + "/answered", "acceptedModalities": []string{"audio"}, "mediaConfig": b.serviceMedia(),
	}
}

func TestAnsweringACall(t *testing.T) {
	b := newHandBot(t)
	adele := b.platform.AddPerson("Adele Vance")
	call := adele.Call(b.bot)
	require.NoError(t, call.WaitForDeliveries(b.soon(), 1))
	first := b.received()[0]
	require.Equal(t, "created incoming", first.String())
	require.Equal(t, "/api/calls", first.path)
	require.NotContains(t, first.header, "Scenario-Id")
	require.Equal(t, adele.ID, at(first.data(), "source", "identity", "user", "id"))
	require.Equal(t, "incoming", first.data()["direction"])
	require.NotEmpty(t, first.data()["myParticipantId"])

	answer := b.ask(http.MethodPost, "/"+call.ID()+"/answer", b.answering())
	require.Equal(t, http.StatusAccepted, answer.status)
	require.Empty(t, answer.body)
	require.NoError(t, call.WaitAnswered(b.soon()))
	b.settle()
	require.Equal(t, []string{"updated establishing", "updated established", "updated established +mediaState"}, b.heard()[1:])
	for _, p := range b.received()[1:] {
		require.Equal(t, "/api/calls/answered", p.path, "from now on the call's own address")
		require.NotEmpty(t, p.header.Get("Scenario-Id"))
	}
	require.Equal(t, http.StatusBadRequest, b.ask(http.MethodPost, "/"+call.ID()+"/answer", b.answering()).status)

	call.Hangup()
	b.settle()
	require.Equal(t, "deleted terminated", b.heard()[4])
}

func TestAnsweringFromWithinTheWebhook(t *testing.T) {
	b := newHandBot(t)
	b.respondWith(func(w http.ResponseWriter, _ *http.Request, p post) {
		if id, ok := p.data()["id"].(string); ok && p.data()["state"] == "incoming" {
			answer, err := b.try(http.MethodPost, "/"+id+"/answer", b.answering())
			if err != nil || answer.status != http.StatusAccepted {
				w.WriteHeader(http.StatusInternalServerError)
				return
			}
		}
		w.WriteHeader(http.StatusAccepted)
	})
	call := b.platform.AddPerson("Adele Vance").Call(b.bot)
	require.NoError(t, call.WaitForState(b.soon(), resources.CallStateEstablished))
	b.settle()
	require.Len(t, b.received(), 4)
}

func TestAnswerIsChecked(t *testing.T) {
	b := newHandBot(t)
	call := b.platform.AddPerson("Adele Vance").Call(b.bot)
	path := "/" + call.ID() + "/answer"
	require.Equal(t, http.StatusBadRequest, b.ask(http.MethodPost, path, map[string]any{"callbackUri": b.url}).status)
	require.Equal(t, http.StatusBadRequest, b.ask(http.MethodPost, path, map[string]any{"callbackUri": "http://bot.example", "mediaConfig": b.serviceMedia()}).status)
	require.Equal(t, http.StatusBadRequest, b.ask(http.MethodPost, path, "[]").status)
	require.Equal(t, http.StatusNotFound, b.ask(http.MethodPost, "/11111111-2222-4333-8444-555555555555/answer", b.answering()).status)
	require.Equal(t, resources.CallStateIncoming, call.State())
}

func TestRejectingACall(t *testing.T) {
	b := newHandBot(t)
	call := b.platform.AddPerson("Adele Vance").Call(b.bot)
	require.Equal(t, http.StatusBadRequest, b.ask(http.MethodPost, "/"+call.ID()+"/reject", map[string]any{"reason": "lunch"}).status)
	answer := b.ask(http.MethodPost, "/"+call.ID()+"/reject", map[string]any{"reason": "Busy"})
	require.Equal(t, http.StatusAccepted, answer.status)
	require.Empty(t, answer.body)
	require.ErrorIs(t, call.WaitAnswered(b.soon()), simulator.ErrRejected)
	require.Equal(t, resources.RejectReasonBusy, call.Facts().Rejected)
	b.settle()
	gone := b.received()[1]
	require.Equal(t, "deleted", gone.value["changeType"])
	require.Equal(t, map[string]any{
		"@odata.type": "#microsoft.graph.call", "@odata.id": "/communications/calls/" + call.ID(),
	}, gone.data())
}

func TestUnansweredCallIsWithdrawn(t *testing.T) {
	b := newHandBot(t, func(o *simulator.Options) { o.AnswerWindow = 50 * time.Millisecond })
	call := b.platform.AddPerson("Adele Vance").Call(b.bot)
	require.ErrorIs(t, call.WaitAnswered(b.soon()), simulator.ErrEnded)
	answer := b.ask(http.MethodPost, "/"+call.ID()+"/answer", b.answering())
	require.Equal(t, http.StatusNotFound, answer.status)
	require.Equal(t, "8522", answer.text("error", "code"))
}

func TestLegacyFormatFirst(t *testing.T) {
	b := newHandBot(t)
	legacy := b.platform.RegisterBot(simulator.Bot{CallingWebhook: b.url, LegacyFirst: true})
	b.respondWith(func(w http.ResponseWriter, _ *http.Request, p post) {
		if p.value == nil {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.WriteHeader(http.StatusAccepted)
	})
	b.platform.AddPerson("Adele Vance").Call(legacy)
	b.settle()
	posts := b.received()
	require.Len(t, posts, 2)
	_, err := resources.DecodeNotifications(posts[0].body)
	require.ErrorIs(t, err, resources.ErrLegacyFormat)
	require.Equal(t, "created incoming", posts[1].String())
}
