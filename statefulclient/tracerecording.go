package statefulclient

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/graphcalls/graphcalls-go/internal/mailbox"
	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/internal/workers"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/trace"
)

// ErrTraceRecording is returned by RecordTrace while the client is recorded already: close
// that TraceRecording first.
var ErrTraceRecording = errors.New("statefulclient: the client is being recorded already")

// defaultTraceBuffer is some seconds of a busy client.
const defaultTraceBuffer = 8192

// TraceOptions say how to record a client. The zero value is a good one.
type TraceOptions struct {
	// Buffer is how many lines may wait to be written, 8,192 unless set. What comes
	// when it is full is not written, but counted.
	Buffer int
	// EachState has every line name the state it led to, so that a replay compares all
	// that is known of the call after each; else that is done at calls' ends. It costs
	// time that grows with the rosters, though no call's.
	EachState bool
}

// TraceRecording is a client being recorded. Its methods may be called from anywhere.
type TraceRecording struct {
	client *Client
	writer *trace.Writer
	each   bool
	began  time.Time
	begun  bool // the first line is written; the one who writes uses it

	group workers.Group
	rules mailbox.Rules[TraceRecording, line]
	lines mailbox.Mailbox[TraceRecording, line]

	lives   atomic.Uint64
	untold  atomic.Uint64 // lines missing, of which the trace does not tell yet
	missing atomic.Uint64
	failed  atomic.Pointer[error]
	closing sync.Once
}

// line is something to be written, and how many lines are missing before it.
type line struct {
	write   func() error
	missing uint64
}

// traced is how a call stands in a recording. It belongs to the call's beginning,
// and then to its inbox.
type traced struct {
	recording *TraceRecording
	life      uint64
	from      uint64 // the first revision that the trace has
	torn      bool   // a line is missing
}

// RecordTrace writes down what is heard from now on, and what becomes of it, until the
// TraceRecording is closed: package trace plays it again, just as it was. The calls there
// are begin in the trace with how they stand when the next thing is heard of them.
//
// The trace holds personal data: who was in which call, what they are called, which
// keys they pressed. Open the file for nobody but yourself, and have trace.Sanitize
// take all that out before you share it. It holds no token and no other credential.
//
// Close the TraceRecording after the client, so that the ends of its calls are in it.
//
// Calls do not wait for w: when it is too slow, lines are left out, and the trace
// says so. One Write is one whole line. An error of w ends the recording; see
// TraceRecording.Err.
//
// It returns ErrTraceRecording while another TraceRecording of the client is not closed, and
// ErrClosed after Close. A client that is not recorded pays for it with a look at a
// pointer.
func (c *Client) RecordTrace(w io.Writer, options TraceOptions) (*TraceRecording, error) {
	if c.closed() {
		return nil, ErrClosed
	}
	r := &TraceRecording{client: c, writer: trace.NewWriter(w), each: options.EachState, began: time.Now()}
	r.rules.Group, r.rules.Limit, r.rules.Handle = &r.group, cmp.Or(options.Buffer, defaultTraceBuffer), (*TraceRecording).write
	r.lines.Open(&r.rules, r)
	if !c.traceRecording.CompareAndSwap(nil, r) {
		return nil, ErrTraceRecording
	}
	r.post(nothing) // so that the trace begins now
	return r, nil
}

// Close ends the recording when all of it is written, and returns what Err does. It
// waits for w; it may be called twice, and from a handler.
func (r *TraceRecording) Close() error {
	r.closing.Do(func() {
		r.client.traceRecording.CompareAndSwap(r, nil)
		r.group.Close()
		_ = r.group.Wait(context.Background()) // ends when w does
		r.write(line{nothing, r.untold.Swap(0)})
	})
	return r.Err()
}

func nothing() error { return nil }

// Err is the error of the writer that ended the recording; nil while there is none.
func (r *TraceRecording) Err() error {
	if err := r.failed.Load(); err != nil {
		return *err
	}
	return nil
}

// Missing counts the lines left out because the writer was too slow.
func (r *TraceRecording) Missing() uint64 { return r.missing.Load() }

