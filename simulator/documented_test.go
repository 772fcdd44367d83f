package simulator_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/simulator"
)

// The documentation prints replies in full: what there is nothing to say about
// is null in them, or an empty list, and not left out. make conformance
// compares all of them; these are the ones bots have stumbled over.

// requireNull checks that a property is there, and null.
func requireNull(t *testing.T, object any, names ...string) {
	t.Helper()
	for _, name := range names {
		value, there := object.(map[string]any)[name]
		require.True(t, there, name)
		require.Nil(t, value, name)
	}
}

// inside follows a path of names and indexes through JSON.
func inside(t *testing.T, value any, path ...any) any {
	t.Helper()
	for _, step := range path {
		switch step := step.(type) {
		case string:
			require.Contains(t, value, step)
			value = value.(map[string]any)[step]
		case int:
			require.Greater(t, len(value.([]any)), step)
			value = value.([]any)[step]
		}
	}
	return value
}

func TestParticipantsAreSpelledOut(t *testing.T) {
	b := newHandBot(t)
	call, _, adele := b.meet()
	list := b.ask(http.MethodGet, "/"+call.ID()+"/participants", nil)
	one := b.ask(http.MethodGet, "/"+call.ID()+"/participants/"+adele.ParticipantID(), nil)
	for _, entry := range []any{inside(t, list.value, "value", 0), one.value} {
		requireNull(t, entry, "metadata")
		require.Equal(t, adele.ParticipantID(), inside(t, entry, "info", "id"))
		requireNull(t, inside(t, entry, "info", "identity"), "application", "device", "phone")
		require.Equal(t, false, inside(t, entry, "isMuted"))
		require.Equal(t, adele.ParticipantID(), inside(t, entry, "id"))
		require.Equal(t, adele.ID, inside(t, entry, "info", "identity", "user", "id"))
	}
	b.settle()
	for _, told := range b.received() {
		require.NotContains(t, string(told.body), "metadata", "notifications leave out what they have nothing to say about")
	}
}

func TestGalleryKeepsItsMetadata(t *testing.T) {
	b := newHandBot(t)
	call, _, _ := b.meet()
	b.act(call, "/addLargeGalleryView", nil)
	list := b.ask(http.MethodGet, "/"+call.ID()+"/participants", nil)
	require.Contains(t, inside(t, list.value, "value", 2, "metadata"), "audienceView")
}

// What the platform knows of who is invited it adds: the name and tenant.
func TestInvitedAreSpelledOut(t *testing.T) {
	b := newHandBot(t)
	call, _, _ := b.meet()
	alex := b.platform.AddPerson("Alex Wilber")
	answer := b.act(call, "/participants/invite", inviting(alex))
	guest := inside(t, answer.value, "participants", 0)
	requireNull(t, guest, "id", "endpointType", "replacesCallId")
	requireNull(t, inside(t, guest, "identity"), "application", "applicationInstance", "device", "encrypted", "guest", "onPremises", "phone")
	require.Equal(t, "Alex Wilber", inside(t, guest, "identity", "user", "displayName"))
	require.Equal(t, alex.TenantID, inside(t, guest, "identity", "user", "tenantId"))

	phone := b.act(call, "/participants/invite", map[string]any{"participants": []any{
		map[string]any{"identity": map[string]any{"phone": map[string]any{"id": "+14255550177"}}},
	}})
	requireNull(t, inside(t, phone.value, "participants", 0, "identity"), "user", "guest")
	require.Equal(t, "+14255550177", inside(t, phone.value, "participants", 0, "identity", "phone", "id"))
}

