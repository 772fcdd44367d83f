package scenario

import (
	"fmt"
	"slices"
	"strings"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

// watch is what a play has seen of its platform so far.
type watch struct {
	seen    int // exchanges
	newest  simulator.Exchange
	before  map[*simulator.Call]bool // calls that are none of the story's
	legs    map[*simulator.Call]*leg
	seats   map[string]*entity // by participant id, of all who were anywhere
	ringing map[*entity]int
	company map[*entity]string
}

// leg is what is known of one call.
type leg struct {
	bot       *entity
	parties   []*entity
	delivered int
	state     resources.CallState
	records   bool // or has recorded
}

func newWatch(p *play) *watch {
	w := &watch{
		before: map[*simulator.Call]bool{}, legs: map[*simulator.Call]*leg{},
		seats: map[string]*entity{}, ringing: map[*entity]int{}, company: map[*entity]string{},
	}
	for _, call := range p.platform.Calls() {
		w.before[call] = true
	}
	w.fresh(p.platform.Exchanges())
	return w
}

// fresh returns the exchanges that were not seen. The oldest may have been
// forgotten meanwhile.
func (w *watch) fresh(all []simulator.Exchange) []simulator.Exchange {
	same := func(x simulator.Exchange) bool {
		return x.At.Equal(w.newest.At) && x.Took == w.newest.Took && x.URL == w.newest.URL
	}
	from := min(w.seen, len(all))
	for from > 0 && !same(all[from-1]) {
		from--
	}
	if w.seen = len(all); w.seen > 0 {
		w.newest = all[w.seen-1]
	}
	return all[from:]
}

// look takes in what has happened since it was called last, and tells it.
func (p *play) look() {
	known := len(p.events)
	p.lookAtCalls()
	for _, x := range p.watch.fresh(p.platform.Exchanges()) {
		if x.ToBot {
			p.lookAtTold(x)
		} else {
			p.note(p.request(x))
		}
	}
	p.lookAtDeliveries()
	p.lookAtStates()
	p.lookAtPeople()
	if p.launcher != nil {
		for _, text := range p.launcher.exits() {
			p.tell(Entry{Kind: Fact, Text: text})
		}
	}
	p.check(p.events[known:])
}

// note files an event, and tells it.
func (p *play) note(e *event) {
	e.met, e.released = map[string]bool{}, map[string]bool{}
	p.events = append(p.events, e)
	p.report.Entries = append(p.report.Entries, Entry{At: e.at, Who: e.subject.name, Kind: Deed, Text: e.text})
}

func (p *play) fact(who *entity, format string, values ...any) {
	p.tell(Entry{Who: who.name, Kind: Fact, Text: fmt.Sprintf(format, values...)})
}

// legOf returns what is known of a call.
func (p *play) legOf(call *simulator.Call) *leg {
	l := p.watch.legs[call]
	if l == nil {
		l = &leg{}
		p.watch.legs[call] = l
	}
	return l
}

// calledBy says who has made a call.
func (p *play) calledBy(call *simulator.Call, who *entity) {
	l := p.legOf(call)
	l.parties, l.state = []*entity{who}, resources.CallStateIncoming
}

// calls are those of the story.
func (p *play) calls() []*simulator.Call {
	return slices.DeleteFunc(p.platform.Calls(), func(call *simulator.Call) bool { return p.watch.before[call] })
}

func (p *play) lookAtCalls() {
	for _, e := range p.scenario.of(aPerson, aPhone) {
		if id := p.person(e).ParticipantID(); id != "" {
			p.watch.seats[resources.Key(id)] = e
		}
	}
	for _, call := range p.calls() {
		l := p.legOf(call)
		if l.bot == nil {
			l.bot = p.ownerOf(call)
		}
		if l.state == resources.CallStateTerminated {
			continue
		}
		for _, party := range p.presentIn(call) {
			if !slices.Contains(l.parties, party) {
				l.parties = append(l.parties, party)
			}
		}
	}
}

// presentIn is who a call is with: the meeting, or the people who are called or
// there.
func (p *play) presentIn(call *simulator.Call) []*entity {
	facts := call.Facts()
	if posted := facts.Request; posted != nil && posted.MeetingInfo != nil {
		return []*entity{p.placeOf(call, posted)}
	}
	for _, e := range p.scenario.of(aMeeting) {
		inside := p.meeting(e).Participants()
		if slices.ContainsFunc(facts.Roster, func(one resources.Participant) bool { return hasID(inside, one.ID) }) {
			return []*entity{e}
		}
	}
	var found []*entity
	if facts.Request != nil {
		for _, target := range facts.Request.Targets {
			if e := p.cast.known(target.Identity); e.kind != 0 {
				found = append(found, e)
			}
		}
	}
	return append(found, p.cast.seated(facts.Roster)...)
}

// placeOf is place, but the same each time for a meeting nobody has named.
func (p *play) placeOf(call *simulator.Call, posted *resources.Call) *entity {
	if known := p.legOf(call).parties; len(known) > 0 {
		return known[0]
	}
	return p.cast.place(posted)
}

func hasID(list resources.Participants, id string) bool {
	return slices.ContainsFunc(list, func(one resources.Participant) bool { return one.ID == id })
}

// ownerOf is the bot whose call it is: the only one there is, or the one that
// the call's first notification or its making names.
func (p *play) ownerOf(call *simulator.Call) *entity {
	bots := p.scenario.of(aBot)
	if len(bots) == 1 {
		return bots[0]
	}
	first := call.Queued()
	for _, delivery := range call.Deliveries() {
		first = append([]*resources.Notification{delivery.Notification()}, first...)
	}
	for _, notice := range first {
		if news, ok := notice.Data.(*resources.Call); ok && len(news.Targets) == 1 {
			if e := p.cast.known(news.Targets[0].Identity); e.kind == aBot {
				return e
			}
		}
	}
	for _, x := range call.Exchanges() {
		made, err := resources.Decode[resources.Call](x.ResponseBody)
		if err == nil && made.Source != nil {
			if e := p.cast.known(made.Source.Identity); e.kind == aBot {
				return e
			}
		}
	}
	return nil
}

// askerOf is the bot that sent a request.
func (p *play) askerOf(x simulator.Exchange) *entity {
	if call := p.platform.Call(x.CallID); call != nil {
		l := p.legOf(call)
		if l.bot == nil {
			l.bot = p.ownerOf(call)
		}
		if l.bot != nil {
			return l.bot
		}
	}
	if bots := p.scenario.of(aBot); len(bots) > 0 {
		return bots[0]
	}
	return &entity{name: "somebody"}
}

func (p *play) partiesOf(call *simulator.Call) []*entity { return slices.Clone(p.legOf(call).parties) }

// participant finds who has a participant id in a call.
func (p *play) participant(callID, id string) *entity {
	if e := p.watch.seats[resources.Key(id)]; e != nil {
		return e
	}
	if call := p.platform.Call(callID); call != nil {
		for _, one := range call.Facts().Roster {
			if strings.EqualFold(one.ID, id) && one.Info != nil {
				return p.cast.known(one.Info.Identity)
			}
		}
	}
	return &entity{name: "somebody"}
}
