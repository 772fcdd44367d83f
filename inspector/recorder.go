package inspector

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

// recorder writes into the book what a client does. It runs on the client's own
// goroutines: it keeps little, and makes text of it only when somebody looks.
type recorder struct{ *book }

var _ statefulclient.Observer = recorder{}

// DeliveryStarted notes each notification of a POST as it comes, so that one that
// is never worked on shows.
func (b recorder) DeliveryStarted(ctx context.Context, d statefulclient.ObservedDelivery) context.Context {
	if d.FromQueue {
		b.queued.Store(true)
	}
	for i := range d.Notifications.Value {
		n := &d.Notifications.Value[i]
		e := heard(n, b.personal)
		e.marks |= open
		e.at, e.id, e.item = d.Received.UnixNano(), d.MessageID, int32(i)
		b.arrived(e, n, d.FromQueue)
	}
	b.changes.Add(1)
	return ctx
}

func (b *book) arrived(e entry, n *resources.Notification, fromQueue bool) {
	r, id := b.elsewhere, ""
	if path, ok := n.Path(); ok {
		if id = path.CallID; id != "" && b.find(id) != nil {
			r = b.find(id)
		}
	}
	if r == b.elsewhere && b.queued.Load() && !fromQueue {
		return // the queue hands it to the process that has the call
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r == b.elsewhere {
		e.about = short(id)
	}
	if came := r.ring.find(e.isSamePost) != nil; came && fromQueue {
		return // and was noted as it came in
	} else if came {
		e.marks = e.marks&^open | redelivered
	}
	r.facts.Heard = time.Unix(0, e.at)
	r.note(e)
}

// isSamePost finds what came in a POST before that was taken and is sent again.
func (e *entry) isSamePost(other *entry) bool {
	return e.id != "" && other.id == e.id && other.item == e.item && other.kind == ofNotification && other.marks&refused == 0
}

// DeliveryEnded notes which notifications were not taken.
func (b recorder) DeliveryEnded(_ context.Context, d statefulclient.ObservedDelivery, err error) {
	if err == nil {
		return
	}
	for i := range d.Notifications.Value {
		b.refuse(&d.Notifications.Value[i], d.Received.UnixNano(), int32(i), reasonOf(err))
	}
	b.changes.Add(1)
}

func (b *book) refuse(n *resources.Notification, came int64, item int32, reason string) {
	records := []*record{b.elsewhere}
	if path, ok := n.Path(); ok && b.find(path.CallID) != nil {
		records = append(records, b.find(path.CallID))
	}
	for _, r := range records {
		r.mu.Lock()
		r.ring.change(func(e *entry) bool { return e.kind == ofNotification && e.at == came && e.item == item }, func(e *entry) {
			e.marks = e.marks&^open | refused
			e.detail = reason
			r.count(refused)
		})
		r.mu.Unlock()
	}
}

func reasonOf(err error) string {
	switch {
	case errors.Is(err, transport.ErrBusy):
		return "no room: the platform is asked to send it again"
	case errors.Is(err, transport.ErrClosed):
		return "the client is closed"
	case errors.Is(err, transport.ErrMisrouted):
		return "it belongs to another instance"
	case errors.Is(err, transport.ErrNoRoute):
		return "its address was never given out"
	default:
		return "trouble of the bot's own: see its log"
	}
}

// InputWorkedOn notes what became of what was heard, and the edge it led to.
func (b recorder) InputWorkedOn(_ context.Context, in statefulclient.ObservedInput) {
	r, now := b.elsewhere, time.Now()
	if in.Call != nil {
		r = b.of(in.Call)
	} else if held := b.find(in.CallID); held != nil {
		r = held
	}
	b.changes.Add(1)
	ended := in.Edge != nil && in.Edge.New == resources.CallStateTerminated
	r.workedOn(&in, now, b.personal)
	if ended {
		b.end(r, now)
	}
}

func (r *record) workedOn(in *statefulclient.ObservedInput, now time.Time, personal bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if in.Notification != nil {
		r.notificationWorkedOn(in, now, personal)
	} else if in.About != "timer" || in.Verdict != statefulclient.VerdictUnchanged || in.Edge != nil {
		r.note(entry{
			kind: ofClient, at: now.UnixNano(), what: in.About, more: string(in.Cause), count: int32(in.Participants),
			marks: markOfOwn(in),
		})
	}
	if in.Call == nil {
		return
	}
	if in.New != nil && in.New != in.Old {
		r.facts.learn(in.New, personal)
	}
	r.facts.People, r.facts.Trust = in.Call.Participants().Len(), in.Call.Participants().Trust()
	isBad := in.Edge != nil && in.Edge.Result.Failed()
	if reason, ended := in.Call.End(); ended {
		r.facts.End, isBad = endOf(reason), !isFine(reason)
	}
	if in.Edge != nil {
		r.passed(in.Edge, now, isBad, personal)
	}
}

func (r *record) notificationWorkedOn(in *statefulclient.ObservedInput, now time.Time, personal bool) {
	m := markOf(in.Verdict)
	known := r.ring.change(isAbout(in), func(e *entry) {
		e.marks = e.marks&^open | m
		e.took = now.Sub(in.Received)
		r.count(m)
	})
	if known {
		return
	}
	e := heard(in.Notification, personal)
	e.at, e.id, e.item, e.took, e.marks = in.Received.UnixNano(), short(in.MessageID), int32(in.Item), now.Sub(in.Received), e.marks|m
	if r.call == nil {
		e.about = short(in.CallID)
	}
	r.note(e)
}

// isAbout finds the entry that was made when the input came in.
func isAbout(in *statefulclient.ObservedInput) func(*entry) bool {
	came := in.Received.UnixNano()
	return func(e *entry) bool {
		if e.kind != ofNotification || e.item != int32(in.Item) || e.marks&(redelivered|refused) != 0 {
			return false
		}
		return in.MessageID != "" && e.id == in.MessageID || in.MessageID == "" && e.at == came
	}
}

// markOfOwn is for what the client put in itself. That an operation was asked for
// or granted changes no state, and repeats nothing.
func markOfOwn(in *statefulclient.ObservedInput) mark {
	if in.About == "asked" || in.About == "granted" || in.About == "refused" {
		return 0
	}
	return markOf(in.Verdict) & (stale | unchanged)
}

func markOf(verdict statefulclient.NotificationVerdict) mark {
	switch verdict {
	case statefulclient.VerdictUnchanged:
		return unchanged
	case statefulclient.VerdictStale:
		return stale
	case statefulclient.VerdictLate:
		return late
	case statefulclient.VerdictWaiting:
		return waiting
	case statefulclient.VerdictUnmatched:
		return unmatched
	case statefulclient.VerdictApplied:
	}
	return 0
}

// HandlerStarted notes a handler as it begins, so that one that never returns
// shows.
func (b recorder) HandlerStarted(ctx context.Context, run statefulclient.HandlerRun) context.Context {
	r := b.ofRun(&run)
	e := entry{
		kind: ofHandler, at: run.Started.UnixNano(), what: run.Event, more: string(run.Cause), waited: run.Waited, count: int32(run.Missed), marks: open,
	}
	if run.Call != nil {
		e.id = strings.TrimPrefix(run.ID, run.Call.ID()+"/")
	}
	if run.Missed > 0 {
		e.marks |= folded
	}
	if run.Initial {
		e.marks |= initial
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running++
	r.note(e)
	b.changes.Add(1)
	return labelled(ctx, &run)
}

// HandlerEnded notes how long it took.
func (b recorder) HandlerEnded(_ context.Context, run statefulclient.HandlerRun, end statefulclient.HandlerEnd) {
	unlabelled(&run)
	var m mark
	if end.Panicked {
		m |= panicked
	}
	if end.Duration >= slowAfter {
		m |= slow
	}
	r, began := b.ofRun(&run), run.Started.UnixNano()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running = max(r.running-1, 0) // it may have begun before there was a record
	r.count(m)
	r.ring.change(func(e *entry) bool {
		return e.kind == ofHandler && e.at == began && e.marks&open != 0 && e.what == run.Event
	}, func(e *entry) { e.took, e.marks = end.Duration, e.marks&^open|m })
	b.changes.Add(1)
}

func (b *book) ofRun(run *statefulclient.HandlerRun) *record {
	if run.Call == nil {
		return b.elsewhere
	}
	return b.of(run.Call)
}

// RequestStarted notes a request as it is made, so that one that is never answered
// shows.
func (b recorder) RequestStarted(ctx context.Context, q statefulclient.ObservedRequest) context.Context {
	r := b.ofRequest(&q)
	e := entry{kind: ofRequest, at: q.Started.UnixNano(), what: q.Action, detail: q.Method, more: q.Route, by: handlerOf(ctx), marks: open}
	if r == b.elsewhere {
		e.about = q.ScenarioID
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.note(e)
	b.changes.Add(1)
	return ctx
}

// RequestEnded notes what came of it.
func (b recorder) RequestEnded(_ context.Context, q statefulclient.ObservedRequest, x transport.Exchange) {
	began := q.Started.UnixNano()
	to := func(e *entry) {
		e.took, e.code, e.count, e.id = x.Duration, int32(x.StatusCode), int32(x.Attempts), x.ClientRequestID
		e.reply = x.RequestID
		e.marks &^= open
		if x.Attempts > 1 {
			e.marks |= retried
		}
		if x.Err != nil || x.StatusCode >= 400 {
			e.marks |= failed
		}
		if x.Err != nil {
			e.detail += ", " + failureOf(x.Err)
			if b.personal {
				e.private = short(x.Err.Error())
			}
		}
	}
	r := b.ofRequest(&q)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ring.change(func(e *entry) bool {
		return e.kind == ofRequest && e.at == began && e.marks&open != 0 && e.what == q.Action
	}, func(e *entry) {
		to(e)
		r.count(e.marks)
	})
	b.changes.Add(1)
}

func (b *book) ofRequest(q *statefulclient.ObservedRequest) *record {
	if q.CallID != "" {
		if r := b.find(q.CallID); r != nil {
			return r
		}
	}
	return b.elsewhere
}
