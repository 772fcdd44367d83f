package simulator

import (
	"encoding/json"
	"net/http"

	"github.com/graphcalls/graphcalls-go/resources"
)

type transferBody struct {
	Target        json.RawMessage `json:"transferTarget"`
	Transferee    json.RawMessage `json:"transferee"`
	ClientContext string          `json:"clientContext"`
}

// transfer is a call about to be handed to somebody else.
type transfer struct {
	call       *Call
	transferee *Person
	target     *Person
	bot        *Bot  // the target, when it is one
	consulted  *Call // the bot's call with the target; nil for a blind transfer
}

// transferCall serves POST …/transfer.
func transferCall(r *request) (reply, *refusal) {
	var body transferBody
	if why := r.parse(&body); why != nil {
		return reply{}, why
	}
	if why := checkClientContext(body.ClientContext); why != nil {
		return reply{}, why
	}
	target, err := resources.Decode[resources.InvitationParticipantInfo](body.Target)
	if err != nil || target.Identity == nil {
		return reply{}, badRequest("transferTarget with an identity must be given.")
	}
	call := r.call
	r.platform.mu.Lock()
	defer r.platform.mu.Unlock()
	t, why := r.newTransfer(target, body.Transferee)
	if why != nil {
		return reply{}, why
	}
	call.outbox.cork()
	call.enterState(resources.CallStateTransferring)
	t.begin()
	return reply{status: http.StatusAccepted, then: call.outbox.uncork}, nil
}

// newTransfer is called with platform.mu held, as what follows is.
func (r *request) newTransfer(target *resources.InvitationParticipantInfo, transferee json.RawMessage) (*transfer, *refusal) {
	p, call := r.platform, r.call
	if why := call.isEstablished(); why != nil {
		return nil, why
	}
	t := &transfer{call: call, target: p.personCalled(target.Identity), bot: p.botCalled(target.Identity)}
	switch {
	case t.target != nil && t.target.isForeign(call.tenantID):
		return nil, notPermitted()
	case target.Identity.Phone != nil && !call.hasInstance():
		return nil, needsInstance()
	}
	var why *refusal
	if t.transferee, why = call.transferee(transferee); why != nil {
		return nil, why
	}
	if target.ReplacesCallID != "" {
		t.consulted = p.world.calls[resources.Key(target.ReplacesCallID)]
		if t.consulted == nil || t.consulted == call || t.consulted.bot != call.bot || t.consulted.over() {
			return nil, badRequest("replacesCallId must be another call of the application.")
		}
	}
	return t, nil
}

// transferee finds who is transferred: in a call of two the other one, else
// who the request names.
func (c *Call) transferee(named json.RawMessage) (*Person, *refusal) {
	if c.isPeer() {
		return c.peer, nil
	}
	info, err := resources.Decode[resources.ParticipantInfo](named)
	if err != nil {
		return nil, badRequest("transferee must be given in a group call.")
	}
	byIdentity := c.platform.personCalled(info.Identity)
	for m := range c.conversation.members.all() {
		if m.person != nil && (resources.Key(m.id) == resources.Key(info.ParticipantID) || m.person == byIdentity) {
			return m.person, nil
		}
	}
	return nil, badRequest("transferee is not in the call.")
}

// hasInstance says whether the call is held in the name of an application
// instance, as calls with phones are.
func (c *Call) hasInstance() bool {
	if c.posted != nil {
		return hasInstance(c.posted.Source)
	}
	return c.summons != nil && c.summons.source.Phone != nil
}

// begin asks the target. Who is consulted is on the line already: the phone
// does not ring again.
func (t *transfer) begin() {
	switch {
	case t.bot != nil:
		t.call.summon(&summons{
			bot: t.bot, peer: t.transferee, source: t.transferee.identity(),
			dress: func(_ *Call, news *resources.Call) {
				news.IncomingContext = &resources.IncomingContext{Transferor: t.call.bot.identity()}
			},
			answered: t.succeed, refused: func() { t.fail(hasDeclined) },
		}).waitFor(t)
	case t.target == nil:
		t.fail(outOfReach)
	case t.consulted != nil && t.target.reaction == LetsRing:
		t.succeed()
	default:
		t.call.ring(t.target, t.call.platform.options.RingTimeout, t.succeed, t.fail)
	}
}

// waitFor makes an answered call connect the transferee.
func (c *Call) waitFor(t *transfer) {
	c.summons.answered = func() {
		t.succeed()
		t.transferee.occupy(c.conversation)
	}
}

func (t *transfer) succeed() {
	c := t.call
	if c.over() {
		return
	}
	c.enterState(resources.CallStateTransferAccepted)
	c.enterMediaState(resources.MediaStateInactive)
	done := result(0, 7015, "GracefulTransferCompleted")
	if t.consulted == nil {
		c.finishTelling(done, &resources.Call{ResultInfo: done})
	} else {
		c.finishTelling(done, &resources.Call{TerminationReason: "AppTransferred"})
		t.consulted.finish(result(200, 7015, "Call ended as the transfer completed successfully."))
	}
	if t.target != nil {
		c.platform.connect(t.transferee, t.target)
	}
}

// fail gives the call back to the bot. The wire spells subCode so, here alone.
func (t *transfer) fail(why absence) {
	c := t.call
	if c.over() {
		return
	}
	subcode, news := "7000", &resources.Call{}
	if t.consulted != nil {
		subcode = "7700"
		news.SetProperty("replacesContext", resources.Raw(`"`+t.consulted.id+`"`))
	}
	info := &resources.ResultInfo{Code: 500, Message: "The transfer failed. DiagCode: " + why.diagCode() + ".@"}
	info.SetProperty("subCode", resources.Raw(subcode))
	c.state = resources.CallStateEstablished
	news.State, news.ResultInfo = c.state, info
	c.tell(resources.ChangeTypeUpdated, news)
	c.platform.changed.ring()
}

func (c *Call) enterState(state resources.CallState) {
	c.state = state
	c.tell(resources.ChangeTypeUpdated, &resources.Call{State: state})
	c.platform.changed.ring()
}

func (c *Call) isEstablished() *refusal {
	switch c.state {
	case resources.CallStateEstablished, resources.CallStateHold:
		return nil
	case resources.CallStateTerminated:
		return callNotFound()
	default:
		return badRequest("The call is not established.")
	}
}
