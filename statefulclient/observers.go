package statefulclient

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/graphcalls/graphcalls-go/transport"
)

// observers are those of a client at each moment.
type observers struct {
	mu  sync.Mutex // held to change now
	now atomic.Pointer[audience]
}

// audience is the observers there are at one moment, and never changes.
type audience []*Observation

// there is nil without observers.
func (o *observers) there() audience {
	if now := o.now.Load(); now != nil {
		return *now
	}
	return nil
}

func (o *observers) add(observation *Observation) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.set(append(slices.Clone(o.there()), observation))
}

func (o *observers) remove(observation *Observation) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.set(slices.DeleteFunc(slices.Clone(o.there()), func(other *Observation) bool { return other == observation }))
}

func (o *observers) set(now audience) {
	if len(now) == 0 {
		o.now.Store(nil)
		return
	}
	o.now.Store(&now)
}

// delivery tells that a delivery is worked on, and returns what is to be told when
// that is over.
func (a audience) delivery(ctx context.Context, d ObservedDelivery) (context.Context, func(error)) {
	if len(a) == 0 {
		return ctx, func(error) {}
	}
	o := a[0]
	started, told := o.start(ctx, kindObserver, func() context.Context { return o.observer.DeliveryStarted(ctx, d) })
	inner, ended := a[1:].delivery(started, d)
	return inner, func(err error) {
		ended(err)
		if told {
			o.tell(kindObserver, func() { o.observer.DeliveryEnded(started, d, err) })
		}
	}
}

// request tells that a request is made, and returns what is to be told when that is
// over.
func (a audience) request(ctx context.Context, r ObservedRequest) (context.Context, func(transport.Exchange)) {
	if len(a) == 0 {
		return ctx, func(transport.Exchange) {}
	}
	o := a[0]
	started, told := o.start(ctx, kindObserver, func() context.Context { return o.observer.RequestStarted(ctx, r) })
	inner, ended := a[1:].request(started, r)
	return inner, func(x transport.Exchange) {
		ended(x)
		if told {
			o.tell(kindObserver, func() { o.observer.RequestEnded(started, r, x) })
		}
	}
}

// handler tells that a handler is run, and returns what is to be told when that is
// over.
func (a audience) handler(ctx context.Context, run HandlerRun) (context.Context, func(HandlerEnd)) {
	if len(a) == 0 {
		return ctx, func(HandlerEnd) {}
	}
	o, handler := a[0], kindObserver
	if run.Event == kindPanic.String() {
		handler = kindPanic // else panics might never end
	}
	started, told := o.start(ctx, handler, func() context.Context { return o.observer.HandlerStarted(ctx, run) })
	inner, ended := a[1:].handler(started, run)
	return inner, func(end HandlerEnd) {
		ended(end)
		if told {
			o.tell(handler, func() { o.observer.HandlerEnded(started, run, end) })
		}
	}
}

func (a audience) input(ctx context.Context, input ObservedInput) {
	for _, o := range a {
		if !o.cancelled.Load() {
			o.tell(kindObserver, func() { o.observer.InputWorkedOn(ctx, input) })
		}
	}
}

// start returns the context that an observer's method has made, or ctx where it
// made none, and whether the observer was told.
func (o *Observation) start(ctx context.Context, as kind, method func() context.Context) (started context.Context, told bool) {
	if o.cancelled.Load() {
		return ctx, false
	}
	defer func() {
		o.recovered(as, recover())
		if told = true; started == nil {
			started = ctx
		}
	}()
	return method(), true
}

// tell runs a method of the observer's, whose panic is told as a handler's.
func (o *Observation) tell(as kind, method func()) {
	defer func() { o.recovered(as, recover()) }()
	method()
}

func (o *Observation) recovered(as kind, problem any) {
	if problem != nil {
		o.client.handlerPanicked(nil, as, problem)
	}
}
