package main

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/simulator"
)

func TestSilenceLastsTenSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, bot := open(t, inVirtualTime)
		call := l.platform.AddPerson("Adele Vance").Call(l.bot)
		require.NoError(t, call.WaitListening(t.Context()))
		began := time.Now()
		bot.atWork.Wait()
		require.InDelta(t, 10*time.Second, time.Since(began), float64(time.Second))
	})
}

// inVirtualTime carries everything within the process, so that time can pass as
// soon as all in the bubble wait.
func inVirtualTime(o *simulator.Options) { o.InMemory = true }
