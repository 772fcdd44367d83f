package scenario

import (
	"cmp"
	"slices"
	"strings"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

// cast is who plays: what the names of a scenario stand for on a platform.
type cast struct {
	people    map[*entity]*simulator.Person
	meetings  map[*entity]*simulator.Meeting
	bots      map[*entity]*simulator.Bot
	addresses map[*entity]string // of programs and of bots: what they listen at
}

func newCast(s *Scenario, platform *simulator.Platform, bots []*simulator.Bot) *cast {
	c := &cast{
		people: map[*entity]*simulator.Person{}, meetings: map[*entity]*simulator.Meeting{},
		bots: map[*entity]*simulator.Bot{}, addresses: map[*entity]string{},
	}
	for i, bot := range s.of(aBot) {
		if i < len(bots) {
			c.bots[bot] = bots[i]
		} else {
			c.bots[bot] = platform.RegisterBot(simulator.Bot{DisplayName: bot.name})
		}
	}
	for _, e := range s.entities {
		switch e.kind {
		case aPerson:
			c.people[e] = platform.AddPerson(e.title)
		case aPhone:
			c.people[e] = platform.AddPhone(e.number)
		case aMeeting:
			c.meetings[e] = platform.AddMeeting(simulator.Meeting{
				Subject: e.name, Organizer: c.people[e.organizer], NoPasscode: e.open, Lobby: lobbies()[e.lobby],
			})
		}
	}
	return c
}

func lobbies() map[string]simulator.Lobby {
	return map[string]simulator.Lobby{
		"": simulator.LobbyForGuests, "guests": simulator.LobbyForGuests, "everybody": simulator.LobbyForAll, "nobody": simulator.LobbyForNobody,
	}
}

func (c *cast) person(e *entity) *simulator.Person   { return c.people[e] }
func (c *cast) meeting(e *entity) *simulator.Meeting { return c.meetings[e] }
func (c *cast) bot(e *entity) *simulator.Bot         { return c.bots[e] }

// fill puts what the {placeholders} of a command stand for in their place. What
// stands for nothing stays as it is.
func (c *cast) fill(s *Scenario, platform *simulator.Platform, words []string) []string {
	var filled []string
	for _, w := range words {
		filled = append(filled, placeholder().ReplaceAllStringFunc(w, func(found string) string {
			name, field, _ := strings.Cut(strings.Trim(found, "{}"), ".")
			if name == "tenant" {
				return platform.Tenant().ID
			}
			e := s.names[name]
			if bots := s.of(aBot); name == "bot" && len(bots) > 0 {
				e = bots[0]
			}
			if e == nil || !slices.Contains(e.kind.fields(), field) {
				return found
			}
			return c.field(e, field)
		}))
	}
	return filled
}

func (c *cast) field(e *entity, field string) string {
	switch e.kind {
	case aBot:
		bot := c.bots[e]
		_, port, _ := strings.Cut(c.addresses[e], ":")
		return map[string]string{
			"app": bot.AppID, "secret": bot.Secret, "instance": bot.InstanceID, "listen": c.addresses[e], "port": port,
		}[field]
	case aPerson, aPhone:
		person := c.people[e]
		return map[string]string{"id": person.ID, "name": person.DisplayName, "number": person.Phone}[field]
	case aMeeting:
		m := c.meetings[e]
		return map[string]string{
			"url": m.JoinURL(), "id": m.JoinMeetingID, "passcode": m.Passcode, "thread": m.ThreadID, "organizer": m.Organizer.ID,
			"token": m.JoinToken, "conference": m.VideoTeleconferenceID,
		}[field]
	default:
		return c.addresses[e]
	}
}

// known finds whom an identity stands for, or makes somebody up to tell of.
func (c *cast) known(identity *resources.IdentitySet) *entity {
	stranger := &entity{name: "somebody"}
	for _, one := range identity.All() {
		for e, person := range c.people {
			if strings.EqualFold(person.ID, one.ID) || person.Phone != "" && person.Phone == one.ID {
				return e
			}
		}
		for e, bot := range c.bots {
			if strings.EqualFold(bot.AppID, one.ID) || strings.EqualFold(bot.InstanceID, one.ID) {
				return e
			}
		}
		stranger.name = cmp.Or(one.DisplayName, one.ID, stranger.name)
	}
	return stranger
}

// place finds the meeting somebody asks to join.
func (c *cast) place(posted *resources.Call) *entity {
	for e, m := range c.meetings {
		byThread := posted.ChatInfo != nil && strings.EqualFold(posted.ChatInfo.ThreadID, m.ThreadID)
		switch info := posted.MeetingInfo.(type) {
		case *resources.JoinMeetingIDMeetingInfo:
			if strings.ReplaceAll(info.JoinMeetingID, " ", "") == m.JoinMeetingID {
				return e
			}
		case *resources.TokenMeetingInfo:
			if info.Token == m.JoinToken {
				return e
			}
		default:
			if byThread {
				return e
			}
		}
	}
	return &entity{kind: aMeeting, name: "a meeting"}
}

// seated finds who of the scenario is in a roster.
func (c *cast) seated(roster resources.Participants) []*entity {
	var found []*entity
	for _, entry := range roster {
		if entry.Info == nil || entry.Info.Identity == nil {
			continue
		}
		if e := c.known(entry.Info.Identity); e.kind == aPerson || e.kind == aPhone {
			found = append(found, e)
		}
	}
	slices.SortFunc(found, func(a, b *entity) int { return cmp.Compare(a.name, b.name) })
	return found
}
