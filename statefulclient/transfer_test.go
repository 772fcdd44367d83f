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
