package simulator

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/graphcalls/graphcalls-go/resources"
)

const mostInvited = 5

type inviteBody struct {
	Participants  []json.RawMessage `json:"participants"`
	ClientContext string            `json:"clientContext"`
}

// invite is one request to bring people into a call, and who has still to
// answer. It is guarded by the platform's mutex.
type invite struct {
	call    *Call
	op      *operation
	guests  []*resources.InvitationParticipantInfo
	waiting int
	came    int
	why     absence // of the last who did not come
}

// inviteParticipants serves POST …/participants/invite.
func inviteParticipants(r *request) (reply, *refusal) {
	var body inviteBody
	if why := r.parse(&body); why != nil {
		return reply{}, why
	}
	guests, why := body.read()
	if why != nil {
		return reply{}, why
	}
	call := r.call
	r.platform.mu.Lock()
	defer r.platform.mu.Unlock()
	if why := call.isEstablished(); why != nil {
		return reply{}, why
	}
	resource := &resources.InviteParticipantsOperation{}
	for _, guest := range guests {
		if person := r.platform.personCalled(guest.Identity); person != nil && person.isForeign(call.tenantID) {
			return reply{}, notPermitted()
		}
		resource.Participants = append(resource.Participants, resources.InvitationParticipantInfo{Identity: guest.Identity})
	}
	i := &invite{call: call, guests: guests, waiting: len(guests), op: call.startOperation(resource, body.ClientContext)}
	return r.replyThen(http.StatusOK, i.asReplied(), func() {
		for _, guest := range guests {
			i.ask(guest)
		}
	})
}

func (b *inviteBody) read() ([]*resources.InvitationParticipantInfo, *refusal) {
	if why := checkClientContext(b.ClientContext); why != nil {
		return nil, why
	}
	if len(b.Participants) == 0 || len(b.Participants) > mostInvited {
		return nil, badRequest("participants must have between 1 and 5 entries.")
	}
	var guests []*resources.InvitationParticipantInfo
	for _, text := range b.Participants {
		guest, err := resources.Decode[resources.InvitationParticipantInfo](text)
		if err != nil || guest.Identity == nil {
			return nil, badRequest("Every participant needs an identity.")
		}
		guests = append(guests, guest)
	}
	return guests, nil
}

// asReplied is the operation as the reply has it, which says what the
// notification will say otherwise: a status with a capital letter, and nulls. It
// is called with platform.mu held, as what follows is.
func (i *invite) asReplied() *operation {
	said := fresh[resources.InviteParticipantsOperation](invitedText)
	common := i.op.resource.Common()
	said.ID, said.ClientContext, said.Status = common.ID, common.ClientContext, "Running"
	for _, guest := range i.guests {
		entry := fresh[resources.InvitationParticipantInfo](inviteeText)
		entry.ReplacesCallID, entry.ParticipantID = guest.ReplacesCallID, guest.ParticipantID
		entry.Identity = i.call.platform.spelledOutInvitee(guest.Identity)
		said.Participants = append(said.Participants, *entry)
	}
	return &operation{resource: said}
}

// spelledOutInvitee adds what is known of who is invited to what the bot said;
// callers hold p.mu.
func (p *Platform) spelledOutInvitee(asked *resources.IdentitySet) *resources.IdentitySet {
	whole := spelledOut(inviteeIDText, asked)
	if person := p.personCalled(asked); person != nil && asked.User != nil {
		known := *asked.User
		known.DisplayName, known.TenantID = cmp.Or(known.DisplayName, person.DisplayName), person.TenantID
		whole.User = &known
	}
	return whole
}

func (i *invite) ask(guest *resources.InvitationParticipantInfo) {
	p := i.call.platform
	person, bot := p.personCalled(guest.Identity), p.botCalled(guest.Identity)
	switch {
	case guest.ReplacesCallID != "":
		i.move(guest, person)
	case bot != nil:
		i.call.escalate()
		i.call.summon(&summons{
			bot: bot, room: i.call.conversation, source: i.call.bot.identity(),
			answered: func() { i.join(nil, false) }, refused: func() { i.miss(hasDeclined) },
		})
	case person == nil, guest.Identity.Phone != nil && i.call.joinedByToken():
		i.miss(outOfReach)
	default:
		r := i.call.ring(person, p.options.RingTimeout, func() { i.join(person, guest.Hidden) }, i.miss)
		r.id = guest.ParticipantID
	}
}

// move brings somebody over from another of the bot's calls. Nothing rings.
func (i *invite) move(guest *resources.InvitationParticipantInfo, person *Person) {
	from := i.call.platform.world.calls[resources.Key(guest.ReplacesCallID)]
	if from == nil || from.bot != i.call.bot || from.over() {
		i.miss(outOfReach)
		return
	}
	if m := from.conversation.memberNamed(guest.ParticipantID); m != nil && m.person != nil {
		person = m.person
	}
	switch {
	case person == nil || person.conversation != from.conversation || person.reaction == Unreachable:
		i.miss(outOfReach)
	case person.reaction == Declines:
		i.miss(hasDeclined)
	default:
		i.join(person, guest.Hidden)
	}
}

func (i *invite) join(person *Person, hidden bool) {
	if i.call.over() {
		return
	}
	i.came++
	i.call.escalate()
	if person != nil {
		person.occupy(i.call.conversation)
		person.seat.hidden = hidden
	}
	i.settled()
	i.call.conversation.announce(i.call.seat)
}

func (i *invite) miss(why absence) {
	i.why = why
	i.settled()
}

// settled ends the operation when nobody's answer is outstanding. It is a
// success when anybody came.
func (i *invite) settled() {
	i.waiting--
	switch {
	case i.waiting > 0:
	case i.came > 0:
		i.call.endOperation(i.op, nil)
	default:
		i.call.endOperation(i.op, result(412, 9999, "The participant could not be added. DiagCode: "+i.why.diagCode()+".@"))
	}
}

// escalate makes a call of two a group call.
func (c *Call) escalate() {
	if c.isPeer() {
		c.conversation.kind = groupConversation
		c.seat.hidden = c.hides
	}
}

// joinedByToken says whether the bot came by a join token, and so cannot bring
// in phones.
func (c *Call) joinedByToken() bool {
	if c.posted == nil {
		return false
	}
	_, byToken := c.posted.MeetingInfo.(*resources.TokenMeetingInfo)
	return byToken
}

// pendingInvite finds a phone that rings by the participant id or the user id
// of the invitation.
func (c *Call) pendingInvite(id string) *ring {
	for _, r := range c.rings {
		if r.id != "" && resources.Key(r.id) == resources.Key(id) || strings.EqualFold(r.person.ID, id) {
			return r
		}
	}
	return nil
}
