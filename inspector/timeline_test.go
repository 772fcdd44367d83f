package inspector_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/inspector"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

func TestTimelineTellsACallsStory(t *testing.T) {
	r := open(t, inspector.Options{})
	told := make(chan struct{})
	statefulclient.On(r.client.Calls(), func(_ context.Context, e statefulclient.StateChanged) {
		if e.New == resources.CallStateTerminated {
			close(told)
		}
	})
	call, person := r.call("Adele Vance")
	person.Leave()
	<-told
	d, notes := r.until(call.ID(), func(d detail, notes []note) bool {
		_, running := find(notes, func(n note) bool { return n.is("open") })
		return d.State == "terminated" && !running
	})

	came, ok := find(notes, func(n note) bool { return n.Kind == "notification" && n.Detail == "incoming" })
	require.True(t, ok, "%+v", notes)
	require.Equal(t, "created", came.More)
	require.NotEmpty(t, came.ID)
	answer, ok := find(notes, func(n note) bool { return n.Kind == "request" && n.What == "answer" })
	require.True(t, ok, "%+v", notes)
	require.EqualValues(t, http.StatusAccepted, answer.Code)
	require.Equal(t, "communications/calls/{id}/answer", answer.More)
	require.Positive(t, answer.Took)
	require.NotEmpty(t, answer.ID)
	require.NotEmpty(t, answer.Reply)
	require.Equal(t, "OnIncoming", answer.By)
	handler, ok := find(notes, func(n note) bool { return n.Kind == "handler" && n.What == "OnIncoming" })
	require.True(t, ok, "%+v", notes)
	require.GreaterOrEqual(t, handler.Took, answer.Took, "the handler waits for the answer")
	require.True(t, strings.HasPrefix(handler.ID, came.ID), "the event is of the message")
	edge, ok := find(notes, func(n note) bool { return n.Kind == "state" && n.Detail == "terminated" })
	require.True(t, ok, "%+v", notes)
	require.Empty(t, edge.Marks, "who hangs up does nothing bad")

	require.Equal(t, "one to one", d.Kind)
	require.Equal(t, "reported 200/4521, normal", d.End)
	require.Equal(t, r.platform.Tenant().ID, d.Tenant)
	require.NotEmpty(t, d.Scenario)
	require.NotZero(t, d.Ended)
	require.Zero(t, d.Bad)
	var path []string
	for _, step := range d.Path {
		path = append(path, step.State)
	}
	require.Equal(t, "incoming", path[0])
	require.Equal(t, "terminated", path[len(path)-1])
	require.Len(t, d.Edges, len(path))
}

// What a call's request was before there was the call belongs to it.
func TestRequestThatMadeACallIsInItsTimeline(t *testing.T) {
	r := open(t, inspector.Options{})
	person := r.platform.AddPerson("Adele Vance")
	call, err := r.client.Calls().Add(r.soon(), statefulclient.CallTo(person.TenantID, statefulclient.UserIdentity(person.ID)))
	require.NoError(t, err)
	_, notes := r.until(call.ID(), func(d detail, notes []note) bool { return d.State == "established" })
	made, ok := find(notes, func(n note) bool { return n.What == "createCall" })
	require.True(t, ok, "%+v", notes)
	require.EqualValues(t, http.StatusCreated, made.Code)
	require.Empty(t, made.Marks)

	s := r.listen("call?id=")
	e, _ := s.next()
	for _, n := range decode[struct{ Notes []note }](t, e.data).Notes {
		require.Empty(t, n.Kind, "it belongs to a call now")
	}
}

func TestStaleAndDuplicateNotificationsAreMarked(t *testing.T) {
	r := open(t, inspector.Options{})
	call, _ := r.call("Adele Vance")
	call.Duplicate(1)
	call.SetMediaActive(false)
	_, notes := r.until(call.ID(), func(_ detail, notes []note) bool {
		_, ok := find(notes, func(n note) bool { return n.is("redelivered") })
		return ok
	})
	again, _ := find(notes, func(n note) bool { return n.is("redelivered") })
	first, ok := find(notes, func(n note) bool { return n.ID == again.ID && n.N != again.N })
	require.True(t, ok)
	require.False(t, first.is("redelivered"))

	call.Heal()
	call.DuplicateAsNew(1)
	call.SetMediaActive(true)
	r.until(call.ID(), func(_ detail, notes []note) bool {
		_, ok := find(notes, func(n note) bool { return n.is("duplicate") && n.Detail == "established, audio active" })
		return ok
	})

	call.Heal()
	call.Notify([]byte(`{"value":[{"changeType":"updated","resourceUrl":"/communications/calls/` + call.ID() + `","resourceData":{"@odata.type":"#microsoft.graph.call","state":"establishing"}}]}`))
	d, _ := r.until(call.ID(), func(_ detail, notes []note) bool {
		_, ok := find(notes, func(n note) bool { return n.is("stale") && n.Detail == "establishing" })
		return ok
	})
	require.GreaterOrEqual(t, d.Odd, 2)
	require.Zero(t, d.Bad)
}

