package simulator

import (
	"context"
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// crowd are the people a meeting was filled with; guarded by the platform's
// mutex.
type crowd struct {
	inside, outside []*Person
	named           int
}

// Crowd has that many people more join the meeting at once, and tells of them
// in one update. They come and go by [Meeting.Churn] and [Meeting.Stir], and
// are people like any others. A crowd of 10,000 is no burden: what happens to
// one of them costs the platform no more than in a meeting of two.
func (m *Meeting) Crowd(size int) []*Person {
	m.platform.mu.Lock()
	defer m.platform.mu.Unlock()
	came := make([]*Person, size)
	for i := range came {
		came[i] = m.stranger()
		came[i].occupy(m.room)
	}
	m.crowd.inside = append(m.crowd.inside, came...)
	m.room.announce()
	m.platform.changed.ring()
	return came
}

// stranger is one more of the organizer's organization; callers hold
// platform.mu, here and below.
func (m *Meeting) stranger() *Person {
	m.crowd.named++
	person := &Person{
		ID: newID(), DisplayName: "Attendee " + strconv.Itoa(m.crowd.named),
		TenantID: m.Organizer.TenantID, platform: m.platform,
	}
	m.platform.world.people[person.ID] = person
	return person
}

// Churn is what goes on in a crowd until it is stopped.
type Churn struct {
	stop    context.CancelFunc
	stopped sync.WaitGroup
	changes atomic.Int64
}

// Churn has the meeting's crowd behave as people do, that many changes a
// second, which the seed decides: most mute and unmute, some come and go, hold
// and resume, and now and then one shares content. As many come as go. It goes
// on until it is stopped or the platform is closed. At 0 a second nothing does.
func (m *Meeting) Churn(seed uint64, perSecond float64) *Churn {
	ctx, stop := context.WithCancel(m.platform.life.ctx)
	churn := &Churn{stop: stop}
	churn.stopped.Add(1)
	began, dice := m.platform.clock.now(), newDice(seed)
	running := perSecond > 0 && m.platform.life.spawn(func() {
		defer churn.stopped.Done()
		for m.platform.clock.sleep(ctx, max(churnTick, time.Duration(float64(time.Second)/perSecond))) {
			due := int64(m.platform.clock.since(began).Seconds() * perSecond)
			for ctx.Err() == nil && churn.changes.Load() < due {
				m.stir(dice)
				churn.changes.Add(1)
			}
		}
	})
	if !running {
		churn.stopped.Done()
	}
	return churn
}

// churnTick is how often a churn looks what is due.
const churnTick = 5 * time.Millisecond

// Stop ends the churn and waits for the change that is being made.
func (c *Churn) Stop() {
	c.stop()
	c.stopped.Wait()
}

// Changes counts what the churn has changed so far.
func (c *Churn) Changes() int64 { return c.changes.Load() }

// Stir makes that many changes to the meeting's crowd, one after the other and
// at once, as [Meeting.Churn] does over time.
func (m *Meeting) Stir(seed uint64, changes int) {
	dice := newDice(seed)
	for range changes {
		m.stir(dice)
	}
}

func newDice(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }

// stir makes one change. Of a hundred 60 are to microphones, 28 of people who
// come or go, 10 holds, and 2 of content shared.
func (m *Meeting) stir(dice *rand.Rand) {
	m.platform.mu.Lock()
	defer m.platform.mu.Unlock()
	what := dice.IntN(100)
	person, at := m.somebody(dice)
	switch {
	case person == nil, what < 14:
		m.bringIn(dice)
	case what < 28:
		m.crowd.inside = removeAt(m.crowd.inside, at)
		m.crowd.outside = append(m.crowd.outside, person)
		person.depart()
	case what < 30:
		m.shareOrStop(person)
	case what < 40:
		person.seat.held = !person.seat.held
		m.room.announce(person.seat)
	default:
		person.seat.muted, person.seat.serverMuted = !person.seat.muted, false
		m.room.announce(person.seat)
	}
	m.platform.changed.ring()
}

// somebody draws one of the crowd who is in the meeting, or nil. Who has left
// by other means is outside from then on.
func (m *Meeting) somebody(dice *rand.Rand) (*Person, int) {
	for len(m.crowd.inside) > 0 {
		at := dice.IntN(len(m.crowd.inside))
		person := m.crowd.inside[at]
		if person.conversation == m.room {
			return person, at
		}
		m.crowd.inside = removeAt(m.crowd.inside, at)
		m.crowd.outside = append(m.crowd.outside, person)
	}
	return nil, 0
}

// bringIn has somebody come who was there before, or else a stranger.
func (m *Meeting) bringIn(dice *rand.Rand) {
	var person *Person
	if outside := m.crowd.outside; len(outside) > 0 {
		at := dice.IntN(len(outside))
		person = outside[at]
		m.crowd.outside = removeAt(outside, at)
	} else {
		person = m.stranger()
	}
	person.occupy(m.room)
	m.crowd.inside = append(m.crowd.inside, person)
	m.room.announce()
}

// shareOrStop has a person share content, or who shares already stop.
func (m *Meeting) shareOrStop(person *Person) {
	if shared := m.room.shared; len(shared) > 0 {
		sharer := shared[0].sharer
		m.room.endSharing(sharer)
		m.room.announce(sharer)
		return
	}
	m.room.share(person.seat)
}

// removeAt takes an entry out of a list whose order means nothing.
func removeAt[T any](list []T, at int) []T {
	last := len(list) - 1
	list[at] = list[last]
	return list[:last]
}
