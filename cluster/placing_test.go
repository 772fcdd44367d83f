package cluster_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// While the platform has not replied to the request that places a call, nobody
// knows the call's id: its partition stays until then.
func TestAHandOverWaitsForCallsBeingPlaced(t *testing.T) {
	r := newRig(t, 1)
	first := r.instances[0]
	r.platform.SlowReplies(500 * time.Millisecond)
	var placing sync.WaitGroup
	calls := make([]*statefulclient.Call, 8)
	for i := range calls { // one in each partition
		adele := r.platform.AddPerson("Adele Vance") // who can be in one call
		placing.Go(func() {
			var err error
			calls[i], err = first.Calls().Add(r.context(), statefulclient.CallTo(adele.TenantID, statefulclient.UserIdentity(adele.ID)))
			require.NoError(t, err)
		})
	}
	r.eventually(func() bool { return len(r.platform.Calls()) == len(calls) }, "not all calls were placed")
	second := r.join()
	placing.Wait()
	r.settled()
	require.Positive(t, second.FleetStats().Taken)
	for _, call := range calls {
		require.Eventually(t, func() bool {
			return first.reached(call.ID(), resources.CallStateEstablished) || second.reached(call.ID(), resources.CallStateEstablished)
		}, 5*time.Second, 5*time.Millisecond, "the call was not told of, unless it was looked up later")
		r.eventually(func() bool { return r.owner(call.ID()) != nil }, "nobody has the call")
	}
	require.Zero(t, first.Stats().Unmatched+second.Stats().Unmatched)
}
