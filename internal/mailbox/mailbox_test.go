package mailbox_test

import (
	"context"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/graphcalls/graphcalls-go/internal/mailbox"
	"github.com/graphcalls/graphcalls-go/internal/workers"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(rules *mailbox.Rules[struct{}, int]) *mailbox.Mailbox[struct{}, int] {
	box := new(mailbox.Mailbox[struct{}, int])
	box.Open(rules, nil)
	return box
}

func TestItemsAreHandledInOrderOneAtATime(t *testing.T) {
	var group workers.Group
	defer group.Close()
	var handled []int // a race here is a race in the mailbox
	box := open(&mailbox.Rules[struct{}, int]{Group: &group, Handle: func(_ *struct{}, n int) { handled = append(handled, n) }})
	for n := range 10_000 {
		require.NoError(t, box.Post(n))
	}
	require.NoError(t, group.Wait(t.Context()))
	require.Len(t, handled, 10_000)
	for n, got := range handled {
		require.Equal(t, n, got)
	}
}

func TestGoroutineOnlyWhileThereIsWork(t *testing.T) {
	var group workers.Group
	defer group.Close()
	rules := &mailbox.Rules[struct{}, int]{Group: &group, Handle: func(*struct{}, int) {}}
	for range 1000 {
		require.NoError(t, open(rules).Post(1))
	}
	require.NoError(t, group.Wait(t.Context()))
	require.Zero(t, group.Running())
}

func TestFullMailboxRefusesAndClosedOneToo(t *testing.T) {
	var group workers.Group
	defer group.Close()
	release := make(chan struct{})
	started := make(chan struct{})
	box := open(&mailbox.Rules[struct{}, int]{Group: &group, Limit: 2, Handle: func(_ *struct{}, n int) {
		if n == 0 {
			close(started)
		}
		<-release
	}})
	require.NoError(t, box.Post(0))
	<-started
	require.NoError(t, box.Post(1))
	require.NoError(t, box.Post(2))
	require.ErrorIs(t, box.Post(3), mailbox.ErrFull)
	close(release)
	require.NoError(t, group.Wait(t.Context()))
	group.Close()
	require.ErrorIs(t, box.Post(4), mailbox.ErrClosed)
	require.Zero(t, box.Len())
}

func TestBacklogFoldsIntoItsLast(t *testing.T) {
	var group workers.Group
	defer group.Close()
	release, started := make(chan struct{}), make(chan struct{})
	var once sync.Once
	var handled []int
	box := open(&mailbox.Rules[struct{}, int]{Group: &group, FoldAt: 3,
		Fold: func(last *int, next int) bool { *last = next; return true },
		Handle: func(_ *struct{}, n int) {
			once.Do(func() { close(started); <-release })
			handled = append(handled, n)
		}})
	require.NoError(t, box.Post(0))
	<-started
	for n := 1; n <= 400_000; n++ {
		require.NoError(t, box.Post(n))
		require.LessOrEqual(t, box.Len(), 3)
	}
	close(release)
	require.NoError(t, group.Wait(t.Context()))
	require.Equal(t, []int{0, 1, 2, 400_000}, handled)
}

func TestHandlerThatEndsItsGoroutineStopsNothing(t *testing.T) {
	var group workers.Group
	defer group.Close()
	handled := 0
	box := open(&mailbox.Rules[struct{}, int]{Group: &group, Handle: func(_ *struct{}, n int) {
		handled++
		if n%2 == 0 {
			runtime.Goexit()
		}
	}})
	for n := range 100 {
		require.NoError(t, box.Post(n))
	}
	for group.Running() > 0 {
		require.NoError(t, group.Wait(t.Context()))
	}
	require.Equal(t, 100, handled)
}

func TestWaitEndsWithItsContext(t *testing.T) {
	var group workers.Group
	defer group.Close()
	release := make(chan struct{})
	require.True(t, group.Go(func() { <-release }))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, group.Wait(ctx), context.Canceled)
	close(release)
	require.NoError(t, group.Wait(t.Context()))
}

// What a handler leaves to be done is done by the mailbox's own goroutine, and does
// not hold up what comes into the mailbox meanwhile.
func TestWhatIsLeftIsDoneByTheSameGoroutineAndDelaysNothing(t *testing.T) {
	var group workers.Group
	defer group.Close()
	release, told, handled := make(chan struct{}), make(chan int, 8), make(chan int, 8)
	outbox := open(&mailbox.Rules[struct{}, int]{Group: &group, Handle: func(_ *struct{}, n int) { told <- n; <-release }})
	inbox := open(&mailbox.Rules[struct{}, int]{
		Group:  &group,
		Handle: func(_ *struct{}, n int) { require.NoError(t, outbox.Put(n)); handled <- n },
		Then:   func(*struct{}) workers.Worker { return outbox.Claim() },
	})
	require.NoError(t, inbox.Post(1))
	require.Equal(t, 1, <-told)
	require.Equal(t, 1, group.Running(), "one goroutine did both")
	require.NoError(t, inbox.Post(2))
	require.NoError(t, inbox.Post(3))
	require.Equal(t, []int{1, 2, 3}, []int{<-handled, <-handled, <-handled}, "the inbox goes on while somebody is told")
	close(release)
	require.NoError(t, group.Wait(t.Context()))
	require.Equal(t, []int{2, 3}, []int{<-told, <-told})
	require.Nil(t, outbox.Claim())
}

// Items wait while the handler leaves something: another goroutine does that.
func TestWhatIsLeftDoesNotDelayWhatWaits(t *testing.T) {
	var group workers.Group
	defer group.Close()
	release, begin, handled := make(chan struct{}), make(chan struct{}), make(chan int, 8)
	outbox := open(&mailbox.Rules[struct{}, int]{Group: &group, Handle: func(*struct{}, int) { <-release }})
	inbox := open(&mailbox.Rules[struct{}, int]{
		Group:  &group,
		Handle: func(_ *struct{}, n int) { <-begin; require.NoError(t, outbox.Put(n)); handled <- n },
		Then:   func(*struct{}) workers.Worker { return outbox.Claim() },
	})
	require.NoError(t, inbox.Post(1))
	require.NoError(t, inbox.Post(2))
	close(begin)
	require.Equal(t, []int{1, 2}, []int{<-handled, <-handled})
	close(release)
	require.NoError(t, group.Wait(t.Context()))
}

// What was put into an idle mailbox is worked on once somebody posts.
func TestPostBeginsWhatWasPut(t *testing.T) {
	var group workers.Group
	defer group.Close()
	handled := make(chan int, 8)
	box := open(&mailbox.Rules[struct{}, int]{Group: &group, Handle: func(_ *struct{}, n int) { handled <- n }})
	require.NoError(t, box.Put(1))
	require.Zero(t, group.Running())
	require.NoError(t, box.Post(2))
	require.NoError(t, group.Wait(t.Context()))
	require.Equal(t, []int{1, 2}, []int{<-handled, <-handled})
}
