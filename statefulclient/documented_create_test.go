package statefulclient_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

// cast is who takes part: as documented, or on a simulated platform.
type cast struct{ tenant, lidia, miriam, diego string }

var documentedCast = cast{documentedTenant, lidia, miriam, diego}

// documentedCall is an example of creating a call.
type documentedCall struct {
	name   string
	script string
	place  func(ctx context.Context, calls *statefulclient.Calls, c cast) (*statefulclient.Call, error)
	// people are who the roster says is there, in the end.
	people []string
	// simulated is what comes of the same request on the simulator, where that
	// is not an established call.
	simulated string
}

const (
	refused  = "refused"
	nobodyIn = "nobody is there"
)

var documentedCalls = []documentedCall{
	{name: "peer-to-peer, service-hosted media", script: "create-peer-service", place: callPeer(nil, serviceHosted(), nil)},
	{name: "peer-to-peer, app-hosted media", script: "create-peer-app", place: callPeer(theApplication(), appHosted(), nil)},
	{name: "peer-to-peer with call options", script: "create-peer-options", place: callPeer(nil, serviceHosted(), &resources.CallOptions{
		IsContentSharingNotificationEnabled: true, IsDeltaRosterEnabled: true, IsInteractiveRosterEnabled: true,
	})},
	{
		name: "group call, service-hosted media", script: "create-group-service",
		place: callGroup("Stand-up, media by the platform", serviceHosted()), people: []string{botInCall, lidiaInCall, miriamThere},
	},
	{
		name: "group call, app-hosted media", script: "create-group-app",
		place: callGroup("Stand-up, media by the bot", appHosted()), people: []string{botInCall, lidiaInCall, miriamThere},
	},
	{
		name: "join scheduled meeting, service-hosted media", script: "join-scheduled-service",
		place: join(meetingChat(), prefetching()), people: []string{botInCall, lidiaInCall},
	},
	{
		// The page names a direction here, which the platform knows by itself.
		name: "join scheduled meeting, app-hosted media", script: "join-scheduled-app",
		place: joinOutgoing(meetingChat(), appHosted()), people: []string{botInCall, lidiaInCall},
	},
	{
		name: "join by meeting id and passcode", script: "join-by-id-passcode",
		place: joinByID("k7TqZ2"), people: []string{botInCall, lidiaInCall},
	},
	{
		// Every meeting of the simulator has a passcode.
		name: "join by meeting id alone", script: "join-by-id",
		place: joinByID(""), people: []string{botInCall, lidiaInCall}, simulated: refused,
	},
	{
		name: "join channel meeting, service-hosted media", script: "join-channel",
		place: join(channelChat(), prefetching()), people: []string{botInCall, lidiaInCall},
	},
	{
		name: "join channel meeting as guest", script: "join-channel-guest",
		place: joinAsGuest(channelChat(), prefetching()), people: []string{botInCall, lidiaInCall},
	},
	{
		name: "PSTN, service-hosted media", script: "create-phone-service",
		place: callPhone(serviceHosted()), simulated: nobodyIn,
	},
	{
		name: "PSTN, app-hosted media", script: "create-phone-app",
		place: callPhone(appHosted()), simulated: nobodyIn,
	},
}

// The request goes out as documented, the reply begins the call, and the
// notifications establish it, with one edge for each state.
func TestDocumentedCallIsPlacedAndEstablished(t *testing.T) {
	for _, example := range documentedCalls {
		t.Run(example.name, func(t *testing.T) {
			d, s := newDocumentedRig(t, statefulclient.Limits{}), readScript(t, example.script)
			d.service.replyWith(s["reply"])
			call, err := example.place(d.context(), d.client.Calls(), documentedCast)
			require.NoError(t, err)
			d.requireSent("/v1.0/communications/calls", s["request"])
			require.Len(t, d.service.requests(), 1)
			requireSays(t, s["reply"], encoded(t, call.Resource()))
			d.settled()
			require.Equal(t, []string{" → establishing"}, d.told())

			require.Equal(t, http.StatusAccepted, d.post(s["establishing"]))
			require.Empty(t, d.told())
			require.Equal(t, http.StatusAccepted, d.post(s["established"]))
			require.Equal(t, []string{"establishing → established"}, d.told())
			require.NoError(t, call.WaitFor(d.context(), resources.CallStateEstablished))
			for _, roster := range []string{"roster", "roster once admitted"} {
				if s[roster] != "" {
					require.Equal(t, http.StatusAccepted, d.post(s[roster]))
				}
			}
			require.Equal(t, slices.Sorted(slices.Values(example.people)), d.people())
			require.Empty(t, d.told())
			require.Empty(t, d.unmatched)
		})
	}
}