func TestFailedAndRepeatedRequestsAreMarked(t *testing.T) {
	r := open(t, inspector.Options{})
	sim, _ := r.call("Adele Vance")
	call, ok := r.client.Calls().Get(sim.ID())
	require.True(t, ok)
	r.platform.FailNext(simulator.Failure{Path: "/subscribeToTone", Status: http.StatusServiceUnavailable, Header: http.Header{"Retry-After": {"0"}}})
	require.NoError(t, call.SubscribeToTone(r.soon()))
	r.platform.FailNext(simulator.Failure{Path: "/playPrompt", Status: http.StatusInternalServerError})
	_, err := call.PlayPrompt(r.soon(), resources.NewMediaPrompt("https://bot.contoso.com/secret-prompt.wav"))
	require.Error(t, err)

	d, notes := r.look(sim.ID())
	repeated, ok := find(notes, func(n note) bool { return n.What == "subscribeToTone" && n.Kind == "request" })
	require.True(t, ok, "%+v", notes)
	require.True(t, repeated.is("retried"), "%+v", repeated)
	require.EqualValues(t, 2, repeated.Count)
	failed, ok := find(notes, func(n note) bool { return n.What == "playPrompt" })
	require.True(t, ok, "%+v", notes)
	require.True(t, failed.is("failed"), "%+v", failed)
	require.EqualValues(t, http.StatusInternalServerError, failed.Code)
	require.Equal(t, 1, d.Bad)
}

func TestHandlersThatPanicOrDoNotReturnShow(t *testing.T) {
	r := open(t, inspector.Options{})
	hang, stuck := make(chan struct{}), make(chan struct{})
	statefulclient.On(r.client.Calls(), func(_ context.Context, e statefulclient.ToneReceived) {
		if e.Tone == resources.ToneStar {
			panic("nobody thought of the star")
		}
		close(stuck)
		<-hang
	})
	call, _ := r.call("Adele Vance")
	call.PressKey(resources.ToneStar)
	call.PressKey(resources.Tone1)
	<-stuck
	d, notes := r.look(call.ID())
	_, ok := find(notes, func(n note) bool { return n.What == "ToneReceived" && n.is("panicked") })
	require.True(t, ok, "%+v", notes)
	_, ok = find(notes, func(n note) bool { return n.What == "ToneReceived" && n.is("open") })
	require.True(t, ok, "%+v", notes)
	require.Equal(t, 1, d.Running)
	require.Equal(t, 1, d.Bad)
	close(hang)
	r.until(call.ID(), func(d detail, _ []note) bool { return d.Running == 0 })
}

func TestCallThatEndsBadlyIsInTrouble(t *testing.T) {
	r := open(t, inspector.Options{})
	call, _ := r.call("Adele Vance")
	call.End(500, 1003, "Internal server error. DiagCode: 500#1203002.@")
	d, _ := r.until(call.ID(), func(d detail, _ []note) bool { return d.Ended > 0 })
	require.Contains(t, d.End, "reported 500/1003 (DiagCode 500#1203002), ")
	require.NotZero(t, d.Bad)
	require.Equal(t, []string{call.ID()}, r.list("show=trouble").Order)
}

// A notification nobody knows the call of is among what belongs to none.
func TestStrangersBelongToNoCall(t *testing.T) {
	r := open(t, inspector.Options{})
	call, _ := r.call("Adele Vance")
	_, err := r.platform.Post(t.Context(), r.account, []byte(`{"value":[{"changeType":"updated","resourceUrl":"/communications/calls/stranger","resourceData":{"@odata.type":"#microsoft.graph.call","state":"established"}}]}`), simulator.PostOptions{})
	require.NoError(t, err)
	isStranger := func(n note) bool { return n.About == "stranger" }
	_, notes := r.until("", func(_ detail, notes []note) bool {
		_, ok := find(notes, isStranger)
		return ok
	})
	stranger, _ := find(notes, isStranger)
	require.True(t, stranger.is("open"), "it waits for its call")
	_, notes = r.look(call.ID())
	_, ok := find(notes, isStranger)
	require.False(t, ok)
}
