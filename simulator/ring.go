package simulator

import (
	"slices"
	"time"
)

// ring is somebody being asked into a conversation on a call's behalf. It is
// settled once, and is guarded by the platform's mutex.
type ring struct {
	id       string // the invitation's participant id, if it has one
	owner    *Call
	person   *Person
	patience *timer
	answered func()
	refused  func(absence)
}

// absence is why somebody who was asked did not come.
type absence int

const (
	hasDeclined absence = iota
	rangOut
	outOfReach
	calledOff
)

// diagCode is how the platform's messages put it.
func (a absence) diagCode() string {
	return [...]string{"603#0", "480#10076", "480#10037", "487#0"}[a]
}

// ring asks a person in, who reacts as they were told to. With a patience of 0
// it rings until the call ends. Callers hold platform.mu.
func (c *Call) ring(person *Person, patience time.Duration, answered func(), refused func(absence)) *ring {
	r := &ring{owner: c, person: person, answered: answered, refused: refused}
	switch person.reaction {
	case AnswersAtOnce:
		answered()
	case Declines:
		refused(hasDeclined)
	case Unreachable:
		refused(outOfReach)
	case LetsRing:
		person.ringing = append(person.ringing, r)
		c.rings = append(c.rings, r)
		if patience > 0 {
			r.patience = c.platform.clock.after(patience, func() { r.giveUp() })
		}
	}
	return r
}

// settle stops the ringing, and reports false when it had stopped before;
// callers hold platform.mu.
func (r *ring) settle() bool {
	rang := slices.Contains(r.owner.rings, r)
	same := func(other *ring) bool { return other == r }
	r.owner.rings = slices.DeleteFunc(r.owner.rings, same)
	r.person.ringing = slices.DeleteFunc(r.person.ringing, same)
	r.patience.stop()
	return rang
}

func (r *ring) giveUp() {
	p := r.owner.platform
	p.mu.Lock()
	defer p.mu.Unlock()
	if r.settle() {
		r.refused(rangOut)
		p.changed.ring()
	}
}
