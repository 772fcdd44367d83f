package resources_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
)

// The files in testdata have the shape of the documentation's examples, with
// names and ids of our own. TestFixturesRoundTrip holds that nothing in them is
// lost; the tests here, that it is understood.

func readCall(t *testing.T, name string) *resources.Call {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".json")
	require.NoError(t, err)
	return decodeCall(t, string(text))
}

func readNotification(t *testing.T, name string) *resources.Notification {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".json")
	require.NoError(t, err)
	batch, err := resources.DecodeNotifications(text)
	require.NoError(t, err)
	require.Len(t, batch.Value, 1)
	return &batch.Value[0]
}

// Nothing of a documented body may end up among the unknown properties, but
// for what has no field on purpose.
func TestDocumentedCallsHaveFieldsForEverything(t *testing.T) {
	for name, without := range map[string][]string{
		"call-peer-request":       nil,
		"call-peer-reply":         {"@odata.context"},
		"call-options-request":    nil,
		"call-group-request":      nil,
		"call-join-reply":         {"@odata.context"},
		"call-join-by-id-request": nil,
		"call-guest-request":      nil,
		"call-phone-reply":        {"@odata.context"},
		"call-recording":          {"applicationMetadata"},
	} {
		var unknown []string
		for property := range readCall(t, name).Properties() {
			unknown = append(unknown, property)
		}
		require.Equal(t, without, unknown, name)
	}
}

func TestDocumentedMediaConfigs(t *testing.T) {
	byBot, ok := readCall(t, "call-peer-request").MediaConfig.(*resources.AppHostedMediaConfig)
	require.True(t, ok)
	require.Contains(t, byBot.Blob, `"supportedAudioFormat":"Pcm16K"`)
	byPlatform, ok := readCall(t, "call-join-reply").MediaConfig.(*resources.ServiceHostedMediaConfig)
	require.True(t, ok)
	require.Len(t, byPlatform.PreFetchMedia, 2)
	require.Equal(t, "https://cdn.contoso.com/welcome.wav", byPlatform.PreFetchMedia[1].URI)
}

func TestDocumentedMeetingInfos(t *testing.T) {
	byOrganizer, ok := readCall(t, "call-join-reply").MeetingInfo.(*resources.OrganizerMeetingInfo)
	require.True(t, ok)
	require.Equal(t, "Diego Siciliani", byOrganizer.Organizer.DisplayName())
	require.True(t, byOrganizer.AllowConversationWithoutHost)
	byID, ok := readCall(t, "call-join-by-id-request").MeetingInfo.(*resources.JoinMeetingIDMeetingInfo)
	require.True(t, ok)
	require.Equal(t, "295417360814", byID.JoinMeetingID)
	require.Empty(t, byID.Passcode)
	require.True(t, resources.FieldsOf(byID).Has(resources.FieldNamed[resources.JoinMeetingIDMeetingInfo]("passcode")))
	byToken, ok := readCall(t, "call-recording").MeetingInfo.(*resources.TokenMeetingInfo)
	require.True(t, ok)
	require.Equal(t, "join-token-of-the-meeting", byToken.Token)
}

func TestDocumentedIdentities(t *testing.T) {
	require.Equal(t, "Concierge", readCall(t, "call-peer-request").Source.Identity.Application.DisplayName)
	require.Equal(t, "Front Desk Guest", readCall(t, "call-guest-request").Source.Identity.Guest.DisplayName)
	phone := readCall(t, "call-phone-reply")
	require.Equal(t, "Concierge Line", phone.Source.Identity.ApplicationInstance.DisplayName)
	require.Equal(t, "+14255550142", phone.Targets[0].Identity.Phone.ID)
	recording := readCall(t, "call-recording")
	require.Equal(t, "AAD", recording.Source.Identity.User.IdentityProvider)
	id, ok := recording.Source.Property("id") // the page prints it where participantId is documented
	require.True(t, ok)
	require.JSONEq(t, `"`+recording.IncomingContext.ObservedParticipantID+`"`, string(id))
}

func TestDocumentedCallOptions(t *testing.T) {
	options := readCall(t, "call-options-request").CallOptions
	require.True(t, options.IsContentSharingNotificationEnabled)
	require.True(t, options.IsDeltaRosterEnabled)
	require.True(t, options.IsInteractiveRosterEnabled)
	answering, err := resources.Decode[resources.IncomingCallOptions]([]byte(
		`{"@odata.type":"#microsoft.graph.incomingCallOptions","isContentSharingNotificationEnabled":true,"isDeltaRosterEnabled":true}`))
	require.NoError(t, err)
	require.True(t, answering.IsContentSharingNotificationEnabled)
	require.True(t, answering.IsDeltaRosterEnabled)
}

// The group call example names its second target a participantInfo.
func TestDocumentedTargetOfAnotherType(t *testing.T) {
	targets := readCall(t, "call-group-request").Targets
	require.Len(t, targets, 2)
	require.Equal(t, "Miriam Graham", targets[1].Identity.DisplayName())
	kind, ok := targets[1].Property("@odata.type")
	require.True(t, ok)
	require.JSONEq(t, `"#microsoft.graph.participantInfo"`, string(kind))
}

