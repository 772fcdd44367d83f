package statefulclient_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

// The other side of one call goes on with the other side of another.
func TestConsultativeTransferOnThePlatform(t *testing.T) {
	r := newRig(t)
	adele, alex := r.platform.AddPerson("Adele Vance"), r.platform.AddPerson("Alex Wilber")
	call, consulted := r.call(adele), r.call(alex)
	alex.WhenCalled(simulator.LetsRing) // which it does not: they are on the line
	options := statefulclient.TransferOptions{ReplacesCallID: consulted.ID()}
	moved, err := call.Transfer(r.context(), statefulclient.UserIdentity(alex.ID), options)
	require.NoError(t, err)
	require.NoError(t, moved.Wait(r.context()))
	ended(r.context(), t, call)
	ended(r.context(), t, consulted)
	require.Equal(t, []*simulator.Person{alex}, adele.With())
}

// Of several people the one to transfer has to be named.
func TestTransfereeIsTakenOutOfAGroupCall(t *testing.T) {
	r := newRig(t)
	adele, alex, diego := r.platform.AddPerson("Adele Vance"), r.platform.AddPerson("Alex Wilber"), r.platform.AddPerson("Diego Siciliani")
	call, err := r.client.Calls().Add(r.context(), statefulclient.CallTo(
		adele.TenantID, statefulclient.UserIdentity(adele.ID), statefulclient.UserIdentity(alex.ID)))
	require.NoError(t, err)
	require.NoError(t, call.WaitFor(r.context(), resources.CallStateEstablished))
	require.NoError(t, r.platform.WaitUntil(r.context(), func() bool { return len(adele.With()) == 1 }))

	to := statefulclient.UserIdentity(diego.ID)
	_, err = call.Transfer(r.context(), to, statefulclient.TransferOptions{})
	var refused *transport.Error
	require.ErrorAs(t, err, &refused)
	require.Equal(t, 400, refused.StatusCode)

	who := statefulclient.UserIdentity(adele.ID)
	moved, err := call.Transfer(r.context(), to, statefulclient.TransferOptions{Transferee: &resources.ParticipantInfo{Identity: &who}})
	require.NoError(t, err)
	require.NoError(t, moved.Wait(r.context()))
	require.Equal(t, []*simulator.Person{diego}, adele.With())
	require.Empty(t, alex.With())
}

func TestTransferOutcomes(t *testing.T) {
	transfer := func(t *testing.T, d *documentedRig) *statefulclient.Transfer {
		t.Helper()
		call, _ := d.client.Calls().Get("c1")
		moved, err := call.Transfer(d.context(), statefulclient.UserIdentity(miriam), statefulclient.TransferOptions{})
		require.NoError(t, err)
		d.tell(updated("c1", `{"state":"transferring"}`))
		return moved
	}
	t.Run("blind", func(t *testing.T) {
		d := newDocumentedRig(t, statefulclient.Limits{})
		d.live("c1")
		moved := transfer(t, d)
		d.tell(updated("c1", `{"state":"transferAccepted"}`),
			about("deleted", "c1", `{"state":"terminated","resultInfo":{"code":0,"subcode":7015,"message":"GracefulTransferCompleted"}}`))
		require.NoError(t, moved.Wait(d.context()))
	})
	t.Run("consultative", func(t *testing.T) {
		d := newDocumentedRig(t, statefulclient.Limits{})
		d.live("c1")
		moved := transfer(t, d)
		d.tell(about("deleted", "c1", `{"state":"terminated","terminationReason":"AppTransferred"}`))
		require.NoError(t, moved.Wait(d.context()))
	})
	t.Run("failed", func(t *testing.T) {
		d := newDocumentedRig(t, statefulclient.Limits{})
		call := d.live("c1")
		failures := newInbox[statefulclient.TransferFailed]()
		statefulclient.On(call, failures.put)
		moved := transfer(t, d)
		d.tell(updated("c1", `{"state":"established","resultInfo":{"code":500,"subCode":7700}}`))
		var failed *statefulclient.TransferError
		require.ErrorAs(t, moved.Wait(d.context()), &failed)
		require.EqualValues(t, 7700, failed.Result.Subcode)
		require.EqualValues(t, 7700, failures.next(d.rig).Result.Subcode)
		require.NoError(t, call.Context().Err(), "the call lives on")
	})
	t.Run("hung up", func(t *testing.T) {
		d := newDocumentedRig(t, statefulclient.Limits{})
		d.live("c1")
		moved := transfer(t, d)
		d.tell(terminated("c1"))
		var end *statefulclient.EndedError
		require.ErrorAs(t, moved.Wait(d.context()), &end)
	})
}
