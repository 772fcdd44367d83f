package statefulclient

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/internal/persistent"
	"github.com/graphcalls/graphcalls-go/internal/schedule"
)

// All calls leave during a round, and others come: there is one round to come,
// and not two for ever after.
func TestAPatrolGoesOneRoundAtATime(t *testing.T) {
	c := &Client{}
	c.schedule = schedule.New(&c.group)
	defer c.schedule.Close()
	c.calls = &Calls{client: c}
	calls := persistent.Map[*Call]{}.With("one", &Call{})
	c.calls.live.Store(&calls)
	p := &patrol{client: c, wait: func() time.Duration { return time.Hour }}
	p.visit = func(*Call) {
		c.calls.mu.Lock()
		defer c.calls.mu.Unlock()
		p.stop()
		p.begin()
	}
	c.calls.mu.Lock()
	p.begin()
	c.calls.mu.Unlock()
	p.next.Cancel() // as if its time had come
	p.walk(1)
	require.Equal(t, 1, c.schedule.Len())
}