// The scheduled meeting example names the organizer's tenant twice.
func TestDocumentedPropertyNamedTwice(t *testing.T) {
	call := decodeCall(t, `{"meetingInfo":{"@odata.type":"#microsoft.graph.organizerMeetingInfo","organizer":{"user":{"id":"o","tenantId":"first","displayName":"Diego","tenantId":"last"}}}}`)
	info, ok := call.MeetingInfo.(*resources.OrganizerMeetingInfo)
	require.True(t, ok)
	require.Equal(t, "last", info.Organizer.User.TenantID)
	require.JSONEq(t, `{"meetingInfo":{"@odata.type":"#microsoft.graph.organizerMeetingInfo","organizer":{"user":{"id":"o","tenantId":"last","displayName":"Diego"}}}}`, encode(t, call))
}

func TestDocumentedNotifications(t *testing.T) {
	for _, want := range []struct {
		name, call string
		change     resources.ChangeType
		collection resources.Collection
		data       resources.Data
	}{
		{"incoming", "8E41C7D05B9A4F3286D1A0F7C3B25E94", resources.ChangeTypeCreated, "", &resources.Call{}},
		{"incoming-recording", "e6a20f00-7c4b-4d95-8e13-b2f0a9d7c681", resources.ChangeTypeCreated, "", &resources.Call{}},
		{"established", "8E41C7D05B9A4F3286D1A0F7C3B25E94", resources.ChangeTypeUpdated, "", &resources.Call{}},
		{"establishing-join", "41001700-5e7d-4c1a-9b36-d80f2a6c0007", resources.ChangeTypeUpdated, "", &resources.Call{}},
		{"roster-lobby", "41002100-5e7d-4c1a-9b36-d80f2a6c0011", resources.ChangeTypeUpdated, resources.CollectionParticipants, resources.Participants{}},
		{"content-sharing", "41001300-5e7d-4c1a-9b36-d80f2a6c0003", resources.ChangeTypeCreated, resources.CollectionContentSharingSessions, resources.ContentSharingSessions{}},
	} {
		n := readNotification(t, want.name)
		require.Equal(t, want.change, n.ChangeType, want.name)
		path, ok := n.Path()
		require.True(t, ok, want.name)
		require.Equal(t, resources.Path{CallID: want.call, Collection: want.collection}, path, want.name)
		require.IsType(t, want.data, n.Data, want.name)
	}
}

// The answer example of content sharing says no more than where and what.
func TestDocumentedNotificationWithoutData(t *testing.T) {
	text := `{"@odata.type":"#microsoft.graph.commsNotifications","value":[{"@odata.type":"#microsoft.graph.commsNotification",` +
		`"changeType":"deleted","resourceUrl":"/communications/calls/c-1/contentsharingsessions/s-1"}]}`
	batch, err := resources.DecodeNotifications([]byte(text))
	require.NoError(t, err)
	path, ok := batch.Value[0].Path()
	require.True(t, ok)
	require.Equal(t, resources.Path{CallID: "c-1", Collection: resources.CollectionContentSharingSessions, ItemID: "s-1"}, path)
	require.Nil(t, batch.Value[0].Data)
	require.JSONEq(t, text, encode(t, batch))
}

// The page on incoming calls shows a notification under /app, of a
// subscription, its state in capitals.
func TestDocumentedNotificationOfASubscription(t *testing.T) {
	batch, err := resources.DecodeNotifications([]byte(`{"value":[{"subscriptionId":"5C0F8D2B71E94A36A8D4B7E1F0936C25",` +
		`"subscriptionExpirationDateTime":"2031-04-09T07:30:15.2471193Z","changeType":"updated",` +
		`"resource":"/app/calls/D92B60F7A4E84C13B5D70E1F8A3C9642","resourceData":{"@odata.type":"#microsoft.graph.call","state":"Established"}}]}`))
	require.NoError(t, err)
	n := &batch.Value[0]
	path, ok := n.Path()
	require.True(t, ok)
	require.Equal(t, resources.Key("d92b60f7-a4e8-4c13-b5d7-0e1f8a3c9642"), resources.Key(path.CallID))
	call, ok := n.Data.(*resources.Call)
	require.True(t, ok)
	require.Equal(t, resources.CallStateEstablished, call.State)
	subscription, ok := n.Property("subscriptionId")
	require.True(t, ok)
	require.JSONEq(t, `"5C0F8D2B71E94A36A8D4B7E1F0936C25"`, string(subscription))
}

// Several pages print what is not JSON: a comma after the last property, a
// value without braces.
func TestDocumentedTextThatIsNotJSON(t *testing.T) {
	for _, text := range []string{
		`{"mediaConfig":{"@odata.type":"#microsoft.graph.appHostedMediaConfig","blob":"b",}}`,
		`"value": ["changeType": "updated", "resource": "/app/calls/1"]`,
	} {
		_, err := resources.Decode[resources.Call]([]byte(text))
		require.ErrorIs(t, err, resources.ErrMalformed, text)
		_, err = resources.DecodeNotifications([]byte(text))
		require.ErrorIs(t, err, resources.ErrMalformed, text)
	}
}
