package workers_test

import (
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/graphcalls/graphcalls-go/internal/workers"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestClosedGroupStartsNothing(t *testing.T) {
	var group workers.Group
	group.Close()
	require.False(t, group.Go(func() { t.Error("ran though closed") }))
	require.NoError(t, group.Wait(t.Context()))
}

func TestGoroutineLingersForMoreWorkAndThenEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var group workers.Group
		before := runtime.NumGoroutine()
		work := func(width int) {
			for range width {
				require.True(t, group.Go(func() { time.Sleep(time.Millisecond) }))
			}
			require.Equal(t, width, group.Running())
			require.NoError(t, group.Wait(t.Context()))
			synctest.Wait()
		}
		work(3)
		require.Equal(t, before+3, runtime.NumGoroutine())
		work(3)
		require.Equal(t, before+3, runtime.NumGoroutine(), "those that linger are used again")
		for range 10 {
			time.Sleep(50 * time.Millisecond)
			work(1)
		}
		require.Equal(t, before+1, runtime.NumGoroutine(), "one is enough")
		time.Sleep(time.Second)
		synctest.Wait()
		require.Equal(t, before, runtime.NumGoroutine(), "none is left when there is nothing to do")
		work(2)
		group.Close()
		synctest.Wait()
		require.Equal(t, before, runtime.NumGoroutine(), "none is left of a closed group")
		require.False(t, group.Go(func() {}))
	})
}

// Close comes at the very moment when those that linger are looked through.
func TestGroupIsClosedWhileItsGoroutinesEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const linger = 100 * time.Millisecond
		for range 1000 {
			var group workers.Group
			require.True(t, group.Go(func() {}))
			synctest.Wait()
			time.Sleep(2 * linger)
			group.Close()
			synctest.Wait()
		}
	})
}

func TestGroupCountsAGoroutineThatEndsItself(t *testing.T) {
	var group workers.Group
	for range 100 {
		require.True(t, group.Go(runtime.Goexit))
	}
	require.NoError(t, group.Wait(t.Context()))
	require.Zero(t, group.Running())
	group.Close()
}
