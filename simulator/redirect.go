package simulator

import (
	"cmp"
	"encoding/json"
	"net/http"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
)

const mostRedirectTargets = 25

type redirectBody struct {
	Targets     []json.RawMessage `json:"targets"`
	Timeout     int               `json:"timeout"`
	CallbackURI string            `json:"callbackUri"`
}

// redirectCall serves POST …/redirect. The call ends for the bot when somebody
// has picked up, or nobody has in time.
func redirectCall(r *request) (reply, *refusal) {
	var body redirectBody
	if why := r.parse(&body); why != nil {
		return reply{}, why
	}
	if why := r.checkCallback(body.CallbackURI, false); why != nil {
		return reply{}, why
	}
	targets, why := body.read()
	if why != nil {
		return reply{}, why
	}
	call := r.call
	r.platform.mu.Lock()
	defer r.platform.mu.Unlock()
	if why := call.awaitsAnswer(); why != nil {
		return reply{}, why
	}
	if why := call.checkTargets(targets); why != nil {
		return reply{}, why
	}
	call.callbackURI = cmp.Or(body.CallbackURI, call.callbackURI)
	call.window.stop()
	call.outbox.cork()
	call.redirect(targets, body.patience())
	return reply{status: http.StatusAccepted, then: call.outbox.uncork}, nil
}

func (b *redirectBody) read() ([]*resources.IdentitySet, *refusal) {
	if len(b.Targets) == 0 || len(b.Targets) > mostRedirectTargets {
		return nil, badRequest("targets must have between 1 and 25 entries.")
	}
	if b.Timeout != 0 && (b.Timeout < 15 || b.Timeout > 90) {
		return nil, badRequest("timeout must be between 15 and 90 seconds.")
	}
	var identities []*resources.IdentitySet
	for _, text := range b.Targets {
		target, err := resources.Decode[resources.InvitationParticipantInfo](text)
		if err != nil || target.Identity == nil {
			return nil, badRequest("Every target needs an identity.")
		}
		identities = append(identities, target.Identity)
	}
	return identities, nil
}

func (b *redirectBody) patience() time.Duration {
	switch {
	case b.Timeout != 0:
		return time.Duration(b.Timeout) * time.Second
	case len(b.Targets) == 1:
		return 55 * time.Second
	default:
		return 60 * time.Second
	}
}

// checkTargets and what follows are called with platform.mu held.
func (c *Call) checkTargets(targets []*resources.IdentitySet) *refusal {
	for _, target := range targets {
		if target.Phone != nil && !c.hasInstance() {
			return needsInstance()
		}
		if person := c.platform.personCalled(target); person != nil && person.isForeign(c.tenantID) {
			return notPermitted()
		}
	}
	return nil
}

// redirect rings all targets at once; the first to answer has the caller.
// Options.RingTimeout shortens the wait.
func (c *Call) redirect(targets []*resources.IdentitySet, patience time.Duration) {
	c.state = resources.CallStateRedirecting
	patience = min(patience, c.platform.options.RingTimeout)
	waiting := len(targets)
	refused := func(absence) {
		if waiting--; waiting == 0 && !c.over() {
			c.finishTelling(result(480, 10076, "Callee couldn't be reached."), c.redirected(nil))
		}
	}
	for _, target := range targets {
		person, bot := c.platform.personCalled(target), c.platform.botCalled(target)
		switch {
		case c.over():
		case person != nil && person != c.peer:
			c.ring(person, patience, func() { c.redirectedTo(person) }, refused)
		case bot != nil:
			c.redirectToBot(bot, func() { refused(hasDeclined) })
		default:
			refused(outOfReach)
		}
	}
}

func (c *Call) redirectedTo(person *Person) {
	if c.over() {
		return
	}
	caller := c.peer
	c.finishTelling(nil, c.redirected(person.identity()))
	if caller != nil {
		c.platform.connect(caller, person)
	}
}

func (c *Call) redirectToBot(bot *Bot, refused func()) {
	var next *Call
	next = c.summon(&summons{
		bot: bot, peer: c.peer, source: c.summons.source, refused: refused,
		answered: func() {
			if !c.over() {
				c.finishTelling(nil, c.redirected(bot.identity()))
			}
			next.peer.occupy(next.conversation)
		},
	})
}

// redirected are the last words of a call that was passed on: all that is
// known of it, and who has it.
func (c *Call) redirected(answeredBy *resources.IdentitySet) *resources.Call {
	last := c.invitation()
	last.CallbackURI = c.callbackURI
	if answeredBy != nil {
		last.AnsweredBy = &resources.ParticipantInfo{Identity: answeredBy, EndpointType: resources.EndpointTypeDefault}
	}
	return last
}
