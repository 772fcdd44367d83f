package statefulclient_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// redirected brings a call in and redirects it to people who let it ring.
func (r *rig) redirected(caller *simulator.Person, people ...*simulator.Person) *statefulclient.Call {
	r.t.Helper()
	incoming := newInbox[statefulclient.IncomingCall]()
	defer r.client.Calls().OnIncoming(incoming.put).Cancel()
	caller.Call(r.bot)
	call := incoming.next(r).Call
	var targets []resources.IdentitySet
	for _, person := range people {
		person.WhenCalled(simulator.LetsRing)
		targets = append(targets, statefulclient.UserIdentity(person.ID))
	}
	require.NoError(r.t, call.Redirect(r.context(), statefulclient.RedirectOptions{Timeout: 20 * time.Second}, targets...))
	for _, person := range people {
		require.Equal(r.t, 1, person.Rings())
	}
	return call
}

func TestRedirectToSeveralRingsAllAtOnce(t *testing.T) {
	r := newRig(t)
	adele := r.platform.AddPerson("Adele Vance")
	people := []*simulator.Person{r.platform.AddPerson("Alex Wilber"), r.platform.AddPerson("Diego Siciliani"), r.platform.AddPerson("Megan Bowen")}
	call := r.redirected(adele, people...)
	require.Equal(t, 1, people[0].Decline())
	require.NoError(t, call.Context().Err(), "the others ring on")
	require.Equal(t, 1, people[1].PickUp())
	ended(r.context(), t, call)
	require.Equal(t, people[1].ID, call.Resource().AnsweredBy.Identity.User.ID)
	require.Equal(t, []*simulator.Person{people[1]}, adele.With())
	require.Zero(t, people[2].Rings())
}

func TestRedirectThatAllDecline(t *testing.T) {
	r := newRig(t)
	alex, diego := r.platform.AddPerson("Alex Wilber"), r.platform.AddPerson("Diego Siciliani")
	call := r.redirected(r.platform.AddPerson("Adele Vance"), alex, diego)
	require.Equal(t, 1, alex.Decline())
	require.Equal(t, 1, diego.Decline())
	ended(r.context(), t, call)
	require.Nil(t, call.Resource().AnsweredBy, "by which the platform tells it from a redirect that somebody answered")
	require.EqualValues(t, 480, r.platform.Call(call.ID()).Facts().Result.Code)
}
