package simulator

import (
	"errors"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
)

// ErrEnded is returned by what waits for, or acts on, a call that has ended.
var ErrEnded = errors.New("simulator: the call has ended")

// End ends the call for a reason of the platform's.
func (c *Call) End(code, subcode int32, message string) {
	c.platform.mu.Lock()
	defer c.platform.mu.Unlock()
	c.finish(result(code, subcode, message))
}

// Vanish ends the call without telling its bot, as Teams sometimes does. The
// next keepAlive finds out.
func (c *Call) Vanish() {
	c.platform.mu.Lock()
	defer c.platform.mu.Unlock()
	c.leave(conversationEnded())
}

// SetState sends the bot an update that the call is in a state, such as hold.
// Terminated ends the call, as End does with 200/5001.
func (c *Call) SetState(state resources.CallState) {
	c.platform.mu.Lock()
	defer c.platform.mu.Unlock()
	switch {
	case c.over():
	case state == resources.CallStateTerminated:
		c.finish(conversationEnded())
	default:
		c.enterState(state)
	}
}

// PressKey has the other end press a key. It ends a recording that has the key
// among its stop tones, and is sent to the bot; with
// Options.RequireToneSubscription only to one that has asked for tones.
func (c *Call) PressKey(tone resources.Tone) {
	c.platform.mu.Lock()
	defer c.platform.mu.Unlock()
	if c.over() {
		return
	}
	c.recorder.hear(tone)
	if c.platform.options.RequireToneSubscription && c.wantsTones == 0 {
		return
	}
	c.tones++
	c.tell(resources.ChangeTypeUpdated, &resources.Call{
		State: c.state, ToneInfo: &resources.ToneInfo{SequenceID: c.tones, Tone: tone},
	})
}

// SpeaksFor says how long the other end speaks into a recording, counted in its
// own seconds, before it falls silent; 0 is not at all. To begin with it speaks
// until it is stopped.
func (c *Call) SpeaksFor(d time.Duration) {
	c.platform.mu.Lock()
	defer c.platform.mu.Unlock()
	c.speech = &d
}

// SetMediaActive sends the bot an update that media flows, or does not.
func (c *Call) SetMediaActive(active bool) {
	c.platform.mu.Lock()
	defer c.platform.mu.Unlock()
	if c.over() {
		return
	}
	state := resources.MediaStateInactive
	if active {
		state = resources.MediaStateActive
	}
	c.enterMediaState(state)
}

// SendRoster sends the bot everybody who is in the conversation, once more, or
// for a call of two at all.
func (c *Call) SendRoster() {
	c.platform.mu.Lock()
	defer c.platform.mu.Unlock()
	if c.delta != nil {
		c.delta.sent = nil
	}
	c.tellRoster(nil, true)
}

// Notify sends the bot any body, in turn with the call's other notifications
// and even when the call has ended.
func (c *Call) Notify(body []byte) {
	c.platform.mu.Lock()
	defer c.platform.mu.Unlock()
	c.post(body, nil)
}
