package simulator

import (
	"net/http"

	"github.com/graphcalls/graphcalls-go/resources"
)

// Lobby says which bots wait in a meeting's lobby until they are let in. Who
// was called into the meeting never waits.
type Lobby int

// Who waits.
const (
	LobbyForGuests Lobby = iota // bots that join as guests and may not bypass it
	LobbyForAll                 // every bot
	LobbyForNobody
)

// waits says whether a bot has to wait; callers hold platform.mu, here and
// below.
func (c *Call) waits() bool {
	switch c.conversation.lobby {
	case LobbyForAll:
		return c.summons == nil
	case LobbyForGuests:
		return c.guest() != nil && !c.bypasses()
	default:
		return false
	}
}

// guest is who the bot says it is, when it joins as a guest.
func (c *Call) guest() *resources.Identity {
	if c.posted == nil || c.posted.Source == nil || c.posted.Source.Identity == nil {
		return nil
	}
	return c.posted.Source.Identity.Guest
}

// bypasses says whether a bot that joins as a guest has asked not to wait.
func (c *Call) bypasses() bool {
	return c.posted.CallOptions != nil && c.posted.CallOptions.AllowGuestToBypassLobby
}

func (c *Call) waitInLobby() {
	c.seat.inLobby = true
	c.window = c.later(c.platform.options.LobbyTimeout, func() {
		if c.seat.inLobby {
			c.finish(result(200, 5855, "Waiting in lobby, removed after lobby inactivity timeout."))
		}
	})
}

func (c *Call) admit() {
	c.window.stop()
	c.seat.inLobby = false
	if c.delta != nil {
		c.delta.unsure = true
	}
	c.conversation.announce(c.seat)
	c.platform.changed.ring()
}

func (c *Call) deny() {
	c.finish(removedByAnother())
}

// AdmitFromLobby lets a bot in, and reports whether it was waiting.
func (m *Meeting) AdmitFromLobby(bot *Bot) bool { return m.settleLobby(bot, (*Call).admit) }

// DenyFromLobby turns a waiting bot away, and reports whether it was waiting.
func (m *Meeting) DenyFromLobby(bot *Bot) bool { return m.settleLobby(bot, (*Call).deny) }

func (m *Meeting) settleLobby(bot *Bot, how func(*Call)) bool {
	m.platform.mu.Lock()
	defer m.platform.mu.Unlock()
	waiting := m.room.inLobby()
	found := false
	for _, call := range waiting {
		if call.bot == bot {
			found = true
			how(call)
		}
	}
	return found
}

func (c *conversation) inLobby() []*Call {
	var waiting []*Call
	for _, leg := range c.members.legs {
		if leg.seat.inLobby {
			waiting = append(waiting, leg)
		}
	}
	return waiting
}

// admitAllFromLobby serves POST …/participants/admitAllFromLobby.
func admitAllFromLobby(r *request, clientContext string) (reply, *refusal) {
	return r.changeLobby(&resources.AdmitAllFromLobbyOperation{}, clientContext, func() ([]*Call, *refusal) {
		return r.call.conversation.inLobby(), nil
	}, (*Call).admit)
}

// admitFromLobby serves POST …/participants/{id}/admitFromLobby.
func admitFromLobby(r *request, clientContext string) (reply, *refusal) {
	return r.changeLobby(&resources.AdmitFromLobbyOperation{}, clientContext, r.waiting, (*Call).admit)
}

// removeFromLobby serves POST …/participants/{id}/removeFromLobby.
func removeFromLobby(r *request, clientContext string) (reply, *refusal) {
	return r.changeLobby(&resources.RemoveFromLobbyOperation{}, clientContext, r.waiting, (*Call).deny)
}

func (r *request) waiting() ([]*Call, *refusal) {
	m, why := r.findMember()
	switch {
	case why != nil:
		return nil, why
	case m.call == nil || !m.inLobby:
		return nil, badRequest("The participant is not in the lobby.")
	default:
		return []*Call{m.call}, nil
	}
}

func (r *request) changeLobby(
	operation resources.Operation, clientContext string, which func() ([]*Call, *refusal), how func(*Call),
) (reply, *refusal) {
	if r.call.seat.inLobby {
		return reply{}, badRequest("The application is in the lobby itself.")
	}
	calls, why := which()
	if why != nil {
		return reply{}, why
	}
	return r.replyThen(http.StatusOK, r.call.finishedOperation(operation, clientContext), func() {
		for _, call := range calls {
			how(call)
		}
	})
}