// What the roster of the scheduled meeting says of everybody in it.
func TestDocumentedRoster(t *testing.T) {
	d, s := newDocumentedRig(t, statefulclient.Limits{}), readScript(t, "join-scheduled-service")
	d.service.replyWith(s["reply"])
	call, err := join(meetingChat(), prefetching())(d.context(), d.client.Calls(), documentedCast)
	require.NoError(t, err)
	require.Equal(t, statefulclient.RosterUnknown, call.Participants().Trust())
	d.post(s["roster"])
	require.Equal(t, statefulclient.RosterSnapshot, call.Participants().Trust())

	me, ok := call.Participants().Get(botInCall)
	require.True(t, ok)
	require.True(t, me.IsMe())
	require.Equal(t, "Concierge", me.DisplayName())
	other, ok := call.Participants().Get(lidiaInCall)
	require.True(t, ok)
	require.False(t, other.IsMe())
	require.Equal(t, "Lidia Holloway", other.DisplayName())
	person := other.Resource()
	require.Equal(t, lidia, person.Info.Identity.User.ID)
	require.Equal(t, "en-US", person.Info.LanguageID)
	require.True(t, person.IsMuted)
	var streams []string
	for _, stream := range person.MediaStreams {
		streams = append(streams, string(stream.MediaType)+" "+stream.SourceID+" "+string(stream.Direction))
	}
	require.Equal(t, []string{"audio 1 sendReceive", "video 2 receiveOnly", "videoBasedScreenSharing 8 receiveOnly"}, streams)
}

// A guest is put into the lobby, alone as far as it is told, until admitted.
func TestDocumentedGuestWaitsInLobby(t *testing.T) {
	d, s := newDocumentedRig(t, statefulclient.Limits{}), readScript(t, "join-channel-guest")
	d.service.replyWith(s["reply"])
	_, err := joinAsGuest(channelChat(), prefetching())(d.context(), d.client.Calls(), documentedCast)
	require.NoError(t, err)
	d.post(s["roster"])
	require.True(t, d.lobby.next(d.rig).Waiting)
	require.Equal(t, []string{botInCall}, d.people())
	d.post(s["roster once admitted"])
	require.False(t, d.lobby.next(d.rig).Waiting)
	require.Equal(t, []string{lidiaInCall, botInCall}, d.people())
}

// The page's peer-to-peer example reports another call's id as established.
// That is no news of the call that was placed.
func TestDocumentedEstablishedOfAnotherCall(t *testing.T) {
	d, s := newDocumentedRig(t, statefulclient.Limits{ParkFor: 1}), readScript(t, "create-peer-service")
	d.service.replyWith(s["reply"])
	call, err := callPeer(nil, serviceHosted(), nil)(d.context(), d.client.Calls(), documentedCast)
	require.NoError(t, err)
	require.Equal(t, http.StatusAccepted, d.post(s["established of another call"]))
	require.Equal(t, statefulclient.UnmatchedUnknownCall, d.unmatched.next(d.rig).Reason)
	require.Equal(t, resources.CallStateEstablishing, call.State())
	require.Equal(t, []string{" → establishing"}, d.told())
}

// A body taken from the documentation as it is goes out as it is, with every
// null and false in it.
func TestDocumentedRequestGoesOutUnchanged(t *testing.T) {
	d := newDocumentedRig(t, statefulclient.Limits{})
	for _, example := range documentedCalls {
		s := readScript(t, example.script)
		d.service.replyWith(s["reply"])
		request, err := resources.Decode[resources.Call]([]byte(s["request"]))
		require.NoError(t, err)
		_, err = d.client.Calls().Add(d.context(), *request)
		require.NoError(t, err, example.name)
		sent := d.service.requests()
		require.JSONEq(t, s["request"], sent[len(sent)-1].body, example.name)
	}
	require.Equal(t, len(documentedCalls), d.client.Calls().Len())
}

// The same requests to the simulator, which checks token and permissions, and
// knows who can be reached.
func TestDocumentedCallOnTheSimulator(t *testing.T) {
	for _, example := range documentedCalls {
		t.Run(example.name, func(t *testing.T) {
			r := newRig(t)
			c := r.cast()
			call, err := example.place(r.context(), r.client.Calls(), c)
			if example.simulated == refused {
				require.ErrorAs(t, err, new(*transport.Error))
				return
			}
			require.NoError(t, err)
			requireSays(t, c.rename(r, readScript(t, example.script)["request"]), r.created())
			if example.simulated == nobodyIn {
				require.EqualValues(t, 480, ended(r.context(), t, call).Code)
				return
			}
			require.NoError(t, call.WaitFor(r.context(), resources.CallStateEstablished))
		})
	}
}

// cast brings the examples' people and meetings to the platform.
func (r *rig) cast() cast {
	organizer := r.platform.AddPerson("Diego Siciliani")
	r.platform.AddMeeting(simulator.Meeting{Organizer: organizer, ThreadID: documentedThread, JoinMeetingID: "295417360814", Passcode: "k7TqZ2"})
	r.platform.AddMeeting(simulator.Meeting{Organizer: organizer, ThreadID: documentedChannel})
	return cast{r.platform.Tenant().ID, r.platform.AddPerson("Lidia Holloway").ID, r.platform.AddPerson("Miriam Graham").ID, organizer.ID}
}

// rename writes the platform's ids for the documented ones.
func (c cast) rename(r *rig, text string) string {
	return strings.NewReplacer(documentedTenant, c.tenant, lidia, c.lidia, miriam, c.miriam, diego, c.diego,
		documentedCallback, r.platform.Calls()[0].Facts().CallbackURI).Replace(text)
}

// created is the body of the request that the platform made a call of.
func (r *rig) created() string {
	exchanges := r.platform.Exchanges()
	at := slices.IndexFunc(exchanges, func(e simulator.Exchange) bool { return !e.ToBot && e.Status == http.StatusCreated })
	require.GreaterOrEqual(r.t, at, 0)
	return string(exchanges[at].RequestBody)
}
