package statefulclient_test

import (
	"io"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// echoService answers every request with what the test says, and keeps them.
type echoService struct {
	mu    sync.Mutex
	reply string
	sent  []string // method, path and query, body
}

func (s *echoService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	query, _ := url.QueryUnescape(r.URL.RawQuery)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = append(s.sent, r.Method+" "+r.URL.Path+"?"+query+" "+string(body))
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, s.reply)
}

func (s *echoService) last() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sent[len(s.sent)-1]
}

func newEchoRig(t *testing.T, reply string, limits ...statefulclient.Limits) (*rig, *echoService) {
	t.Helper()
	platform, service := simulator.New(t), &echoService{reply: reply}
	bot := platform.RegisterBot(simulator.Bot{DisplayName: "Concierge"})
	base, err := platform.Serve(service)
	require.NoError(t, err)
	provider, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{
		AppID: bot.AppID, Secret: bot.Secret, Tenant: platform.Tenant().ID, HTTPClient: platform.Client(),
		Cloud: auth.Cloud{AuthorityURL: platform.AuthorityURL(), OpenIDConfigurationURL: platform.OpenIDConfigurationURL()},
	})
	require.NoError(t, err)
	t.Cleanup(provider.Close)
	client, err := statefulclient.NewStatefulClientBuilder("Concierge", bot.AppID).
		SetAuthenticationProvider(provider).
		SetNotificationUrl("https://bot.contoso.com/api/calls").
		SetServiceBaseUrl(base+"/v1.0").
		SetHttpClient(platform.Client(), nil).
		SetLimits(append(limits, statefulclient.Limits{})[0]).
		Build()
	require.NoError(t, err)
	t.Cleanup(client.Close)
	return &rig{t: t, platform: platform, bot: bot, client: client}, service
}

const documentedMeeting = `{"id":"m1","subject":"Weekly","joinWebUrl":"https://teams.microsoft.com/l/meetup-join/x",
	"chatInfo":{"threadId":"19:meeting_x@thread.v2","messageId":"0"},
	"participants":{"organizer":{"identity":{"user":{"id":"organizer-1"}},"upn":"o@contoso.com"}}}`

func TestOnlineMeetingsAreLookedUp(t *testing.T) {
	r, service := newEchoRig(t, `{"value":[`+documentedMeeting+`]}`)
	meetings := r.client.OnlineMeetings()
	meeting, err := meetings.GetByVideoTeleconferenceID(r.context(), r.platform.Tenant().ID, "1234'5")
	require.NoError(t, err)
	require.Equal(t, "GET /v1.0/communications/onlineMeetings?$filter=VideoTeleconferenceId eq '1234''5' ", service.last())
	_, err = meetings.GetByJoinURL(r.context(), r.platform.Tenant().ID, "user-1", "https://teams.microsoft.com/l/meetup-join/x?a=b&c")
	require.NoError(t, err)
	require.Equal(t, "GET /v1.0/users/user-1/onlineMeetings?$filter=JoinWebUrl eq 'https://teams.microsoft.com/l/meetup-join/x?a=b&c' ", service.last())

	join, err := statefulclient.Coordinates(meeting, "tenant-1")
	require.NoError(t, err)
	require.Equal(t, "19:meeting_x@thread.v2", join.ChatInfo.ThreadID)
	organizer := join.MeetingInfo.(*resources.OrganizerMeetingInfo).Organizer.User
	require.Equal(t, "organizer-1", organizer.ID)
	require.Equal(t, "tenant-1", organizer.TenantID)

	service.reply = `{"value":[]}`
	_, err = meetings.GetByVideoTeleconferenceID(r.context(), r.platform.Tenant().ID, "1")
	require.ErrorIs(t, err, statefulclient.ErrNoMeeting)
	_, err = statefulclient.Coordinates(&resources.OnlineMeeting{}, "t")
	require.ErrorIs(t, err, statefulclient.ErrInvalid)
}

func TestOnlineMeetingsAreCreated(t *testing.T) {
	r, service := newEchoRig(t, documentedMeeting)
	meetings, start := r.client.OnlineMeetings(), time.Date(2030, 1, 2, 3, 0, 0, 0, time.UTC)
	created, err := meetings.Create(r.context(), r.platform.Tenant().ID, "user-1",
		resources.OnlineMeeting{Subject: "Weekly", StartDateTime: start, EndDateTime: start.Add(time.Hour)})
	require.NoError(t, err)
	require.Equal(t, "m1", created.ID)
	require.Contains(t, service.last(), `POST /v1.0/users/user-1/onlineMeetings? {`)
	require.Contains(t, service.last(), `"startDateTime":"2030-01-02T03:00:00Z"`)
	_, err = meetings.CreateOrGet(r.context(), r.platform.Tenant().ID, "user-1", resources.CreateOrGetOnlineMeeting{ExternalID: "e1"})
	require.NoError(t, err)
	require.Contains(t, service.last(), `POST /v1.0/users/user-1/onlineMeetings/createOrGet? {`)
	_, err = meetings.Get(r.context(), r.platform.Tenant().ID, "user-1", "m1")
	require.NoError(t, err)
	require.Equal(t, "GET /v1.0/users/user-1/onlineMeetings/m1? ", service.last())

	for _, wrong := range []resources.CreateOrGetOnlineMeeting{{}, {ExternalID: "e", EndDateTime: start}, {ExternalID: "e", StartDateTime: start.Add(1), EndDateTime: start}} {
		_, err = meetings.CreateOrGet(r.context(), "t", "u", wrong)
		require.ErrorIs(t, err, statefulclient.ErrInvalid)
	}
}

