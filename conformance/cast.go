package main

import (
	"cmp"
	"net/url"
	"strings"

	"github.com/graphcalls/graphcalls-go/simulator"
)

// cast is who and what a documented body names, brought to life. What stands
// for what is known by the properties alone:
//
//   - the id of a user: a person of the platform
//   - the id of a phone: a phone of that number, which needs no rewriting
//   - the id of an application or application instance: the bot, as a source;
//     another bot, as a target
//   - tenantId: the platform's tenant
//   - callbackUri: the bot's webhook, below it the path as printed
//   - replacesCallId: another call of the bot's, with those it stands beside
//   - participantId: the entry in the roster of the person it stands beside
//   - threadId, a join token, id or passcode: a meeting's, which is made to
//     have them and needs no rewriting
//   - a text such as "one | two | three": the first of these
//
// Ids in the address are known by their place in it, as endpoints has them; in
// a join URL it asks for, the organizer and the tenant are rewritten.
// Everything else goes out byte for byte as printed.
type cast struct {
	printed []byte
	words   []word
	people  map[string]*simulator.Person // users and phones, by the path of their ids
	bots    map[string]*simulator.Bot    // by printed id
	others  map[string]*simulator.Call   // by printed replacesCallId
}

func newCast(s *stage, body []byte) *cast {
	c := &cast{
		printed: body, words: wordsOf(body), people: map[string]*simulator.Person{},
		bots: map[string]*simulator.Bot{}, others: map[string]*simulator.Call{},
	}
	known := map[string]*simulator.Person{}
	for _, w := range c.words {
		switch {
		case w.is("/user/id"):
			if known[w.text] == nil {
				known[w.text] = s.platform.AddPerson(cmp.Or(c.text(w.beside("displayName")), "Alex Wilber"))
			}
			c.people[w.path] = known[w.text]
		case w.is("/phone/id"):
			if known[w.text] == nil {
				known[w.text] = s.platform.AddPhone(w.text)
			}
			c.people[w.path] = known[w.text]
		case w.is("/application/id") && !w.ofSource():
			if c.bots[w.text] == nil {
				c.bots[w.text] = s.platform.RegisterBot(simulator.Bot{CallingWebhook: s.bot.CallingWebhook})
			}
		}
	}
	return c
}

// text is the word at a path, empty where there is none.
func (c *cast) text(path string) string {
	for _, w := range c.words {
		if w.path == path {
			return w.text
		}
	}
	return ""
}

func (c *cast) hasPhones() bool {
	for path := range c.people {
		if strings.HasSuffix(path, "/phone/id") {
			return true
		}
	}
	return false
}

// beside is who is named in the same object as a word.
func (c *cast) beside(w word) *simulator.Person {
	for _, ending := range []string{"/identity/user/id", "/identity/phone/id"} {
		if person := c.people[w.beside(ending[1:])]; person != nil {
			return person
		}
	}
	return nil
}

// callOthers has the bot hold the calls that are to be replaced.
func (s *scene) callOthers() error {
	who := map[string][]*simulator.Person{}
	for _, w := range s.words {
		if w.is("/replacesCallId") && s.cast.beside(w) != nil {
			who[w.text] = append(who[w.text], s.cast.beside(w))
		}
	}
	for printed, people := range sorted(who) {
		call, err := s.calling(people...)
		if err != nil {
			return err
		}
		s.others[printed] = call
	}
	return nil
}

// live is what to send in place of a word.
func (s *scene) live(w word) string {
	person := s.people[w.path]
	switch {
	case person != nil && w.is("/user/id"):
		return person.ID
	case w.is("/application/id") && w.ofSource():
		return s.bot.AppID
	case w.is("/application/id"):
		return s.bots[w.text].AppID
	case w.is("/applicationInstance/id"):
		return s.bot.InstanceID
	case w.is("/tenantId"):
		return s.bot.TenantID
	case w.is("/callbackUri"):
		return s.webhook + pathOf(w.text)
	case w.is("/replacesCallId") && s.others[w.text] != nil:
		return s.others[w.text].ID()
	case w.is("/participantId") && s.cast.beside(w) != nil:
		return s.cast.beside(w).ParticipantID()
	default:
		choice, _, _ := strings.Cut(w.text, " | ")
		return choice
	}
}

// rewritten is the printed body with what is alive in place of what is printed.
func (s *scene) rewritten() []byte { return rewritten(s.printed, s.words, s.live) }

// pathOf is the path of an address; a placeholder has none.
func pathOf(address string) string {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Host == "" {
		return "/api/calls"
	}
	return parsed.Path
}
