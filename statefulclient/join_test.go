package statefulclient_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
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
