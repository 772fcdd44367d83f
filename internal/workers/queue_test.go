package workers_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/internal/workers"
)

func TestQueueWorksOnEachItemOnceUntilItIsAddedAgain(t *testing.T) {
	var group workers.Group
	defer group.Close()
	begun, release := make(chan string), make(chan struct{})
	queue := workers.NewQueue(&group, 1, func(item string) {
		begun <- item
		<-release
	})
	queue.Add("a")
	require.Equal(t, "a", <-begun)
	for range 3 {
		queue.Add("b") // waits, once
		queue.Add("a") // is under way, and comes again once
	}
	require.Equal(t, 2, queue.Len())
	release <- struct{}{}
	require.Equal(t, "b", <-begun)
	release <- struct{}{}
	require.Equal(t, "a", <-begun)
	given, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, queue.Wait(given), context.Canceled)
	go func() { release <- struct{}{} }()
	require.NoError(t, queue.Wait(t.Context()))
	require.Zero(t, queue.Len())
	require.NoError(t, queue.Wait(t.Context()))
	require.NoError(t, group.Wait(t.Context()))
}

func TestQueueNeverWorksOnAnItemTwiceAtOnce(t *testing.T) {
	var group workers.Group
	defer group.Close()
	var busy [8]atomic.Int32
	var runs, width, widest atomic.Int32
	queue := workers.NewQueue(&group, 4, func(item int) {
		widest.Store(max(widest.Load(), width.Add(1)))
		require.EqualValues(t, 1, busy[item].Add(1))
		runs.Add(1)
		busy[item].Add(-1)
		width.Add(-1)
	})
	var adders sync.WaitGroup
	for range 4 {
		adders.Go(func() {
			for i := range 1000 {
				queue.Add(i % len(busy))
			}
		})
	}
	adders.Wait()
	require.NoError(t, group.Wait(t.Context()))
	require.Zero(t, queue.Len())
	require.GreaterOrEqual(t, runs.Load(), int32(len(busy)))
	require.LessOrEqual(t, widest.Load(), int32(4))
}

func TestQueueOfAClosedGroupHoldsNothing(t *testing.T) {
	var group workers.Group
	defer group.Close()
	queue := workers.NewQueue(&group, 2, func(int) { require.Fail(t, "the group is closed") })
	group.Close()
	queue.Add(1)
	require.Zero(t, queue.Len())
}