func TestCallsAreSpelledOut(t *testing.T) {
	b := newHandBot(t)
	made := b.ask(http.MethodPost, "", b.callTo(b.platform.AddPerson("Adele Vance")))
	require.Equal(t, http.StatusCreated, made.status, string(made.body))
	got := b.ask(http.MethodGet, "/"+made.text("id"), nil)
	for _, call := range []any{made.value, got.value} {
		requireNull(t, call, "meetingCapability", "terminationReason", "toneInfo", "resultInfo", "subject")
		requireNull(t, inside(t, call, "source"), "countryCode", "endpointType", "languageId", "region")
		requireNull(t, inside(t, call, "targets", 0), "endpointType", "languageId", "region", "replacesCallId")
		for _, list := range []string{"callRoutes", "activeModalities", "routingPolicies"} {
			require.Equal(t, []any{}, inside(t, call, list), list)
		}
	}
	joined := b.ask(http.MethodPost, "", b.joining(b.platform.AddMeeting(simulator.Meeting{})))
	require.Equal(t, []any{}, inside(t, joined.value, "targets"))
	requireNull(t, inside(t, joined.value, "chatInfo"), "replyChainMessageId")
	require.Equal(t, "0", inside(t, joined.value, "chatInfo", "messageId"))
}

func TestMeetingsAreSpelledOut(t *testing.T) {
	b := newHandBot(t)
	adele := b.platform.AddPerson("Adele Vance")
	mine := b.platform.ServiceBaseURL() + "/users/" + adele.ID + "/onlineMeetings"
	made := b.ask(http.MethodPost, mine+"/createOrGet", map[string]any{"externalId": "e-1", "participants": map[string]any{
		"attendees": []any{map[string]any{"upn": "alex@contoso.example", "identity": map[string]any{"user": map[string]any{"id": "alex"}}}},
	}})
	require.Equal(t, http.StatusCreated, made.status, string(made.body))
	got := b.ask(http.MethodGet, mine+"/"+made.text("id"), nil)
	for _, meeting := range []any{made.value, got.value} {
		requireNull(t, meeting, "subject")
		require.Equal(t, false, inside(t, meeting, "isBroadcast"))
		require.Equal(t, false, inside(t, meeting, "lobbyBypassSettings", "isDialInBypassEnabled"))
		require.Equal(t, "0", inside(t, meeting, "chatInfo", "replyChainMessageId"))
		require.NotEmpty(t, inside(t, meeting, "audioConferencing", "conferenceId"))
		require.NotEmpty(t, inside(t, meeting, "audioConferencing", "tollNumber"))
		require.NotEmpty(t, inside(t, meeting, "startDateTime"))
		require.NotEmpty(t, inside(t, meeting, "endDateTime"))
		require.Equal(t, "AAD", inside(t, meeting, "participants", "organizer", "identity", "user", "identityProvider"))
		require.Equal(t, "alex@contoso.example", inside(t, meeting, "participants", "attendees", 0, "upn"))
		requireNull(t, inside(t, meeting, "participants", "attendees", 0), "role")
		require.Equal(t, []any{}, inside(t, meeting, "participants", "producers"))
		require.Equal(t, []any{}, inside(t, meeting, "participants", "contributors"))
	}
	require.Equal(t, inside(t, made.value, "audioConferencing"), inside(t, got.value, "audioConferencing"))
}

func TestLiveEvents(t *testing.T) {
	b := newHandBot(t)
	adele := b.platform.AddPerson("Adele Vance")
	made := b.ask(http.MethodPost, b.platform.ServiceBaseURL()+"/users/"+adele.ID+"/onlineMeetings", map[string]any{
		"subject": "Town hall", "isBroadcast": true, "broadcastSettings": map[string]any{"isRecordingEnabled": true},
	})
	require.Equal(t, http.StatusCreated, made.status, string(made.body))
	require.Equal(t, true, inside(t, made.value, "isBroadcast"))
	require.Equal(t, true, inside(t, made.value, "broadcastSettings", "isRecordingEnabled"))
	for _, list := range []string{"attendees", "producers"} {
		require.Equal(t, "producer", inside(t, made.value, "participants", list, 0, "role"))
		require.Equal(t, adele.ID, inside(t, made.value, "participants", list, 0, "identity", "user", "id"))
	}
}

func TestCallInAMeetingSaysWhetherItIsTranscribed(t *testing.T) {
	b := newHandBot(t)
	call, _, _ := b.meet()
	got := b.ask(http.MethodGet, "/"+call.ID(), nil)
	require.Equal(t, "inactive", inside(t, got.value, "transcription", "state"))
	require.NotEmpty(t, inside(t, got.value, "transcription", "lastModifiedDateTime"))
}