func (r *TraceRecording) write(l line) {
	if r.failed.Load() != nil {
		return
	}
	defer func() {
		if problem := recover(); problem != nil {
			r.fail(fmt.Errorf("panic: %T", problem))
		}
	}()
	var err error
	if !r.begun {
		r.begun, err = true, r.writer.Begin(r.began)
	}
	if err == nil && l.missing > 0 {
		err = r.writer.Write(&trace.Entry{Kind: trace.KindMissing, Time: time.Now(), Missing: l.missing})
	}
	if err == nil {
		err = l.write()
	}
	if err != nil {
		r.fail(err)
	}
}

func (r *TraceRecording) fail(err error) {
	err = fmt.Errorf("statefulclient: the recording has ended: %w", err)
	r.failed.Store(&err)
	r.client.traceRecording.CompareAndSwap(r, nil)
}

// post reports false for a line for which there is no room.
func (r *TraceRecording) post(write func() error) bool {
	untold := r.untold.Swap(0)
	if r.lines.Post(line{write, untold}) == nil {
		return true
	}
	r.untold.Add(untold + 1)
	r.missing.Add(1)
	return false
}

// traceOpened records what a call has worked on. It runs on the call's inbox
// goroutine, before anybody is told.
func (c *Call) traceOpened(l letter, before *reduce.State, outcome reduce.Outcome) {
	if r := c.client.traceRecording.Load(); r != nil && l.input != (reduce.Waited{}) { // which is only waited for, by Flush
		r.heard(c, l, before, outcome, false)
	}
}

// traceBegun records a call's beginning.
func (c *Call) traceBegun(first letter, before *reduce.State, outcome reduce.Outcome) {
	if r := c.client.traceRecording.Load(); r != nil {
		r.heard(c, first, before, outcome, true)
	}
}

// traceRestored records a call that came back from the store.
func (c *Call) traceRestored(state *reduce.State) {
	r := c.client.traceRecording.Load()
	if r == nil {
		return
	}
	h := r.first(c, state)
	h.After = state
	c.traced.torn = !r.post(func() error { return r.writer.Restored(h) })
}

// traceAside records what reached no call.
func (c *Client) traceAside(kind trace.Kind, callID, message, about string, n *resources.Notification) {
	r := c.traceRecording.Load()
	if r == nil {
		return
	}
	e := &trace.Entry{Kind: kind, Time: time.Now(), Call: callID, Message: message, About: about}
	r.post(func() (err error) {
		if n != nil {
			e.Data, err = resources.Encode(n)
		}
		return errors.Join(err, r.writer.Write(e))
	})
}

// first gives a call its number in the recording.
func (r *TraceRecording) first(c *Call, state *reduce.State) *trace.Heard {
	c.traced = &traced{recording: r, life: r.lives.Add(1), from: state.Revision()}
	return r.next(c)
}

func (r *TraceRecording) next(c *Call) *trace.Heard {
	return &trace.Heard{
		Time: time.Now(), Call: c.id, Life: c.traced.life, Scenario: c.scenario, Tenant: c.tenant,
		From: c.traced.from, DigestOfEveryState: r.each,
	}
}

func (r *TraceRecording) heard(c *Call, l letter, before *reduce.State, outcome reduce.Outcome, begins bool) {
	var h *trace.Heard
	switch {
	case c.traced == nil || c.traced.recording != r:
		h = r.first(c, before)
		h.PresentBefore = !begins
	case c.traced.torn:
		c.traced.from = before.Revision()
		h = r.next(c)
		h.PresentBefore = true
	default:
		h = r.next(c)
		h.Scenario, h.Tenant = "", ""
	}
	h.Begins = begins
	h.Cause, h.Message, h.Item, h.Position = string(l.cause), l.from.message, int(l.from.item), l.from.position
	h.Input, h.Before, h.After, h.Verdict, h.Events = l.input, before, outcome.State, outcome.Verdict, outcome.Events
	c.traced.torn = !r.post(func() error { return r.writer.Heard(h) })
}
