package statefulclient_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

func TestParseJoinURL(t *testing.T) {
	context := url.QueryEscape(`{"Tid":"tenant-1","Oid":"organizer-1"}`)
	meeting, err := statefulclient.ParseJoinURL("https://teams.microsoft.com/l/meetup-join/19%3ameeting_abc%40thread.v2/0?context=" + context)
	require.NoError(t, err)
	require.Equal(t, "19:meeting_abc@thread.v2", meeting.ChatInfo.ThreadID)
	require.Equal(t, "0", meeting.ChatInfo.MessageID)
	require.Equal(t, "tenant-1", meeting.TenantID)
	organizer := meeting.MeetingInfo.(*resources.OrganizerMeetingInfo).Organizer.User
	require.Equal(t, "organizer-1", organizer.ID)
	require.Equal(t, "tenant-1", organizer.TenantID)
}

func TestParseJoinURLSaysWhatIsWrong(t *testing.T) {
	for text, why := range map[string]string{
		"https://teams.microsoft.com/meet/2345678901?p=secret":           "short link",
		"https://teams.microsoft.com/l/meetup-join/19%3ax%40thread.v2/0": "context",
		"https://teams.microsoft.com/l/meetup-join/x/0?context={}":       "context",
		"https://contoso.com/": "not of the form",
		"%zz":                  "not a URL",
		"":                     "not of the form",
	} {
		_, err := statefulclient.ParseJoinURL(text)
		require.ErrorIs(t, err, statefulclient.ErrInvalid, text)
		require.ErrorContains(t, err, why)
		require.NotContains(t, err.Error(), "secret")
	}
}

func FuzzParseJoinURL(f *testing.F) {
	f.Add("https://teams.microsoft.com/l/meetup-join/19%3ax/0?context={%22Tid%22:%221%22,%22Oid%22:%222%22}")
	f.Fuzz(func(t *testing.T, text string) {
		meeting, err := statefulclient.ParseJoinURL(text)
		if err == nil {
			require.NotEmpty(t, meeting.TenantID)
			require.NotEmpty(t, meeting.ChatInfo.ThreadID)
			return
		}
		require.ErrorIs(t, err, statefulclient.ErrInvalid)
	})
}

func TestWrongShapesFailBeforeAnythingIsSent(t *testing.T) {
	r := newRig(t)
	calls := r.client.Calls()
	_, err := calls.Add(r.context(), resources.Call{})
	require.ErrorIs(t, err, statefulclient.ErrInvalid)
	_, err = calls.Add(r.context(), resources.Call{CallbackURI: "http://bot.contoso.com", MeetingInfo: &resources.TokenMeetingInfo{Token: "t"}})
	require.ErrorContains(t, err, "https://")
	_, err = calls.Add(r.context(), resources.Call{Targets: make([]resources.InvitationParticipantInfo, 1)})
	require.ErrorContains(t, err, "Identity")
	_, err = calls.Join(r.context(), statefulclient.JoinMeeting{})
	require.ErrorContains(t, err, "MeetingInfo")
	_, err = calls.Join(r.context(), statefulclient.JoinMeeting{MeetingInfo: &resources.OrganizerMeetingInfo{}})
	require.ErrorContains(t, err, "ChatInfo")
	call := r.ringing("c1")
	require.ErrorContains(t, call.Answer(r.context(), statefulclient.AnswerOptions{CallbackURI: "http://x"}), "https://")
	_, err = call.PlayPrompt(r.context())
	require.ErrorContains(t, err, "1 to 20")
	_, err = call.PlayPrompt(r.context(), &resources.MediaPrompt{})
	require.ErrorContains(t, err, "URI")
	require.Zero(t, r.platform.Stats().Requests)
}

func TestJoinByMeetingIDOnThePlatform(t *testing.T) {
	r := newRig(t)
	adele := r.platform.AddPerson("Adele Vance")
	meeting := r.platform.AddMeeting(simulator.Meeting{Organizer: adele, JoinMeetingID: "234567890", Passcode: "hush"})
	adele.Join(meeting)
	call, err := r.client.Calls().Join(r.context(), statefulclient.JoinByMeetingID(adele.TenantID, " 234 567 890", "hush"))
	require.NoError(t, err)
	require.NoError(t, call.WaitForJoinState(r.context(), statefulclient.JoinStateIn))
	_, ok := call.Participants().Find(statefulclient.UserIdentity(adele.ID))
	require.True(t, ok)
	_, err = r.client.Calls().Join(r.context(), statefulclient.JoinByMeetingID(adele.TenantID, "234567890", "wrong"))
	require.Error(t, err)
	_, err = r.client.Calls().Join(r.context(), statefulclient.JoinByMeetingID(adele.TenantID, " ", ""))
	require.ErrorIs(t, err, statefulclient.ErrInvalid)
}

func TestJoinMeetingAndFollowTheRoster(t *testing.T) {
	r := newRig(t)
	adele, alex := r.platform.AddPerson("Adele Vance"), r.platform.AddPerson("Alex Wilber")
	meeting := r.platform.AddMeeting(simulator.Meeting{Subject: "Weekly", Organizer: adele})
	adele.Join(meeting)
	call := r.join(meeting)
	people := newInbox[statefulclient.CollectionEvent[*statefulclient.Participant]]()
	call.Participants().OnUpdated(people.put)
	changes := newInbox[statefulclient.ParticipantUpdated]()
	statefulclient.On(call, changes.put)

	named := func(name string) func(e statefulclient.CollectionEvent[*statefulclient.Participant]) bool {
		return func(e statefulclient.CollectionEvent[*statefulclient.Participant]) bool {
			for _, p := range append(e.Added, e.Removed...) {
				if p.DisplayName() == name {
					return true
				}
			}
			return false
		}
	}
	people.until(r, named("Adele Vance"))
	alex.Join(meeting)
	require.Len(t, people.until(r, named("Alex Wilber")).Added, 1)
	alex.Mute()
	muted := changes.until(r, func(e statefulclient.ParticipantUpdated) bool { return e.New.IsMuted })
	require.False(t, muted.Old.IsMuted)
	alex.Leave()
	require.Len(t, people.until(r, named("Alex Wilber")).Removed, 1)
	meeting.End()
	ended(r.context(), t, call)
}

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
