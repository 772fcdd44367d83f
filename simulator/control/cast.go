package control

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/graphcalls/graphcalls-go/simulator"
)

// cast is who and what can be acted on, in the order it came.
type cast struct {
	mu       sync.Mutex
	bots     []*bot
	people   []*person
	meetings []*simulator.Meeting
	incoming map[string]*incoming // by call
	botOf    map[string]string    // by call: an ended one names nobody
}

type bot struct {
	*simulator.Bot

	webhook string // as last set from here
}

type person struct {
	*simulator.Person

	whenCalled string
}

// incoming is a call somebody here made to a bot.
type incoming struct {
	*simulator.IncomingCall

	bot    string
	caller string
}

func newCast() *cast { return &cast{incoming: map[string]*incoming{}, botOf: map[string]string{}} }

func (c *cast) addBot(b *simulator.Bot) *bot {
	c.mu.Lock()
	defer c.mu.Unlock()
	added := &bot{b, b.CallingWebhook}
	c.bots = append(slices.DeleteFunc(c.bots, func(other *bot) bool { return strings.EqualFold(other.AppID, b.AppID) }), added)
	return added
}

func (c *cast) addPerson(p *simulator.Person) *person {
	c.mu.Lock()
	defer c.mu.Unlock()
	added := &person{p, answersAtOnce}
	c.people = append(c.people, added)
	return added
}

func (c *cast) addMeeting(m *simulator.Meeting) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.meetings = append(c.meetings, m)
}

func (c *cast) addIncoming(call *incoming) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.incoming[call.ID()] = call
}

// incomingCall returns a call somebody here made, or nil.
func (c *cast) incomingCall(id string) *incoming {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.incoming[id]
}

// rememberBot notes whose a call is, and returns what is known of that.
func (c *cast) rememberBot(call, bot string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if bot != "" {
		c.botOf[call] = bot
	}
	return c.botOf[call]
}

// forget lets go of the calls the platform has forgotten.
func (c *cast) forget(known func(id string) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.DeleteFunc(c.incoming, func(id string, _ *incoming) bool { return !known(id) })
	maps.DeleteFunc(c.botOf, func(id, _ string) bool { return !known(id) })
}

// bot finds a bot; an empty id is the first there is, for most have but one.
func (c *cast) bot(id string) (*bot, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, b := range c.bots {
		if id == "" || strings.EqualFold(b.AppID, id) {
			return b, nil
		}
	}
	return nil, notFound("bot", "; POST /v1/bots registers one")
}

func (c *cast) person(id string) (*person, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range c.people {
		if strings.EqualFold(p.ID, id) {
			return p, nil
		}
	}
	return nil, notFound("person", "; POST /v1/people adds one")
}

func (c *cast) meeting(id string) (*simulator.Meeting, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range c.meetings {
		if strings.EqualFold(m.ThreadID, id) {
			return m, nil
		}
	}
	return nil, notFound("meeting", "; POST /v1/meetings adds one")
}

// setWebhook and setWhenCalled note what the platform does not say.
func (c *cast) setWebhook(b *bot, url string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	b.webhook = url
}

func (c *cast) setWhenCalled(p *person, reaction string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p.whenCalled = reaction
}

// list returns copies, to be read without the lock.
func (c *cast) list() ([]bot, []person, []*simulator.Meeting) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var bots []bot
	for _, b := range c.bots {
		bots = append(bots, *b)
	}
	var people []person
	for _, p := range c.people {
		people = append(people, *p)
	}
	return bots, people, slices.Clone(c.meetings)
}
