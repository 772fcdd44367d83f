package simulator

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAKeepAliveReplacesTheTimeBefore(t *testing.T) {
	platform := New(t)
	platform.Hold()
	call := platform.AddPerson("Adele Vance").Call(platform.RegisterBot(Bot{}))
	before := call.lifeline
	platform.mu.Lock()
	call.expect()
	platform.mu.Unlock()
	_, waiting := platform.clock.timers[before]
	require.False(t, waiting)
	_, waiting = platform.clock.timers[call.lifeline]
	require.True(t, waiting)
}

func TestAClosedClockStartsNothing(t *testing.T) {
	c := newClock(1)
	c.after(time.Hour, func() {})
	c.close()
	require.Empty(t, c.timers)
	c.after(0, func() { t.Error("ran on a closed clock") })
	require.Empty(t, c.timers)
	c.close()
}
