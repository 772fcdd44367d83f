package statefulclient_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

// byRoomDevice joins the meeting of the id that room devices dial.
func (r *rig) byRoomDevice(id string) (*statefulclient.Call, error) {
	return r.client.Calls().Join(r.context(), statefulclient.JoinMeeting{VideoTeleconferenceID: id, TenantID: r.platform.Tenant().ID, GuestName: "Board room"})
}

func TestJoinByVideoTeleconferenceIDOnThePlatform(t *testing.T) {
	r := newRig(t)
	adele := r.platform.AddPerson("Adele Vance")
	meeting := r.platform.AddMeeting(simulator.Meeting{Organizer: adele, VideoTeleconferenceID: "1171929265", Lobby: simulator.LobbyForNobody})
	r.platform.AddMeeting(simulator.Meeting{})
	adele.Join(meeting)
	call, err := r.byRoomDevice("117 192 926 5")
	require.NoError(t, err)
	require.NoError(t, call.WaitFor(r.context(), resources.CallStateEstablished))
	require.Len(t, meeting.Participants(), 2)
	require.Equal(t, "Board room", meeting.Participants()[1].DisplayName())
}

func TestJoinByVideoTeleconferenceIDSaysWhatIsWrong(t *testing.T) {
	r := newRig(t)
	r.platform.AddMeeting(simulator.Meeting{VideoTeleconferenceID: "200"})
	r.platform.AddMeeting(simulator.Meeting{VideoTeleconferenceID: "200"})
	_, err := r.byRoomDevice("100")
	require.ErrorIs(t, err, statefulclient.ErrNoMeeting)
	require.ErrorContains(t, err, "check the VideoTeleconferenceID")
	_, err = r.byRoomDevice("200")
	require.ErrorIs(t, err, statefulclient.ErrAmbiguousMeeting)
	require.ErrorContains(t, err, "join URL")

	for status, unknown := range map[int]bool{http.StatusNotFound: true, http.StatusForbidden: false} {
		r.platform.FailNext(simulator.Failure{Method: http.MethodGet, Path: "/onlineMeetings", Status: status})
		_, err = r.byRoomDevice("300")
		require.ErrorAs(t, err, new(*transport.Error))
		if unknown {
			require.ErrorIs(t, err, statefulclient.ErrNoMeeting)
		} else {
			require.NotErrorIs(t, err, statefulclient.ErrNoMeeting)
		}
	}
	require.Empty(t, r.platform.Calls(), "no call is placed")

	asked := r.platform.Stats().Requests
	tenant := r.platform.Tenant().ID
	for text, wrong := range map[string]statefulclient.JoinMeeting{
		"leave out ChatInfo and MeetingInfo": {VideoTeleconferenceID: "200", TenantID: tenant, ChatInfo: &resources.ChatInfo{ThreadID: "t"}},
		"or the id":                          {VideoTeleconferenceID: "200", TenantID: tenant, MeetingInfo: &resources.TokenMeetingInfo{}},
		"JoinMeeting.TenantID is missing":    {VideoTeleconferenceID: "200"},
		"by an empty VideoTeleconferenceId":  {VideoTeleconferenceID: "  ", TenantID: tenant},
		"give a VideoTeleconferenceID":       {TenantID: tenant},
	} {
		_, err = r.client.Calls().Join(r.context(), wrong)
		require.ErrorIs(t, err, statefulclient.ErrInvalid)
		require.ErrorContains(t, err, text)
	}
	require.Equal(t, asked, r.platform.Stats().Requests)
}

func TestMeetingWithoutCoordinatesIsNotJoined(t *testing.T) {
	for _, meeting := range []string{
		`{"id":"m1"}`,
		`{"id":"m1","chatInfo":{"threadId":"t"},"participants":{}}`,
		`{"id":"m1","chatInfo":{"threadId":"t"},"participants":{"organizer":{"upn":"o@contoso.com"}}}`,
		`{"id":"m1","chatInfo":{},"participants":{"organizer":{"identity":{"user":{"id":"o"}}}}}`,
	} {
		r, service := newEchoRig(t, `{"value":[`+meeting+`]}`)
		_, err := r.byRoomDevice("200")
		require.ErrorIs(t, err, statefulclient.ErrInvalid, meeting)
		require.Contains(t, service.last(), "GET /v1.0/communications/onlineMeetings?", "no call is placed")
	}
	_, err := statefulclient.Coordinates(nil, "t")
	require.ErrorIs(t, err, statefulclient.ErrInvalid)
}
