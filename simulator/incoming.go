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
	room := &conversation{kind: peerConversation, tenant: p.TenantID}
	call := platform.newCall(bot, resources.CallDirectionIncoming, room)
	call.state = resources.CallStateIncoming
	call.peer = p
	p.occupy(room)
	body, notice := call.envelope(resources.ChangeTypeCreated, resources.Path{CallID: call.id}, call.invitation())
	first := call.letter(body, notice)
	first.scenario = ""
	if bot.LegacyFirst {
		first.legacy = call.legacyInvitation()
	}
	call.outbox.put(first)
	call.window = platform.clock.after(platform.options.AnswerWindow, func() { call.withdraw() })
	platform.changed.ring()
	return &IncomingCall{call}
}

// invitation is an incoming call as its bot first hears of it.
func (c *Call) invitation() *resources.Call {
	return &resources.Call{
		ID: c.id, State: resources.CallStateIncoming, Direction: resources.CallDirectionIncoming,
		CallChainID: c.chainID, MyParticipantID: c.seat.id, TenantID: c.tenantID,
		Source:              &resources.ParticipantInfo{Identity: c.peer.identity(), Region: "amer", LanguageID: "en-US", EndpointType: resources.EndpointTypeDefault},
		Targets:             []resources.InvitationParticipantInfo{{Identity: c.bot.identity()}},
		RequestedModalities: []resources.Modality{resources.ModalityAudio},
	}
}

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
	body, err := json.Marshal(legacyCall{
		ID: c.id, State: "incoming", Modalities: []string{"audio"},
		Participants: []legacyParticipant{
			{"8:orgid:" + c.peer.ID, c.peer.DisplayName, true},
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
	c.finish(result(200, 4521, "Call ended by the other participant in peer-to-peer call."))
}

// WaitAnswered waits until the bot has answered. It returns ErrRejected when
// the bot rejects, and ErrEnded when the call ends unanswered.
func (c *IncomingCall) WaitAnswered(ctx context.Context) error {
	var facts Facts
	err := c.platform.WaitUntil(ctx, func() bool {
		facts = c.Facts()
		return facts.Answered || facts.State == resources.CallStateTerminated
	})
	switch {
	case err != nil:
		return err
	case facts.Answered:
		return nil
	case facts.Rejected != "":
		return ErrRejected
	default:
		return ErrEnded
	}
}
