package observe

import (
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// lives is what is remembered of the calls there are, and for a while of those that
// have ended, whose last handlers are still to run.
type lives struct {
	byID   sync.Map // call id → *life
	size   atomic.Int64
	bound  atomic.Int64 // on size; past it is swept
	placed placed

	states, directions words

	mu     sync.Mutex
	counts map[stage]int64 // of every stage there has been
}

// life is what is remembered of one call.
type life struct {
	call *statefulclient.Call
	// began is nil where that was not seen, and once it was told how long it lasted.
	began atomic.Pointer[time.Time]
	// origin is the first span there was of the call, to which the others are linked.
	origin atomic.Pointer[trace.SpanContext]
	stage  atomic.Pointer[stage]
	ended  atomic.Bool

	doomed bool // found to be over by the sweep before; only for it
}

// stage is what calls are counted by.
type stage struct{ direction, state string }

func (s stage) attributes() []attribute.KeyValue {
	return []attribute.KeyValue{directionKey.String(s.direction), stateKey.String(s.state)}
}

// roomForEnded is how many ended calls are remembered where few are live.
const roomForEnded = 1024

// of returns what is remembered of a call; nil if nothing is.
func (l *lives) of(callID string) *life {
	if known, ok := l.byID.Load(callID); ok {
		return known.(*life)
	}
	return nil
}

// begin returns what is remembered of a call, which begins now if nothing was.
func (l *lives) begin(call *statefulclient.Call) *life {
	known := l.of(call.ID())
	if known != nil && known.call == call {
		return known
	}
	fresh := &life{call: call}
	fresh.origin.Store(l.placed.take(call.ScenarioID()))
	if known != nil && l.byID.CompareAndSwap(call.ID(), known, fresh) {
		return fresh // in the place of one that was released
	}
	if other, was := l.byID.LoadOrStore(call.ID(), fresh); was {
		return other.(*life)
	}
	if size := l.size.Add(1); size > l.bound.Load() {
		l.sweep()
	}
	return fresh
}

// link links a span of the call to the first there was, unless that is in the same
// trace. If there was none, it has the first be first, which is the span or what it
// is below. Of a call that is not remembered it links nothing.
func (l *life) link(span trace.Span, first trace.SpanContext) {
	if l == nil {
		return
	}
	origin, own := l.origin.Load(), span.SpanContext()
	switch {
	case origin == nil && first.IsSampled():
		l.begins(first)
	case origin == nil && own.IsSampled():
		l.begins(own)
	case origin != nil && origin.TraceID() != own.TraceID():
		span.AddLink(trace.Link{SpanContext: *origin})
	}
}

// begins makes a span the first there was of the call. Of two at the same time one
// is.
func (l *life) begins(with trace.SpanContext) { l.origin.CompareAndSwap(nil, &with) }

// found remembers calls that nothing was told of: that were there before, or were
// restored.
func (l *lives) found(calls *statefulclient.Calls) {
	for call := range calls.All() {
		if known := l.begin(call); known.stage.Load() == nil {
			known.stage.CompareAndSwap(nil, l.stageOf(call.Vitals().Resource)) // what is heard meanwhile goes before
		}
	}
}

// enter has a call be where an input led it. Its first may be told after others, and
// then changes nothing.
func (l *lives) enter(life *life, in *statefulclient.ObservedInput) *stage {
	at := l.stageOf(in.New)
	if in.Old == nil {
		life.stage.CompareAndSwap(nil, at)
	} else {
		life.stage.Store(at)
	}
	return at
}

func (l *lives) stageOf(call *resources.Call) *stage {
	return &stage{l.directions.of(string(call.Direction)), l.states.of(string(call.State))}
}

// count counts the calls that are live, by stage. A stage that no call is in any
// more counts none.
func (l *lives) count(calls *statefulclient.Calls) []value {
	l.found(calls)
	l.sweep()
	l.mu.Lock()
	defer l.mu.Unlock()
	values := make([]value, 0, len(l.counts))
	for stage, n := range l.counts {
		values = append(values, value{n, attribute.NewSet(stage.attributes()...)})
	}
	return values
}

// sweep counts the calls, and forgets those that were found to be over by the
// sweep before.
func (l *lives) sweep() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.counts == nil {
		l.counts = map[stage]int64{}
	}
	for stage := range l.counts {
		l.counts[stage] = 0
	}
	var kept int64
	l.byID.Range(func(id, known any) bool {
		life := known.(*life)
		switch stage := life.stage.Load(); {
		case life.call.Context().Err() == nil:
			kept++
			if stage != nil {
				l.counts[*stage]++
			}
		case life.doomed:
			l.byID.Delete(id)
			l.size.Add(-1)
		default:
			life.doomed = true
		}
		return true
	})
	l.bound.Store(2*kept + roomForEnded)
}

// placed are the spans of requests that placed calls which are not there yet, by
// scenario.
type placed struct {
	mu    sync.Mutex
	spans map[string]trace.SpanContext
	order []string
}

// mostPlaced bounds how many there are: those whose call never came stay.
const mostPlaced = 1024

func (p *placed) put(scenarioID string, span trace.SpanContext) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.spans == nil {
		p.spans = map[string]trace.SpanContext{}
	}
	p.spans[scenarioID] = span
	p.order = append(p.order, scenarioID)
	if len(p.order) > mostPlaced {
		delete(p.spans, p.order[0])
		p.order = p.order[1:]
	}
}

// take returns the span that placed a call; nil if there is none.
func (p *placed) take(scenarioID string) *trace.SpanContext {
	p.mu.Lock()
	defer p.mu.Unlock()
	span, ok := p.spans[scenarioID]
	if !ok {
		return nil
	}
	delete(p.spans, scenarioID)
	return &span
}
