package simulator_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/simulator"
)

func TestMakingAndFindingMeetings(t *testing.T) {
	b := newHandBot(t)
	adele := b.platform.AddPerson("Adele Vance")
	base := b.platform.ServiceBaseURL()
	mine := base + "/users/" + adele.ID + "/onlineMeetings"
	answer := b.ask(http.MethodPost, mine, map[string]any{
		"subject": "Standup", "startDateTime": "2026-01-01T10:00:00Z", "endDateTime": "2026-01-01T11:00:00Z",
	})
	require.Equal(t, http.StatusCreated, answer.status, string(answer.body))
	require.Equal(t, "Standup", answer.text("subject"))
	require.Equal(t, adele.ID, answer.text("participants", "organizer", "identity", "user", "id"))
	require.NotEmpty(t, answer.text("chatInfo", "threadId"))
	require.NotEmpty(t, answer.text("joinMeetingIdSettings", "joinMeetingId"))
	require.NotEmpty(t, answer.text("videoTeleconferenceId"))

	require.Equal(t, "Standup", b.ask(http.MethodGet, mine+"/"+answer.text("id"), nil).text("subject"))
	require.Equal(t, http.StatusNotFound, b.ask(http.MethodGet, mine+"/nothing", nil).status)
	find := func(address, filter string) []any {
		found := b.ask(http.MethodGet, address+"?$filter="+url.PathEscape(filter), nil)
		require.Equal(t, http.StatusOK, found.status, string(found.body))
		return found.value["value"].([]any)
	}
	link := answer.text("joinWebUrl")
	require.Len(t, find(mine, "JoinWebUrl eq '"+link+"'"), 1)
	require.Len(t, find(mine, "JoinWebUrl eq '"+url.QueryEscape(link)+"'"), 1)
	require.Empty(t, find(mine, "JoinWebUrl eq 'https://teams.example/'"))
	require.Len(t, find(base+"/communications/onlineMeetings/", "VideoTeleconferenceId eq '"+answer.text("videoTeleconferenceId")+"'"), 1)
	require.Equal(t, http.StatusBadRequest, b.ask(http.MethodGet, mine, nil).status)

	join := b.callTo(adele)
	delete(join, "targets")
	join["chatInfo"] = answer.value["chatInfo"]
	join["meetingInfo"] = map[string]any{"@odata.type": "#microsoft.graph.organizerMeetingInfo", "organizer": map[string]any{"user": map[string]any{"id": adele.ID}}}
	b.create(join)
}

func TestCreateOrGet(t *testing.T) {
	b := newHandBot(t)
	adele := b.platform.AddPerson("Adele Vance")
	path := b.platform.ServiceBaseURL() + "/users/" + adele.ID + "/onlineMeetings/createOrGet"
	body := map[string]any{"externalId": "e-1", "subject": "Daily"}
	first := b.ask(http.MethodPost, path, body)
	require.Equal(t, http.StatusCreated, first.status, string(first.body))
	second := b.ask(http.MethodPost, path, body)
	require.Equal(t, http.StatusOK, second.status)
	require.Equal(t, first.text("id"), second.text("id"))

	for name, wrong := range map[string]map[string]any{
		"no id":         {"subject": "x"},
		"end alone":     {"externalId": "e-2", "endDateTime": "2026-01-01T10:00:00Z"},
		"ends at first": {"externalId": "e-2", "startDateTime": "2026-01-01T10:00:00Z", "endDateTime": "2026-01-01T09:00:00Z"},
	} {
		require.Equal(t, http.StatusBadRequest, b.ask(http.MethodPost, path, wrong).status, name)
	}
	stranger := b.platform.AddTenant().AddPerson("Stranger")
	other := b.platform.ServiceBaseURL() + "/users/" + stranger.ID + "/onlineMeetings/createOrGet"
	require.Equal(t, http.StatusNotFound, b.ask(http.MethodPost, other, body).status)
	token, err := b.platform.AccessToken(b.bot, b.bot.TenantID, simulator.Claim("roles", []string{"Calls.Initiate.All"}))
	require.NoError(t, err)
	require.Equal(t, http.StatusForbidden, b.ask(http.MethodPost, path, body, "Authorization", "Bearer "+token).status)
}
