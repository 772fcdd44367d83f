package observe_test

import (
	"bytes"
	"context"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

// alone is a fleet of one, whose queue hands on at once.
type alone struct {
	ctx      context.Context // of the queue
	intake   statefulclient.Intake
	position atomic.Uint64
}

func (*alone) Place(context.Context) (string, func(), error) { return "7", func() {}, nil }

func (*alone) Hold(context.Context, string) error { return nil }

func (a *alone) Deliver(ctx context.Context, _ string, d transport.Delivery) (transport.Answer, error) {
	answer, err := a.intake.Decide(ctx, d)
	if err != nil {
		return answer, err
	}
	return answer, a.intake.Take(a.ctx, statefulclient.Queued{Delivery: d, Place: "7", Position: a.position.Add(1)})
}

// In a fleet a POST comes in, and is taken from the queue; what it leads to is below
// that.
func TestDeliveryFromAQueue(t *testing.T) {
	r := newRig(t, rigOptions{build: func(b *statefulclient.StatefulClientBuilder) {
		b.SetFleet(bytes.Repeat([]byte("k"), 32), func(intake statefulclient.Intake) statefulclient.Fleet {
			return &alone{ctx: t.Context(), intake: intake}
		})
	}})
	answered := r.answers()
	r.platform.AddPerson("Adele Vance").Call(r.bot)
	r.hangUp(r.taken(answered))
	handler := r.span(named("handle OnIncoming"))
	taken := r.span(func(s tracetest.SpanStub) bool { return s.SpanContext.SpanID() == handler.Parent.SpanID() })
	require.Equal(t, "take notifications", taken.Name)
	require.Equal(t, "take", attributesOf(taken.Attributes)["messaging.operation.name"])
	came := only(r.spans(), named("deliver notifications"))
	require.Len(t, only(r.spans(), named("take notifications")), len(came))
	require.Equal(t, int64(len(came)), value(r.collect(), "graphcalls.delivery.duration", nil))
}
