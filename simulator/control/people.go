package control

import (
	"regexp"
	"slices"
	"strings"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

const answersAtOnce = "answers"

// named is a word of the API for a value of the simulator's.
type named[T comparable] struct {
	name  string
	value T
}

func reactions() []named[simulator.Reaction] {
	return []named[simulator.Reaction]{
		{answersAtOnce, simulator.AnswersAtOnce}, {"rings", simulator.LetsRing},
		{"declines", simulator.Declines}, {"unreachable", simulator.Unreachable},
	}
}

// value finds what a word stands for.
func value[T comparable](all []named[T], what, name string) (T, error) {
	var words []string
	for _, n := range all {
		if n.name == name {
			return n.value, nil
		}
		words = append(words, n.name)
	}
	var none T
	return none, invalid(what + " must be one of " + strings.Join(words, ", ") + ".")
}

func nameOf[T comparable](all []named[T], value T) string {
	for _, n := range all {
		if n.value == value {
			return n.name
		}
	}
	return ""
}

func isNumber(text string) bool { return regexp.MustCompile(`^\+[0-9]{3,15}$`).MatchString(text) }

type newPerson struct {
	DisplayName string `json:"displayName"`
	Phone       string `json:"phone"`
	WhenCalled  string `json:"whenCalled"`
}

func (s *Server) createPerson(r *request) (answer, error) {
	body := newPerson{WhenCalled: answersAtOnce}
	if err := r.parse(&body); err != nil {
		return answer{}, err
	}
	reaction, err := value(reactions(), "whenCalled", body.WhenCalled)
	if err != nil {
		return answer{}, err
	}
	var made *simulator.Person
	switch {
	case body.Phone == "" && strings.TrimSpace(body.DisplayName) != "":
		made = s.platform.AddPerson(body.DisplayName)
	case body.DisplayName == "" && isNumber(body.Phone):
		made = s.platform.AddPhone(body.Phone)
	default:
		return answer{}, invalid("A person has either a displayName or, with no Teams client, a phone such as +14255550100.")
	}
	made.WhenCalled(reaction)
	p := s.cast.addPerson(made)
	s.cast.setWhenCalled(p, body.WhenCalled)
	return created(describePerson(*p))
}

func (s *Server) changePerson(r *request) (answer, error) {
	p, err := s.cast.person(r.PathValue("person"))
	if err != nil {
		return answer{}, err
	}
	var body struct {
		WhenCalled string `json:"whenCalled"`
	}
	if err := r.parse(&body); err != nil {
		return answer{}, err
	}
	reaction, err := value(reactions(), "whenCalled", body.WhenCalled)
	if err != nil {
		return answer{}, err
	}
	p.WhenCalled(reaction)
	s.cast.setWhenCalled(p, body.WhenCalled)
	return done()
}

type whichBot struct {
	BotID string `json:"botId"`
}

// personAndBot are who a request is about.
func (s *Server) personAndBot(r *request) (*person, *bot, error) {
	p, err := s.cast.person(r.PathValue("person"))
	if err != nil {
		return nil, nil, err
	}
	var body whichBot
	if err := r.parse(&body); err != nil {
		return nil, nil, err
	}
	b, err := s.cast.bot(body.BotID)
	return p, b, err
}

func (s *Server) callBot(r *request) (answer, error) {
	return s.incoming(r, "calls", (*simulator.Person).Call)
}

func (s *Server) inviteBot(r *request) (answer, error) {
	return s.incoming(r, "invites", (*simulator.Person).Invite)
}

func (s *Server) incoming(r *request, what string, how func(*simulator.Person, *simulator.Bot) *simulator.IncomingCall) (answer, error) {
	p, b, err := s.personAndBot(r)
	if err != nil {
		return answer{}, err
	}
	s.looking.Lock()
	defer s.looking.Unlock()
	call := how(p.Person, b.Bot)
	if call == nil {
		return answer{}, conflict("The person is in no meeting or group call to invite a bot to; join one first.")
	}
	s.cast.addIncoming(&incoming{call, b.AppID, p.ID})
	s.note(actText{Who: p.String(), What: what + " " + b.DisplayName, CallID: call.ID()})
	return created(s.describeCall(call.Call))
}

func (s *Server) joinMeeting(r *request) (answer, error) {
	p, err := s.cast.person(r.PathValue("person"))
	if err != nil {
		return answer{}, err
	}
	var body struct {
		MeetingID string `json:"meetingId"`
	}
	if err := r.parse(&body); err != nil {
		return answer{}, err
	}
	m, err := s.cast.meeting(body.MeetingID)
	if err != nil {
		return answer{}, err
	}
	s.note(actText{Who: p.String(), What: "joins " + titleOf(m)})
	p.Join(m)
	return done()
}

// deed is something a person does that needs nothing more to be said.
type deed struct {
	name, what string
	do         func(*simulator.Person)
}

func deeds() []deed {
	return []deed{
		{"leave", "hangs up", (*simulator.Person).Leave},
		{"mute", "mutes", (*simulator.Person).Mute},
		{"unmute", "unmutes", (*simulator.Person).Unmute},
		{"hold", "puts the call on hold", (*simulator.Person).Hold},
		{"resume", "takes the call off hold", (*simulator.Person).Resume},
	}
}

func (s *Server) act(r *request) (answer, error) {
	p, err := s.cast.person(r.PathValue("person"))
	if err != nil {
		return answer{}, err
	}
	act := r.PathValue("act")
	switch act {
	case "pickUp":
		return s.settle(p, "picks up", p.PickUp)
	case "decline":
		return s.settle(p, "declines", p.Decline)
	}
	for _, d := range deeds() {
		if d.name != act {
			continue
		}
		if p.ParticipantID() == "" {
			return answer{}, conflict("The person is in no call and no meeting.")
		}
		s.note(actText{Who: p.String(), What: d.what, CallID: s.callWith(p)})
		d.do(p.Person)
		return done()
	}
	return answer{}, notFound("act", "; /openapi.json lists them")
}

// callWith is the id of a call the person is in, or empty.
func (s *Server) callWith(p *person) string {
	seat := p.ParticipantID()
	for _, call := range slices.Backward(s.platform.Calls()) {
		if slices.ContainsFunc(call.Facts().Roster, func(entry resources.Participant) bool { return entry.ID == seat }) {
			return call.ID()
		}
	}
	return ""
}

func (s *Server) settle(p *person, what string, how func() int) (answer, error) {
	if p.Rings() == 0 {
		return answer{}, conflict("Nobody is ringing the person. PATCH {\"whenCalled\": \"rings\"} has the next call ring until it is picked up or declined.")
	}
	s.note(actText{Who: p.String(), What: what})
	how()
	return done()
}
