package schedule_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/graphcalls/graphcalls-go/internal/schedule"
	"github.com/graphcalls/graphcalls-go/internal/workers"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestFunctionsRunAtTheirTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var group workers.Group
		defer group.Close()
		s := schedule.New(&group)
		start := time.Now()
		ran := make(chan time.Duration, 10)
		for _, wait := range []int{3, 1, 2, 1} {
			s.After(time.Duration(wait)*time.Minute, func() { ran <- time.Since(start) })
		}
		cancelled := s.After(90*time.Second, func() { t.Error("ran though cancelled") })
		cancelled.Cancel()
		cancelled.Cancel()
		for _, want := range []int{1, 1, 2, 3} {
			require.Equal(t, time.Duration(want)*time.Minute, <-ran)
		}
		require.Zero(t, s.Len())
		s.Close()
	})
}

func TestClosedScheduleRunsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var group workers.Group
		defer group.Close()
		s := schedule.New(&group)
		entry := s.After(time.Second, func() { t.Error("ran though closed") })
		s.Close()
		s.After(time.Second, func() { t.Error("ran though closed") })
		entry.Cancel()
		time.Sleep(time.Hour)
		synctest.Wait()
	})
}

func TestEntryTellsWhenItIsDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var group workers.Group
		defer group.Close()
		s := schedule.New(&group)
		start, ran := time.Now(), make(chan struct{})
		entry := s.After(time.Minute, func() { close(ran) })
		due, waits := entry.Due()
		require.True(t, waits)
		require.Equal(t, start.Add(time.Minute), due)
		<-ran
		_, waits = entry.Due()
		require.False(t, waits, "it has run")
		entry = s.After(time.Minute, func() {})
		entry.Cancel()
		_, waits = entry.Due()
		require.False(t, waits)
		_, waits = (*schedule.Entry)(nil).Due()
		require.False(t, waits)
		s.Close()
	})
}
