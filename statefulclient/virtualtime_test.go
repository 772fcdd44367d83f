package statefulclient_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// inVirtualTime runs a test with a bot on a platform of its own, in time that
// passes as soon as all wait: TLS, HTTP and tokens are real, the wires are not.
func inVirtualTime(t *testing.T, limits statefulclient.Limits, test func(t *testing.T, r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		test(t, newRig(t, rigOptions{limits: limits, platform: func(o *simulator.Options) { o.InMemory = true }}))
	})
}

// timed logs how much real time a test of hours takes.
func timed(t *testing.T) {
	t.Helper()
	began := time.Now()
	t.Cleanup(func() { t.Logf("took %v", time.Since(began)) })
}

func passTime(d time.Duration) {
	<-time.NewTimer(d).C
	synctest.Wait()
}

func TestThreeHoursOfKeepAlives(t *testing.T) {
	timed(t)
	inVirtualTime(t, statefulclient.Limits{}, func(t *testing.T, r *rig) {
		call := r.call(r.platform.AddPerson("Adele Vance"))
		passTime(3 * time.Hour)
		require.Equal(t, resources.CallStateEstablished, call.State())
		seen := r.platform.Call(call.ID())
		require.Equal(t, resources.CallStateEstablished, seen.State())
		require.GreaterOrEqual(t, seen.KeepAlives(), 3*60/10)
		require.LessOrEqual(t, seen.KeepAlives(), 3*60/8+1)
		require.Greater(t, r.platform.Stats().Tokens, int64(2), "access tokens last an hour")
	})
}

func TestWithoutKeepAlivesACallEndsAfter45Minutes(t *testing.T) {
	timed(t)
	inVirtualTime(t, statefulclient.Limits{KeepAlive: 24 * time.Hour}, func(t *testing.T, r *rig) {
		call := r.call(r.platform.AddPerson("Adele Vance"))
		began := time.Now()
		passTime(44 * time.Minute)
		require.Equal(t, resources.CallStateEstablished, call.State())
		require.NoError(t, context.Cause(call.Context()))
		<-call.Context().Done()
		require.InDelta(t, 45*time.Minute, time.Since(began), float64(time.Second))
		require.EqualValues(t, 8537, call.Resource().ResultInfo.Subcode)
	})
}

func TestACallNobodyAnswersIsWithdrawnAfter15Seconds(t *testing.T) {
	timed(t)
	inVirtualTime(t, statefulclient.Limits{}, func(t *testing.T, r *rig) {
		deadline := make(chan time.Duration, 1)
		r.client.Calls().OnIncoming(func(ctx context.Context, _ statefulclient.IncomingCall) {
			at, _ := ctx.Deadline()
			deadline <- time.Until(at)
		})
		began := time.Now()
		call := r.platform.AddPerson("Adele Vance").Call(r.bot)
		<-call.Done()
		require.Equal(t, 15*time.Second, time.Since(began))
		require.Equal(t, 15*time.Second, <-deadline)
		synctest.Wait()
		require.Zero(t, r.client.Calls().Len())
	})
}
