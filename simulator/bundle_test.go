package simulator_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

func TestSeveralNotificationsToABody(t *testing.T) {
	b := newHandBot(t)
	b.platform.Batch(3)
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	b.settle()
	var sizes []int
	var states []resources.CallState
	for _, delivery := range call.Deliveries() {
		sizes = append(sizes, len(delivery.Notifications()))
		for _, n := range delivery.Notifications() {
			states = append(states, n.Data.(*resources.Call).State)
		}
	}
	require.Equal(t, []int{3, 2}, sizes)
	require.Equal(t, resources.CallStateEstablishing, states[0], "in order")
	_, err := call.WaitForDelivery(b.soon(), simulator.InState(resources.CallStateEstablished))
	require.NoError(t, err, "wherever in the body it is")

	call.DropEvery(simulator.InState(resources.CallStateTerminating))
	require.Equal(t, http.StatusNoContent, b.ask(http.MethodDelete, "/"+call.ID(), nil).status)
	b.settle()
	deliveries := call.Deliveries()[2:]
	require.Len(t, deliveries, 2)
	require.True(t, deliveries[0].Dropped)
	require.True(t, simulator.Ended(deliveries[1].Notification()))

	b.platform.Heal()
	other := b.create(b.callTo(b.platform.AddPerson("Alex Wilber")))
	b.settle()
	require.Len(t, other.Deliveries(), 5)
}

func TestWholeRostersStopAtALimit(t *testing.T) {
	b := newHandBot(t)
	meeting := b.platform.AddMeeting(simulator.Meeting{})
	for range 105 {
		b.platform.AddPerson("").Join(meeting)
	}
	call := b.create(b.joining(meeting))
	b.settle()
	deliveries := call.Deliveries()
	require.Len(t, deliveries[len(deliveries)-1].Notification().Data, 100)
	require.Len(t, b.ask(http.MethodGet, "/"+call.ID()+"/participants", nil).value["value"], 100)
	require.Len(t, call.Facts().Roster, 106)

	delta := b.joinByDelta(meeting)
	b.settle()
	deliveries = delta.Deliveries()
	require.Len(t, deliveries[len(deliveries)-1].Notification().Data.(*resources.DeltaParticipants).Participants, 107)
}
