package simulator

import (
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
)

// summons is what makes a bot's phone ring.
type summons struct {
	bot    *Bot
	peer   *Person       // the other end of a call of two
	room   *conversation // what the bot is asked into; a call of two when nil
	source *resources.IdentitySet
	// webhook is where to knock, the bot's own when empty, and window how long
	// to wait for an answer.
	webhook string
	window  time.Duration
	// dress changes the invitation before it is sent.
	dress func(*Call, *resources.Call)
	// answered is called before the bot is connected, refused when the call
	// ends unanswered.
	answered func()
	refused  func()
}

// summon calls a bot; callers hold p.mu.
func (p *Platform) summon(s *summons) *Call {
	if s.room == nil {
		s.room = &conversation{kind: peerConversation, tenant: s.peer.homeOr(s.bot)}
	}
	if s.window == 0 {
		s.window = p.options.AnswerWindow
	}
	call := p.newCall(s.bot, resources.CallDirectionIncoming, s.room)
	call.state, call.peer, call.summons = resources.CallStateIncoming, s.peer, s
	if s.webhook != "" {
		call.callbackURI = s.webhook
	}
	body, notice := call.envelope(resources.ChangeTypeCreated, resources.Path{CallID: call.id}, call.invitation())
	first := call.letter(body, notice)
	first.scenario = ""
	first.formerly = call.legacyInvitation()
	if s.bot.LegacyFirst {
		first.legacy = first.formerly
	}
	call.outbox.put(first)
	call.window = p.clock.after(s.window, func() { call.withdraw() })
	p.changed.ring()
	return call
}

// summon calls another bot on the call's behalf; callers hold platform.mu.
func (c *Call) summon(s *summons) *Call {
	other := c.platform.summon(s)
	c.summoned = append(c.summoned, other)
	return other
}

// dismiss ends the calls to other bots that nobody has answered; callers hold
// platform.mu.
func (c *Call) dismiss() {
	for _, other := range c.summoned {
		if other.state == resources.CallStateIncoming && !other.answered {
			other.finish(endedByOther())
		}
	}
}

// homeOr is the organization a call from the person belongs to: for a phone,
// the bot's.
func (p *Person) homeOr(bot *Bot) string {
	if p.Phone != "" {
		return bot.TenantID
	}
	return p.TenantID
}

// invitation is an incoming call as its bot first hears of it.
func (c *Call) invitation() *resources.Call {
	s := c.summons
	news := &resources.Call{
		ID: c.id, State: resources.CallStateIncoming, Direction: resources.CallDirectionIncoming,
		CallChainID: c.chainID, MyParticipantID: c.seat.id, TenantID: c.tenantID,
		Source:              &resources.ParticipantInfo{Identity: s.source, Region: "amer", LanguageID: "en-US", EndpointType: resources.EndpointTypeDefault},
		Targets:             []resources.InvitationParticipantInfo{{Identity: c.bot.identity()}},
		RequestedModalities: []resources.Modality{resources.ModalityAudio},
	}
	if !c.bot.maySeeCallers() {
		news.Source.Identity = &resources.IdentitySet{Encrypted: &resources.Identity{ID: "1:" + newKeyID()}}
	}
	if s.source.Phone != nil {
		news.Targets[0].Identity = c.bot.instance()
	}
	if !c.isPeer() {
		news.ChatInfo, news.MeetingInfo = c.conversation.chat, c.conversation.info
	}
	if s.dress != nil {
		s.dress(c, news)
	}
	return news
}
