package simulator

import (
	"context"
	"slices"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
)

// Call is one bot's leg of a conversation, seen from the platform. Its Faults
// are for this call alone.
type Call struct {
	*Faults

	platform   *Platform
	id         string
	chainID    string
	scenarioID string
	tenantID   string
	direction  resources.CallDirection
	bot        *Bot
	ordinal    uint64 // its place among all calls
	outbox     *outbox
	done       chan struct{}

	// Guarded by platform.mu:
	state         resources.CallState
	callbackURI   string
	posted        *resources.Call // what the bot asked for
	conversation  *conversation
	seat          *member // the bot's own
	peer          *Person // the other end of a call of two
	invited       []*Person
	rings         []*ring
	media         resources.MediaConfig
	mediaState    resources.MediaState
	result        *resources.ResultInfo
	summons       *summons // how an incoming call came about
	rejected      resources.RejectReason
	answered      bool
	keepAlives    int
	tones         int64
	delta         *deltaRoster // nil for whole rosters
	operations    map[string]*operation
	filed         []*operation // in order
	playing       []*playback
	recorder      *recorder
	speech        *time.Duration // into a recording; nil for without end
	wantsTones    int            // how often the bot has asked for keys
	tonesAwaited  int            // how many of those WaitListening has seen
	hides         bool           // once the call is a group's
	transcription *resources.CallTranscriptionInfo
	summoned      []*Call // other bots it has called
	wantsSharing  bool
	routing       []*resources.AudioRoutingGroup
	prompts       []string // their addresses
	keysSent      []resources.Tone
	observation   *observation // what a recording policy asks of the bot
	recordingNow  resources.RecordingStatus
	window        *timer // to answer, or to ring
	lifeline      *timer // runs out without keepAlives
	deliveries    []Delivery
	delivered     int
}

// newCall registers a call; callers hold p.mu.
func (p *Platform) newCall(bot *Bot, direction resources.CallDirection, room *conversation) *Call {
	p.ordinals++
	call := &Call{
		platform: p, id: newID(), chainID: room.chain(), scenarioID: newID(), tenantID: room.tenant,
		direction: direction, bot: bot, ordinal: p.ordinals, done: make(chan struct{}),
		callbackURI: bot.webhook, conversation: room, operations: map[string]*operation{},
	}
	call.seat = &member{id: newID(), call: call}
	call.outbox = newOutbox(call)
	call.Faults = newFaults(func() { call.outbox.pump(); p.changed.ring() })
	p.world.calls[resources.Key(call.id)] = call
	p.world.order = append(p.world.order, call)
	call.expect()
	return call
}

// over says whether the call has ended; callers hold platform.mu.
func (c *Call) over() bool { return c.state == resources.CallStateTerminated }

// expect starts waiting for the next keepAlive; callers hold platform.mu.
func (c *Call) expect() {
	c.lifeline.stop()
	c.lifeline = c.platform.clock.after(c.platform.options.KeepAliveWindow, func() {
		c.End(408, 8537, "Keep Alive timeout, cleaned up inactive call.")
	})
}

// finish ends the call; callers hold platform.mu.
func (c *Call) finish(why *resources.ResultInfo) {
	c.finishTelling(why, &resources.Call{ResultInfo: why, TerminationReason: "CallTerminated"})
}

// finishTelling ends the call with last words of its own; callers hold
// platform.mu.
func (c *Call) finishTelling(why *resources.ResultInfo, last *resources.Call) {
	if c.leave(why) {
		last.State = resources.CallStateTerminated
		c.tell(resources.ChangeTypeDeleted, last)
	}
}

// leave ends the call without a word to its bot, and reports false when it had
// ended before; callers hold platform.mu.
func (c *Call) leave(why *resources.ResultInfo) bool {
	if c.over() {
		return false
	}
	c.state, c.result = resources.CallStateTerminated, why
	c.window.stop()
	c.lifeline.stop()
	for _, op := range c.filed {
		op.timer.stop()
	}
	for _, r := range slices.Clone(c.rings) {
		r.settle()
	}
	if c.conversation.exit(c.seat) {
		c.conversation.announce()
	}
	if c.peer != nil && c.conversation.kind == peerConversation {
		c.peer.vacate(c.conversation)
	}
	c.dismiss()
	if c.summons != nil && !c.answered && c.summons.refused != nil {
		c.summons.refused()
	}
	close(c.done)
	c.platform.counters.endings.Add(1)
	c.platform.remember(c)
	c.platform.changed.ring()
	return true
}

