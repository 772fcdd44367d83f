package observe_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/observe"
)

// What is remembered of a call is forgotten when it is over, sooner or later.
func TestEndedCallsAreForgotten(t *testing.T) {
	r := newRig(t)
	person := r.platform.AddPerson("Adele Vance")
	for range 3 {
		r.hangUp(r.call(person))
	}
	live := r.call(person)
	r.settled()
	require.Equal(t, int64(4), r.telemetry.Remembered())
	r.collect()
	require.Equal(t, int64(4), r.telemetry.Remembered(), "their last handlers may be still to run")
	r.collect()
	require.Equal(t, int64(1), r.telemetry.Remembered())
	require.Equal(t, int64(1), value(r.collect(), "graphcalls.call.live", nil))
	r.hangUp(live)
}

// Where nobody collects metrics, they are forgotten when there are many.
func TestEndedCallsAreForgottenWithoutMetrics(t *testing.T) {
	r := newRig(t)
	person := r.platform.AddPerson("Adele Vance")
	for range 10 {
		r.telemetry.Bound(2)
		r.hangUp(r.call(person))
		r.settled()
		require.LessOrEqual(t, r.telemetry.Remembered(), int64(4))
	}
}

func TestPlacedCallsThatNeverCome(t *testing.T) {
	var scenarios []string
	for i := range 5000 {
		scenarios = append(scenarios, strconv.Itoa(i))
	}
	require.Equal(t, 1024, observe.Placed(scenarios))
}
