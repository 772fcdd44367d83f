package simulator

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/graphcalls/graphcalls-go/resources"
)

// ErrRejected is returned to who waits for a bot to answer when it rejects.
var ErrRejected = errors.New("simulator: the bot rejected the call")

// IncomingCall is a call to a bot.
type IncomingCall struct{ *Call }

// Call calls a bot: it is notified at its calling webhook and has
// Options.AnswerWindow to answer.
func (p *Person) Call(bot *Bot) *IncomingCall {
	platform := p.platform
	platform.mu.Lock()
	defer platform.mu.Unlock()
	p.depart()
	call := platform.summon(&summons{bot: bot, peer: p, source: p.identity()})
	p.occupy(call.conversation)
	return &IncomingCall{call}
}

// Invite asks a bot into a meeting or group call the person is in: an incoming
// call that names the meeting. It returns nil when they are in none.
func (p *Person) Invite(bot *Bot) *IncomingCall {
	platform := p.platform
	platform.mu.Lock()
	defer platform.mu.Unlock()
	if p.conversation == nil || p.conversation.kind == peerConversation {
		return nil
	}
	return &IncomingCall{platform.summon(&summons{bot: bot, room: p.conversation, source: p.identity()})}
}

func (c *Call) isPeer() bool { return c.conversation.kind == peerConversation }

type legacyParticipant struct {
	Identity    string `json:"identity"`
	DisplayName string `json:"displayName"`
	Originator  bool   `json:"originator"`
}

type legacyCall struct {
	ID           string              `json:"id"`
	Participants []legacyParticipant `json:"participants"`
	Multiparty   bool                `json:"isMultiparty"`
	Modalities   []string            `json:"presentedModalityTypes"`
	State        string              `json:"callState"`
}

func (c *Call) legacyInvitation() []byte {
	callerID := ""
	for _, identity := range c.summons.source.All() {
		callerID = identity.ID
		break
	}
	body, err := json.Marshal(legacyCall{
		ID: c.id, State: "incoming", Modalities: []string{"audio"},
		Participants: []legacyParticipant{
			{"8:orgid:" + callerID, c.summons.source.DisplayName(), true},
			{"28:" + c.bot.AppID, c.bot.DisplayName, false},
		},
	})
	if err != nil {
		return nil
	}
	return body
}

// withdraw ends a call nobody answered in time.
func (c *Call) withdraw() {
	c.platform.mu.Lock()
	defer c.platform.mu.Unlock()
	if c.state == resources.CallStateIncoming {
		c.finish(result(408, 10057, "No signaling from callee endpoints."))
	}
}

// Hangup has the caller hang up, before or after the bot has answered.
func (c *IncomingCall) Hangup() {
	c.platform.mu.Lock()
	defer c.platform.mu.Unlock()
	switch {
	case c.peer != nil && !c.isPeer():
		c.peer.depart()
		return
	case c.peer != nil:
		c.finish(c.peer.hangUpResult())
		return
	}
	c.finish(endedByOther())
}

// WaitAnswered waits until the bot has answered. It returns ErrRejected when
// the bot rejects, and one that matches ErrEnded when the call ends unanswered.
func (c *IncomingCall) WaitAnswered(ctx context.Context) error {
	var answered, rejected bool
	err := c.waitUntil(ctx, "an answer", func() bool {
		c.platform.mu.Lock()
		defer c.platform.mu.Unlock()
		answered, rejected = c.answered, c.rejected != ""
		return answered || c.over()
	})
	switch {
	case err != nil:
		return err
	case answered:
		return nil
	case rejected:
		return ErrRejected
	default:
		return c.endedBefore("it was answered")
	}
}