func TestAudioRoutingGroupsAreKept(t *testing.T) {
	r, service := newEchoRig(t, `{"id":"g1","routingMode":"oneToOne","sources":["a"],"receivers":["b"]}`)
	call := r.live("c1")
	groups := call.AudioRoutingGroups()
	told := newInbox[statefulclient.CollectionEvent[*resources.AudioRoutingGroup]]()
	groups.OnUpdated(told.put)
	group, err := groups.Add(r.context(), resources.AudioRoutingGroup{RoutingMode: resources.RoutingModeOneToOne, Sources: []string{"a"}, Receivers: []string{"b"}})
	require.NoError(t, err)
	require.Equal(t, "g1", told.next(r).Added[0].ID)
	require.Contains(t, service.last(), "POST /v1.0/communications/calls/c1/audioRoutingGroups? {")

	service.reply = `{"id":"g1","routingMode":"multicast","sources":["a"],"receivers":["b","c"]}`
	changed := *group
	changed.RoutingMode, changed.Receivers = resources.RoutingModeMulticast, []string{"b", "c"}
	_, err = groups.Update(r.context(), changed)
	require.NoError(t, err)
	require.Equal(t, []string{"b", "c"}, told.next(r).Updated[0].Receivers)
	require.Contains(t, service.last(), "PATCH /v1.0/communications/calls/c1/audioRoutingGroups/g1? {")

	service.reply = `{"value":[{"id":"g2","routingMode":"oneToOne","sources":["x"],"receivers":["y"]}]}`
	require.NoError(t, groups.Refresh(r.context()))
	event := told.next(r)
	require.Equal(t, "g2", event.Added[0].ID)
	require.Equal(t, "g1", event.Removed[0].ID)
	require.NoError(t, groups.Delete(r.context(), "g2"))
	require.Len(t, told.next(r).Removed, 1)
	require.Zero(t, groups.Len())

	for _, wrong := range []resources.AudioRoutingGroup{
		{}, {Sources: []string{"a", "b"}}, {Sources: []string{"a"}},
		{RoutingMode: resources.RoutingModeOneToOne, Sources: []string{"a"}, Receivers: []string{"b", "c"}},
	} {
		_, err = groups.Add(r.context(), wrong)
		require.ErrorIs(t, err, statefulclient.ErrInvalid)
	}
}

func TestGetOperationAndKeepAliveAndDeviceQuality(t *testing.T) {
	r, service := newEchoRig(t, `{"@odata.type":"#microsoft.graph.recordOperation","id":"o1","status":"running"}`)
	call := r.live("c1")
	operation, err := call.GetOperation(r.context(), "o1")
	require.NoError(t, err)
	require.IsType(t, &resources.RecordOperation{}, operation)
	require.NoError(t, call.KeepAlive(r.context()))
	require.Equal(t, "POST /v1.0/communications/calls/c1/keepAlive? ", service.last())
	require.NoError(t, r.client.Calls().LogTeleconferenceDeviceQuality(r.context(), r.platform.Tenant().ID, resources.TeleconferenceDeviceQuality{DeviceName: "Room 1"}))
	require.Contains(t, service.last(), `POST /v1.0/communications/calls/logTeleconferenceDeviceQuality? {"quality":{`)
}

// The documentation prints the answer to a question by VTC id as one meeting,
// and not as the list the platform sends.
func TestOnlineMeetingIsReadFromAListAndAlone(t *testing.T) {
	for _, reply := range []string{
		`{"value":[` + documentedMeeting + `]}`,
		documentedMeeting,
	} {
		r, _ := newEchoRig(t, reply)
		meeting, err := r.client.OnlineMeetings().GetByVideoTeleconferenceID(r.context(), r.platform.Tenant().ID, "117")
		require.NoError(t, err, reply)
		require.Equal(t, "m1", meeting.ID)
	}
	for _, reply := range []string{`{"value":[]}`, `{}`, `{"@odata.context":"x","value":null}`} {
		r, _ := newEchoRig(t, reply)
		_, err := r.client.OnlineMeetings().GetByVideoTeleconferenceID(r.context(), r.platform.Tenant().ID, "117")
		require.ErrorIs(t, err, statefulclient.ErrNoMeeting, reply)
	}
}
