package statefulclient

import "time"

// telling is one event on its way to the subscriptions it is for.
type telling struct {
	eventContext // what its handlers are given

	kind     kind
	about    string    // the key of one participant; empty for what is about the call
	deadline time.Time // of the handler's context; zero for none
	event    any
}

// tellings lists what an update has to tell, in the order to tell it: that a
// call comes in, that it is there, what happened, what changed, that it is
// gone.
func (c *Call) tellings(u update) []telling {
	b := bulletin{call: c, context: c.client.contextOf(u.trail), from: u.from, events: len(u.events), cause: u.cause, missed: u.missed, initial: u.initial}
	for _, s := range u.to {
		b.wanted |= 1 << s.kind
	}
	if u.initial {
		b.present(&u)
	} else {
		b.news(&u)
	}
	return b.list
}
