package statefulclient

import (
	"context"
	"slices"

	"github.com/graphcalls/graphcalls-go/fsm"
	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/resources"
)

// JoinState says how far the bot has come into a call.
type JoinState string

// The stages of joining, in their order.
const (
	JoinStateConnecting JoinState = "connecting"
	JoinStateLobby      JoinState = "lobby" // waits to be let in
	JoinStateIn         JoinState = "in"
	JoinStateOut        JoinState = "out" // the call ends, or has ended
)

// rank is the stage's place in the order; negative for none.
func (s JoinState) rank() int {
	return slices.Index([]JoinState{JoinStateConnecting, JoinStateLobby, JoinStateIn, JoinStateOut}, s)
}

// JoinState says how far the bot has come into the call.
//
// A call to people, and one that was answered, is connecting until it is
// established, and then in. A meeting that the bot has joined is connecting
// longer, for a bot in the lobby is in an established call too, in which nobody
// hears it: which of both it is, only the bot's own entry in the roster says. If
// none comes within Limits.RosterWithin of the call being established, the
// platform is asked; if that brings none either, as in a meeting of more people
// than the platform lists, the bot counts as in. The entry may still come, and
// is believed then. A bot that is in goes back to the lobby only where its entry
// says so; once its entry has been seen, that it is missing says nothing.
//
// A call that is terminating is out already.
func (c *Call) JoinState() JoinState {
	state := c.state.Load()
	if state.End != nil || fsm.Band(state.Call.State) >= fsm.Band(resources.CallStateTerminating) {
		return JoinStateOut
	}
	if stage, known := c.stage.Load().(JoinState); known {
		return stage
	}
	return JoinStateConnecting
}

// WaitForJoinState returns when the bot has come so far into the call, or
// farther: waiting for the lobby ends, too, when the bot is in without having
// waited there. A call that ends before is an *EndedError, whose Reason tells a
// bot that was turned away in the lobby (InLobby); waiting for JoinStateOut ends
// well with it. A client that is closed is ErrClosed. A handler may wait for its
// own call.
func (c *Call) WaitForJoinState(ctx context.Context, state JoinState) error {
	if state.rank() < 0 {
		return invalid("%q is no join state; use one of the JoinState constants", state)
	}
	return c.waitUntil(ctx, func() bool {
		now := c.JoinState()
		return now == state || now.rank() > state.rank() && now != JoinStateOut
	})
}

// updateJoinState works out how far the bot has come. The caller holds mu, or is alone
// with the call.
func (c *Call) updateJoinState(now *reduce.State) {
	live := fsm.Band(now.Call.State) == fsm.Band(resources.CallStateEstablished)
	_, listed := now.Roster.Get(now.Call.MyParticipantID)
	switch {
	case now.InLobby():
		c.reachJoinState(JoinStateLobby)
	case live && (listed || !c.joinsMeeting(now)):
		c.reachJoinState(JoinStateIn)
	case live && c.entry == nil && c.stage.Load() == nil:
		c.entry = c.client.schedule.After(c.client.limits.RosterWithin, c.askForEntry)
	}
}

func (c *Call) reachJoinState(stage JoinState) {
	if c.stage.Load() != stage {
		c.stage.Store(stage)
		c.entry.Cancel()
	}
}

// joinsMeeting reports whether the bot has placed the call into a meeting, which
// may have a lobby. The platform gives meeting facts to calls of other kinds
// too, but those have targets, or came in.
func (c *Call) joinsMeeting(now *reduce.State) bool {
	return c.outgoing && len(now.Call.Targets) == 0 && (now.Call.MeetingInfo != nil || now.Call.ChatInfo != nil)
}

// askForEntry is for a bot that does not know whether it is in the lobby.
func (c *Call) askForEntry() {
	c.client.resyncs.resync(c)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stage.Load() == nil {
		c.reachJoinState(JoinStateIn)
		c.tellNews()
	}
}

// inLobby reports whether the bot was in the lobby when it was last heard of
// it: at the end of the call, whether it was ever let in.
func (c *Call) inLobby() bool { return c.stage.Load() == JoinStateLobby }