// remember forgets the oldest ended calls; callers hold p.mu.
func (p *Platform) remember(ended *Call) {
	p.world.ended = append(p.world.ended, ended)
	limit := p.options.Remember
	if len(p.world.ended) <= limit {
		return
	}
	surplus := len(p.world.ended) - limit + limit/4
	forgotten := map[*Call]bool{}
	for _, call := range p.world.ended[:surplus] {
		forgotten[call] = true
		delete(p.world.calls, resources.Key(call.id))
	}
	p.world.ended = append([]*Call(nil), p.world.ended[surplus:]...)
	p.world.order = slices.DeleteFunc(p.world.order, func(call *Call) bool { return forgotten[call] })
}

// ID is the call's id, a lower-case dashed GUID.
func (c *Call) ID() string { return c.id }

// Done is closed when the call has ended.
func (c *Call) Done() <-chan struct{} { return c.done }

// Facts are what the platform knows of a call.
type Facts struct {
	State       resources.CallState
	CallbackURI string // where its notifications go
	// Request is what the bot posted to make the call, nil for an incoming
	// one. It must not be changed.
	Request    *resources.Call
	Answered   bool // an incoming call, by the bot
	Rejected   resources.RejectReason
	KeepAlives int
	Result     *resources.ResultInfo // how it ended
	Roster     resources.Participants
	// TonesSubscribed says that the bot asked for tones.
	TonesSubscribed bool
	// Prompts are the addresses of the files the bot had played, in the order it
	// asked for them.
	Prompts []string
	// KeysSent are the tones the bot sent, in order.
	KeysSent []resources.Tone
	// RecordingStatus is what the bot last said of it.
	RecordingStatus resources.RecordingStatus
	// Observed are the participants the bot records by policy.
	Observed []string
}

// Facts returns what the platform knows of the call at this moment.
func (c *Call) Facts() Facts {
	c.platform.mu.Lock()
	defer c.platform.mu.Unlock()
	return Facts{
		State: c.state, CallbackURI: c.callbackURI, Request: c.posted, Answered: c.answered,
		Rejected: c.rejected, KeepAlives: c.keepAlives, Result: c.result, Roster: c.conversation.roster(),
		TonesSubscribed: c.wantsTones > 0, Prompts: slices.Clone(c.prompts), KeysSent: slices.Clone(c.keysSent), RecordingStatus: c.recordingNow,
		Observed: c.observedIDs(),
	}
}

// State is the call's state.
func (c *Call) State() resources.CallState {
	c.platform.mu.Lock()
	defer c.platform.mu.Unlock()
	return c.state
}

// CallbackURI is where the call's notifications go.
func (c *Call) CallbackURI() string {
	c.platform.mu.Lock()
	defer c.platform.mu.Unlock()
	return c.callbackURI
}

// KeepAlives counts the keepAlive requests that were granted.
func (c *Call) KeepAlives() int {
	c.platform.mu.Lock()
	defer c.platform.mu.Unlock()
	return c.keepAlives
}

// Exchanges returns the requests about this call and the notifications of it,
// in the order they ended.
func (c *Call) Exchanges() []Exchange {
	return slices.DeleteFunc(c.platform.Exchanges(), func(e Exchange) bool { return e.CallID != c.id })
}

// WaitForState waits until the call is in that state on the platform, which
// may be before its bot has been told. It fails when the call ends first.
func (c *Call) WaitForState(ctx context.Context, state resources.CallState) error {
	var now resources.CallState
	err := c.waitUntil(ctx, "it to be "+string(state), func() bool {
		now = c.State()
		return now == state || now == resources.CallStateTerminated
	})
	if err == nil && now != state {
		return c.endedBefore("it was " + string(state))
	}
	return err
}
