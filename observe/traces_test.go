package observe_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

const (
	answerSpan = "POST /communications/calls/{id}/answer"
	createSpan = "POST /communications/calls"
)

// A notification, what became of it, the handler that was told and the request that
// it made are one trace.
func TestNotificationHandlerAndRequestAreOneTrace(t *testing.T) {
	r := newRig(t)
	answered := r.answers()
	r.platform.AddPerson("Adele Vance").Call(r.bot)
	call := r.taken(answered)

	answer := r.span(named(answerSpan))
	handler := r.span(named("handle OnIncoming"))
	require.Equal(t, handler.SpanContext.SpanID(), answer.Parent.SpanID())
	delivery := r.span(both(named("deliver notifications"), func(s tracetest.SpanStub) bool {
		return s.SpanContext.SpanID() == handler.Parent.SpanID()
	}))
	require.False(t, delivery.Parent.IsValid())
	input := r.span(both(with("graphcalls.call.state", "incoming"), func(s tracetest.SpanStub) bool {
		return s.Parent.SpanID() == delivery.SpanContext.SpanID()
	}))

	require.Equal(t, trace.SpanKindConsumer, delivery.SpanKind)
	require.Equal(t, trace.SpanKindInternal, input.SpanKind)
	require.Equal(t, trace.SpanKindInternal, handler.SpanKind)
	require.Equal(t, trace.SpanKindClient, answer.SpanKind)
	require.Equal(t, "process call", input.Name)
	told := attributesOf(input.Attributes)
	require.Equal(t, "applied", told["graphcalls.input.verdict"])
	require.Equal(t, attributesOf(delivery.Attributes)["messaging.message.id"], told["messaging.message.id"])
	require.NotEmpty(t, told["messaging.message.id"])
	for _, span := range []tracetest.SpanStub{delivery, input, handler, answer} {
		told := attributesOf(span.Attributes)
		require.Equal(t, call.ID(), told["graphcalls.call.id"], span.Name)
		require.Equal(t, codes.Unset, span.Status.Code)
		require.False(t, span.EndTime.Before(span.StartTime))
	}
	request := attributesOf(answer.Attributes)
	require.Equal(t, "202", request["http.response.status_code"])
	require.Equal(t, "POST", request["http.request.method"])
	require.Equal(t, "answer", request["graphcalls.request.action"])
	require.Equal(t, "127.0.0.1", request["server.address"])
	require.NotEmpty(t, request["graphcalls.request.id"])
}

// Create, notifications and operations of one call are in the trace of the request
// that placed it, or linked to it.
func TestEverythingOfACallIsLinkedToItsBeginning(t *testing.T) {
	r := newRig(t)
	statefulclient.On(r.client.Calls(), func(context.Context, statefulclient.StateChanged) {})
	call := r.call(r.platform.AddPerson("Adele Vance"))
	r.play(call)
	r.hangUp(call)

	create := r.span(named(createSpan))
	spans := only(r.spans(), with("graphcalls.call.id", call.ID()))
	names := map[string]int{}
	for _, span := range spans {
		switch {
		case span.SpanContext.TraceID() == create.SpanContext.TraceID():
		case span.Name == "deliver notifications" && len(span.Links) == 0:
			// It overtook the reply that names the call: what it led to is linked.
		default:
			require.Len(t, span.Links, 1, span.Name)
			require.Equal(t, create.SpanContext.SpanID(), span.Links[0].SpanContext.SpanID(), span.Name)
			names[span.Name]++
		}
	}
	for _, name := range []string{
		"deliver notifications", "process call", "process operation", "handle StateChanged",
		"POST /communications/calls/{id}/playPrompt", "DELETE /communications/calls/{id}",
	} {
		require.Positive(t, names[name], name)
	}
}

func TestEverythingOfAnIncomingCallIsLinkedToItsFirstNotification(t *testing.T) {
	r := newRig(t)
	answered := r.answers()
	r.platform.AddPerson("Adele Vance").Call(r.bot)
	call := r.taken(answered)
	r.hangUp(call)
	above := r.span(named("handle OnIncoming")).Parent
	first := r.span(func(s tracetest.SpanStub) bool { return s.SpanContext.SpanID() == above.SpanID() })
	linked := 0
	for _, span := range only(r.spans(), with("graphcalls.call.id", call.ID())) {
		if span.SpanContext.TraceID() != first.SpanContext.TraceID() {
			require.Len(t, span.Links, 1, span.Name)
			require.Equal(t, first.SpanContext.SpanID(), span.Links[0].SpanContext.SpanID(), span.Name)
			linked++
		}
	}
	require.Greater(t, linked, 3)
}

