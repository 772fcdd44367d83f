package scenario

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

func established(call *simulator.Call) bool {
	return call.State() == resources.CallStateEstablished
}

// hears says whether a key that is pressed in a call makes a difference.
func (p *play) hears(call *simulator.Call) bool {
	return established(call) && (call.Facts().TonesSubscribed || p.legOf(call).records)
}

// lookAtStates tells of calls that begin and end.
func (p *play) lookAtStates() {
	for _, call := range p.calls() {
		l := p.legOf(call)
		now := call.State()
		if now == l.state || l.bot == nil {
			continue
		}
		was := l.state
		l.state = now
		switch {
		case now == resources.CallStateTerminated:
			p.fact(l.bot, "has no call with %s any more%s", names(l.parties), why(call.Facts().Result))
		case now == resources.CallStateEstablished && was != resources.CallStateHold:
			p.fact(l.bot, "is connected to %s", names(l.parties))
		case now == resources.CallStateIncoming:
			p.fact(l.bot, "is called by %s", names(l.parties))
		}
	}
}

func why(result *resources.ResultInfo) string {
	if result == nil {
		return ""
	}
	return fmt.Sprintf(": %d/%d %s", result.Code, result.Subcode, result.Message)
}

// lookAtPeople tells of phones that ring, and of people who are connected to
// each other with no bot between them.
func (p *play) lookAtPeople() {
	for _, e := range p.scenario.of(aPerson, aPhone) {
		person := p.person(e)
		if rings := person.Rings(); rings != p.watch.ringing[e] {
			if rings > p.watch.ringing[e] {
				p.fact(e, "rings")
			}
			p.watch.ringing[e] = rings
		}
		company := p.companyOf(e)
		if company != p.watch.company[e] {
			if company != "" && p.watch.company[p.scenario.names[company]] != e.name {
				p.fact(e, "is connected to %s", company)
			}
			p.watch.company[e] = company
		}
	}
}

// companyOf is whom somebody is in a call of two with, if it is a person.
func (p *play) companyOf(e *entity) string {
	others := p.person(e).With()
	if len(others) != 1 || p.inAnyMeeting(e) || p.botOf(e) != nil {
		return ""
	}
	for _, other := range p.scenario.of(aPerson, aPhone) {
		if p.person(other) == others[0] {
			return other.name
		}
	}
	return ""
}

func (p *play) inAnyMeeting(e *entity) bool {
	return slices.ContainsFunc(p.scenario.of(aMeeting), func(m *entity) bool { return p.sits(e, m) })
}

// botOf is the bot somebody is connected to, or nil.
func (p *play) botOf(e *entity) *entity {
	for _, call := range p.calls() {
		if p.seatedIn(e, call) && established(call) {
			return p.legOf(call).bot
		}
	}
	return nil
}

// seatedIn says whether somebody is in the conversation of a call.
func (p *play) seatedIn(e *entity, call *simulator.Call) bool {
	id := p.person(e).ParticipantID()
	return id != "" && hasID(call.Facts().Roster, id)
}

// sits says whether somebody is in a meeting.
func (p *play) sits(e, meeting *entity) bool {
	id := p.person(e).ParticipantID()
	return id != "" && hasID(p.meeting(meeting).Participants(), id)
}

// botSits says whether a bot is in a meeting, or in its lobby.
func (p *play) botSits(bot, meeting *entity, inLobby bool) bool {
	return slices.ContainsFunc(p.meeting(meeting).Participants(), func(one resources.Participant) bool {
		return one.IsInLobby == inLobby && one.Info != nil && p.cast.known(one.Info.Identity) == bot
	})
}

func (p *play) connected(bot, person *entity) bool {
	return slices.ContainsFunc(p.calls(), func(call *simulator.Call) bool {
		return p.legOf(call).bot == bot && established(call) && p.seatedIn(person, call)
	})
}

