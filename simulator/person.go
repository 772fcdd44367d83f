package simulator

import (
	"cmp"
	"slices"

	"github.com/graphcalls/graphcalls-go/resources"
)

// Person is somebody with a Teams client. A person is in one conversation at a
// time: joining one leaves the other.
type Person struct {
	ID          string
	DisplayName string
	TenantID    string
	// Phone is the number, E.164, of somebody who has a telephone and no Teams
	// client. It is empty for everybody else.
	Phone string

	platform *Platform

	// Guarded by platform.mu:
	reaction     Reaction
	ringing      []*ring
	conversation *conversation
	seat         *member
}

// Reaction is what a person does when a bot calls.
type Reaction int

// The reactions.
const (
	AnswersAtOnce Reaction = iota
	LetsRing               // until PickUp or Decline, or it has rung out
	Declines               // at once
	Unreachable            // no phone, no client
)

// String is the person's name, or number.
func (p *Person) String() string { return cmp.Or(p.DisplayName, p.Phone) }

func (p *Person) identity() *resources.IdentitySet {
	if p.Phone != "" {
		return &resources.IdentitySet{Phone: &resources.Identity{ID: p.Phone}}
	}
	return &resources.IdentitySet{User: &resources.Identity{ID: p.ID, DisplayName: p.DisplayName, TenantID: p.TenantID}}
}

// WhenCalled says what the person does about calls from now on. To begin with
// they are answered at once.
func (p *Person) WhenCalled(reaction Reaction) {
	p.platform.mu.Lock()
	defer p.platform.mu.Unlock()
	p.reaction = reaction
}

// PickUp answers all calls that ring, and reports how many that were.
func (p *Person) PickUp() int {
	return p.settle(func(r *ring) { r.answered() })
}

// Decline turns down all calls that ring, and reports how many that were.
func (p *Person) Decline() int {
	return p.settle(func(r *ring) { r.refused(hasDeclined) })
}

func (p *Person) settle(how func(*ring)) int {
	p.platform.mu.Lock()
	defer p.platform.mu.Unlock()
	count := 0
	for _, r := range slices.Clone(p.ringing) {
		if r.settle() {
			count++
			how(r)
		}
	}
	if count > 0 {
		p.platform.changed.ring()
	}
	return count
}

// Rings counts the calls that ring, waiting for PickUp or Decline.
func (p *Person) Rings() int {
	p.platform.mu.Lock()
	defer p.platform.mu.Unlock()
	return len(p.ringing)
}

// occupy and what follows are called with platform.mu held.
func (p *Person) occupy(room *conversation) {
	if p.conversation == room {
		return
	}
	p.depart()
	p.conversation, p.seat = room, &member{id: newID(), person: p}
	room.enter(p.seat)
	p.platform.observe(p.seat, room)
}

func (p *Person) vacate(room *conversation) {
	if p.conversation == room {
		room.exit(p.seat)
		p.conversation, p.seat = nil, nil
	}
}

// depart leaves the conversation the person is in, and draws the consequences
// for who stays.
func (p *Person) depart() {
	room := p.conversation
	if room == nil {
		return
	}
	p.vacate(room)
	if room.kind == meetingConversation || room.kind == groupConversation && room.people() > 0 {
		room.announce()
		return
	}
	why := result(200, 5002, "The conversation has ended as all other participants have left the call.")
	if room.kind == peerConversation {
		why = p.hangUpResult()
	}
	for _, m := range slices.Collect(room.members.all()) {
		switch {
		case m.call != nil:
			m.call.finish(why)
		case m.person != nil:
			m.person.vacate(room)
		}
	}
}

func (p *Person) hangUpResult() *resources.ResultInfo {
	if p.Phone != "" {
		return result(200, 540000, "Call ended by the PSTN user.")
	}
	return result(200, 4521, "Call ended by the other participant in peer-to-peer call.")
}

// With are the other people in the conversation the person is in: those a
// transfer or a redirection has connected them to, for one.
func (p *Person) With() []*Person {
	p.platform.mu.Lock()
	defer p.platform.mu.Unlock()
	if p.conversation == nil {
		return nil
	}
	var others []*Person
	for m := range p.conversation.members.all() {
		if m.person != nil && m.person != p {
			others = append(others, m.person)
		}
	}
	return others
}

// connect puts two people into a call of their own, with no bot in it; callers
// hold p.mu.
func (p *Platform) connect(a, b *Person) {
	room := &conversation{kind: peerConversation, tenant: a.TenantID}
	a.occupy(room)
	b.occupy(room)
	p.changed.ring()
}

// Join enters a meeting. Everybody's roster is sent.
func (p *Person) Join(meeting *Meeting) {
	p.platform.mu.Lock()
	defer p.platform.mu.Unlock()
	if p.conversation != meeting.room {
		p.occupy(meeting.room)
		meeting.room.announce()
	}
}

// Leave leaves the conversation the person is in, if any: hangs up on a bot,
// leaves a meeting. A call of two ends with it, and so does a group call that
// nobody is left in.
func (p *Person) Leave() {
	p.platform.mu.Lock()
	defer p.platform.mu.Unlock()
	p.depart()
}

// Mute mutes the person where they are.
func (p *Person) Mute() { p.change(func(m *member) { m.muted = true }) }

// Unmute takes Mute back, and the muting of the person by others.
func (p *Person) Unmute() { p.change(func(m *member) { m.muted, m.serverMuted = false, false }) }

// Hold puts the conversation on hold for the person, which others see as
// inactive media.
func (p *Person) Hold() { p.change(func(m *member) { m.held = true }) }

// Resume takes Hold back.
func (p *Person) Resume() { p.change(func(m *member) { m.held = false }) }

func (p *Person) change(what func(*member)) {
	p.platform.mu.Lock()
	defer p.platform.mu.Unlock()
	if p.conversation != nil {
		what(p.seat)
		p.conversation.announce(p.seat)
	}
}

// ParticipantID is the person's entry in the roster they are in, empty when
// they are in none.
func (p *Person) ParticipantID() string {
	p.platform.mu.Lock()
	defer p.platform.mu.Unlock()
	if p.seat == nil {
		return ""
	}
	return p.seat.id
}