// A bot's own spans are below the handler's that it makes them in, and what the
// host does with a POST above.
func TestSpansOfTheBotNest(t *testing.T) {
	var tracer trace.Tracer
	r := newRig(t, rigOptions{front: func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
			ctx, span := tracer.Start(q.Context(), "host")
			defer span.End()
			next.ServeHTTP(w, q.WithContext(ctx))
		})
	}})
	tracer = sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(r.recorder)).Tracer("bot")
	r.client.Calls().OnIncoming(func(ctx context.Context, e statefulclient.IncomingCall) {
		ctx, span := tracer.Start(ctx, "decide")
		defer span.End()
		_ = e.Call.Reject(ctx, resources.RejectReasonBusy)
	})
	incoming := r.platform.AddPerson("Adele Vance").Call(r.bot)
	<-incoming.Done()
	above := map[string]string{
		"POST /communications/calls/{id}/reject": "decide", "decide": "handle OnIncoming",
		"handle OnIncoming": "deliver notifications", "deliver notifications": "host",
	}
	for below, name := range above {
		span := only(r.spans(), named(below))[0]
		parent := r.span(func(s tracetest.SpanStub) bool { return s.SpanContext.SpanID() == span.Parent.SpanID() })
		require.Equal(t, name, parent.Name)
	}
}

func TestFailuresAreMarked(t *testing.T) {
	r := newRig(t)
	call := r.call(r.platform.AddPerson("Adele Vance"))
	subscription := statefulclient.On(call, func(context.Context, statefulclient.ToneReceived) { panic("a secret") })
	r.platform.Call(call.ID()).PressKey(resources.Tone1)
	r.until(func(stats statefulclient.Stats) bool { return stats.HandlerPanics == 1 })
	subscription.Cancel()
	r.platform.FailNext(simulator.Failure{Path: "/mute", Status: http.StatusConflict})
	require.Error(t, call.Mute(r.context()))
	r.platform.FailNext(simulator.Failure{Path: "/keepAlive", Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"0"}}})
	require.NoError(t, call.KeepAlive(r.context()))
	cancelled, cancel := context.WithCancel(r.context())
	cancel()
	require.Error(t, call.SubscribeToTone(cancelled))

	for name, want := range map[string]string{
		"handle ToneReceived":                             "panic",
		"POST /communications/calls/{id}/mute":            "409",
		"POST /communications/calls/{id}/subscribeToTone": "canceled",
	} {
		span := r.span(named(name))
		require.Equal(t, codes.Error, span.Status.Code, name)
		require.Equal(t, want, span.Status.Description)
		require.Equal(t, want, attributesOf(span.Attributes)["error.type"])
	}
	again := r.span(named("POST /communications/calls/{id}/keepAlive"))
	require.Equal(t, codes.Unset, again.Status.Code)
	require.Equal(t, "1", attributesOf(again.Attributes)["http.request.resend_count"])
	require.Equal(t, int64(1), value(r.collect(), "graphcalls.request.resends", map[string]string{"url.template": "/communications/calls/{id}/keepAlive"}))
}

func TestDeliveryThatIsNotTakenIsMarked(t *testing.T) {
	r := newRig(t, rigOptions{limits: statefulclient.Limits{Calls: 1}})
	answered := r.answers()
	r.platform.AddPerson("Adele Vance").Call(r.bot)
	r.taken(answered)
	r.platform.AddPerson("Alex Wilber").Call(r.bot)
	refused := only(r.spans(), func(s tracetest.SpanStub) bool { return s.Status.Code == codes.Error })
	require.NotEmpty(t, refused)
	require.Equal(t, "deliver notifications", refused[0].Name)
	require.Equal(t, "busy", attributesOf(refused[0].Attributes)["error.type"])
	require.Equal(t, int64(len(refused)), value(r.collect(), "graphcalls.delivery.duration", map[string]string{"error.type": "busy"}))
}

// What the sampler does not want is not there; metrics are.
func TestSamplingIsRespected(t *testing.T) {
	r := newRig(t, rigOptions{sampler: sdktrace.NeverSample()})
	answered := r.answers()
	r.platform.AddPerson("Adele Vance").Call(r.bot)
	r.hangUp(r.taken(answered))
	require.Empty(t, r.spans())
	require.Equal(t, int64(1), value(r.collect(), "graphcalls.call.ended", nil))
}

func TestNothingIsToldAfterStop(t *testing.T) {
	r := newRig(t)
	r.hangUp(r.call(r.platform.AddPerson("Adele Vance")))
	before := len(r.spans())
	require.Positive(t, before)
	require.NotEmpty(t, r.collect()["graphcalls.webhook.requests"])
	r.telemetry.Stop()
	r.telemetry.Stop()
	r.hangUp(r.call(r.platform.AddPerson("Alex Wilber")))
	require.Len(t, r.spans(), before)
	require.Empty(t, r.collect()["graphcalls.webhook.requests"])
}