func (p *play) busy(bot *entity) bool {
	return slices.ContainsFunc(p.calls(), func(call *simulator.Call) bool {
		return p.legOf(call).bot == bot && call.State() != resources.CallStateTerminated
	})
}

func (p *play) together(person, party *entity) bool {
	if party.kind == aBot {
		return p.connected(party, person)
	}
	return slices.Contains(p.person(person).With(), p.person(party))
}

func (p *play) muted(person *entity) bool {
	id := p.person(person).ParticipantID()
	isMuted := func(one resources.Participant) bool {
		return one.ID == id && (one.IsMuted || slices.ContainsFunc(one.MediaStreams, func(s resources.MediaStream) bool { return s.ServerMuted }))
	}
	for _, call := range p.calls() {
		if id != "" && slices.ContainsFunc(call.Facts().Roster, isMuted) {
			return true
		}
	}
	for _, e := range p.scenario.of(aMeeting) {
		if id != "" && slices.ContainsFunc(p.meeting(e).Participants(), isMuted) {
			return true
		}
	}
	return false
}

// recorded says whether somebody is recorded by policy, and has been told.
func (p *play) recorded(person *entity) bool {
	id := p.person(person).ParticipantID()
	return id != "" && slices.ContainsFunc(p.calls(), func(call *simulator.Call) bool {
		facts := call.Facts()
		return facts.State != resources.CallStateTerminated && facts.RecordingStatus == resources.RecordingStatusRecording &&
			slices.Contains(facts.Observed, id)
	})
}

// callOf waits for a bot's call with somebody: the newest there is.
func (p *play) callOf(ctx context.Context, who *entity, what string, fit func(*simulator.Call) bool) (*simulator.Call, error) {
	var found *simulator.Call
	err := p.must(ctx, func() bool {
		found = nil
		for _, call := range p.calls() {
			if call.State() != resources.CallStateTerminated && (fit == nil || fit(call)) && p.isWith(call, who) {
				found = call
			}
		}
		return found != nil
	}, fmt.Sprintf("no bot has a call with %s%s", who.name, what))
	return found, err
}

func (p *play) isWith(call *simulator.Call, who *entity) bool {
	if who.kind == aPerson || who.kind == aPhone {
		if p.person(who).ParticipantID() != "" {
			return p.seatedIn(who, call)
		}
	}
	return slices.Contains(p.legOf(call).parties, who) || p.legOf(call).bot == who
}

func (p *play) speaks(ctx context.Context, who *entity, d time.Duration) error {
	call, err := p.callOf(ctx, who, "", nil)
	if err == nil {
		call.SpeaksFor(d)
	}
	return err
}

// standing says how things stand with somebody.
func (p *play) standing(e *entity) []string {
	if e.kind == aBot {
		var calls []string
		for _, call := range p.calls() {
			if l := p.legOf(call); l.bot == e && call.State() != resources.CallStateTerminated {
				calls = append(calls, names(l.parties)+" ("+string(call.State())+")")
			}
		}
		if len(calls) == 0 {
			return []string{e.name + " has no call"}
		}
		return []string{e.name + " has calls with " + strings.Join(calls, ", ")}
	}
	person := p.person(e)
	var parts []string
	for _, m := range p.scenario.of(aMeeting) {
		if p.sits(e, m) {
			parts = append(parts, "is in "+m.name)
		}
	}
	for _, other := range p.scenario.of(aPerson, aPhone) {
		if slices.Contains(person.With(), p.person(other)) {
			parts = append(parts, "is with "+other.name)
		}
	}
	if bot := p.botOf(e); bot != nil {
		parts = append(parts, "is with "+bot.name)
	}
	if person.Rings() > 0 {
		parts = append(parts, "rings")
	}
	if len(parts) == 0 {
		parts = []string{"is in no call and no meeting"}
	}
	return []string{e.name + " " + strings.Join(parts, " and ")}
}
