package cluster

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
)

func TestALeaseCountsFromWhenItsRenewalWasSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLease(time.Second)
		sent := time.Now()
		time.Sleep(300 * time.Millisecond) // the answer took its time
		l.renew(sent)
		require.NoError(t, l.hold(t.Context()))
		time.Sleep(700 * time.Millisecond)
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		require.ErrorIs(t, l.hold(ctx), context.DeadlineExceeded, "it has lapsed")
		go func() {
			time.Sleep(time.Minute)
			l.renew(time.Now())
		}()
		began := time.Now()
		require.NoError(t, l.hold(t.Context()))
		require.Equal(t, time.Minute, time.Since(began), "who waits goes on when it is renewed")
		go func() {
			time.Sleep(time.Minute)
			l.lose()
		}()
		time.Sleep(time.Second)
		require.ErrorIs(t, l.hold(t.Context()), ErrNotOwner)
		l.renew(time.Now())
		require.ErrorIs(t, l.hold(t.Context()), ErrNotOwner, "what was lost stays lost")
		require.Zero(t, l.left())
	})
}

// testFleet has the streams of a fleet, on a server of the test's own.
func testFleet(t *testing.T) *fleet {
	s, err := server.NewServer(&server.Options{DontListen: true, JetStream: true, StoreDir: t.TempDir(), NoLog: true, NoSigs: true})
	require.NoError(t, err)
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	require.True(t, s.ReadyForConnections(10*time.Second))
	nc, err := nats.Connect("", nats.InProcessServer(s))
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	n := names{"test"}
	streams, err := openStreams(t.Context(), nc, n, Options{})
	require.NoError(t, err)
	return &fleet{names: n, nc: nc, streams: streams, log: zap.NewNop()}
}

// Of a renewal and a putting out that meet one is done, and both know which.
func TestNobodyIsPutOutWhoHasRenewed(t *testing.T) {
	f := testFleet(t)
	for range 200 {
		l := newLife("i", time.Hour)
		require.NoError(t, l.begin(t.Context(), f))
		o := newOthers(f.streams.fleet, 0)
		dead, err := o.dead(t.Context(), l.name)
		require.NoError(t, err)
		require.False(t, dead, "it has not been silent yet, as far as this one knows")
		var renewed error
		var both sync.WaitGroup
		both.Go(func() { renewed = l.renew(t.Context(), f.streams.fleet) })
		both.Go(func() { dead, err = o.dead(t.Context(), l.name) })
		both.Wait()
		require.NoError(t, err)
		require.Equal(t, dead, errors.Is(renewed, ErrNotOwner))
		if !dead {
			require.NoError(t, renewed)
			require.NoError(t, l.end(t.Context(), f.streams.fleet))
		}
	}
}

// A renewal that was done without an answer is not taken for another's deed.
func TestARenewalWhoseAnswerWasLostIsKnown(t *testing.T) {
	f := testFleet(t)
	l := newLife("i", time.Hour)
	require.NoError(t, l.begin(t.Context(), f))
	_, err := f.streams.fleet.Update(t.Context(), l.key, nil, l.revision.Load())
	require.NoError(t, err)
	require.NoError(t, l.renew(t.Context(), f.streams.fleet))
	require.NoError(t, l.end(t.Context(), f.streams.fleet))
	require.ErrorIs(t, l.renew(t.Context(), f.streams.fleet), ErrNotOwner)
}

// Who was deaf itself does not count the others' silence.
func TestSilenceIsCountedFromWhenOneCouldHear(t *testing.T) {
	f := testFleet(t)
	l := newLife("i", time.Hour)
	require.NoError(t, l.begin(t.Context(), f))
	o := newOthers(f.streams.fleet, time.Hour)
	look := func() bool {
		dead, err := o.dead(t.Context(), l.name)
		require.NoError(t, err)
		return dead
	}
	require.False(t, look())
	o.known[l.name] = sighting{o.known[l.name].revision, time.Now().Add(-2 * time.Hour)}
	o.start()
	require.False(t, look())
	o.known[l.name] = sighting{o.known[l.name].revision, time.Now().Add(-2 * time.Hour)}
	require.True(t, look())
}

// Whoever takes a partition over, the former owner's writes are refused from then
// on, even one that comes while it is taken over.
func TestTakingOverMakesEveryRecordOnesOwn(t *testing.T) {
	f := testFleet(t)
	former, next := newRecords(func(string) (string, bool) { return "7", true }, nil), newRecords(func(string) (string, bool) { return "", false }, nil)
	former.open(f.streams)
	next.open(f.streams)
	revision, err := former.Save(t.Context(), "call", 0, []byte("saved"))
	require.NoError(t, err)
	stale, err := former.last(t.Context(), "7.call")
	require.NoError(t, err)
	revision, err = former.Save(t.Context(), "call", revision, []byte("newer"))
	require.NoError(t, err)
	require.NoError(t, next.fence(t.Context(), &stale))
	require.Equal(t, "newer", string(stale.Data))
	_, err = former.Save(t.Context(), "call", revision, []byte("late"))
	require.Error(t, err)
	require.Error(t, former.Delete(t.Context(), "call", revision))
	gone := stale
	require.NoError(t, next.Delete(t.Context(), "call", stale.Revision))
	require.NoError(t, next.fence(t.Context(), &gone))
	require.Zero(t, gone.Revision)
}
