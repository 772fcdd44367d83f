package resources_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/graphcalls/graphcalls-go/resources"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func decodeCall(t *testing.T, text string) *resources.Call {
	t.Helper()
	call, err := resources.Decode[resources.Call]([]byte(text))
	require.NoError(t, err)
	return call
}

func encode(t *testing.T, resource any) string {
	t.Helper()
	text, err := resources.Encode(resource)
	require.NoError(t, err)
	return string(text)
}

func TestUnknownPropertiesAreKeptAndWrittenBack(t *testing.T) {
	text := `{"@odata.type":"#microsoft.graph.call","state":"established","applicationMetadata":{"botData":{"a":[1,2.50]}},"id":"1"}`
	call := decodeCall(t, text)
	metadata, ok := call.Property("ApplicationMetadata")
	require.True(t, ok)
	require.JSONEq(t, `{"botData":{"a":[1,2.50]}}`, string(metadata))
	require.JSONEq(t, text, encode(t, call))
}

func TestNullIsToldFromAbsent(t *testing.T) {
	call := decodeCall(t, `{"subject":null,"mediaState":null}`)
	said := resources.FieldsOf(call)
	require.True(t, said.Has(resources.FieldNamed[resources.Call]("subject")))
	require.False(t, said.Has(resources.FieldNamed[resources.Call]("tenantId")))
	require.JSONEq(t, `{"subject":null,"mediaState":null}`, encode(t, call))
}

func TestFalseAndZeroAreToldFromAbsent(t *testing.T) {
	for _, text := range []string{
		`{"isMuted":false}`, `{"isMuted":null}`, `{}`, `{"rosterSequenceNumber":0}`, `{"metadata":""}`, `{"mediaStreams":[]}`,
	} {
		participant, err := resources.Decode[resources.Participant]([]byte(text))
		require.NoError(t, err)
		require.JSONEq(t, text, encode(t, participant))
	}
}

func TestEnumsMatchInAnyCase(t *testing.T) {
	call := decodeCall(t, `{"state":"Established","direction":"OUTGOING","requestedModalities":["Audio","VIDEOBASEDSCREENSHARING"]}`)
	require.Equal(t, resources.CallStateEstablished, call.State)
	require.Equal(t, resources.CallDirectionOutgoing, call.Direction)
	require.Equal(t, []resources.Modality{resources.ModalityAudio, resources.ModalityVideoBasedScreenSharing}, call.RequestedModalities)
}

func TestUnknownEnumValuesAreKept(t *testing.T) {
	call := decodeCall(t, `{"state":"levitating"}`)
	require.Equal(t, resources.CallState("levitating"), call.State)
	require.False(t, resources.Known(call.State))
	require.JSONEq(t, `{"state":"levitating"}`, encode(t, call))
}

func TestNumbersMayComeAsStrings(t *testing.T) {
	call := decodeCall(t, `{"resultInfo":{"code":"200","subCode":"5001"},"toneInfo":{"sequenceId":"7","tone":"Tone1"}}`)
	require.EqualValues(t, 200, call.ResultInfo.Code)
	require.EqualValues(t, 5001, call.ResultInfo.Subcode)
	require.EqualValues(t, 7, call.ToneInfo.SequenceID)
}

func TestValueOfUnexpectedShapeIsKeptRaw(t *testing.T) {
	text := `{"state":"established","subject":{"a":[{"b":1}]},"targets":[{"identity":{}},7],"id":"x"}`
	call := decodeCall(t, text)
	require.Equal(t, "x", call.ID)
	require.Empty(t, call.Subject)
	require.Empty(t, call.Targets)
	require.JSONEq(t, text, encode(t, call))
}

func TestMeetingInfoIsChosenByTypeOrByItsProperties(t *testing.T) {
	for text, want := range map[string]any{
		`{"@odata.type":"#microsoft.graph.organizerMeetingInfo","organizer":{}}`: &resources.OrganizerMeetingInfo{},
		`{"token":"t"}`:                                      &resources.TokenMeetingInfo{},
		`{"joinMeetingId":"1","passcode":null}`:              &resources.JoinMeetingIDMeetingInfo{},
		`{"@odata.type":"#microsoft.graph.futureMeeting"}`:   &resources.Unknown{},
		`{"@odata.type":"microsoft.graph.TokenMeetingInfo"}`: &resources.TokenMeetingInfo{},
	} {
		call := decodeCall(t, `{"meetingInfo":`+text+`}`)
		require.IsType(t, want, call.MeetingInfo, text)
		require.JSONEq(t, `{"meetingInfo":`+text+`}`, encode(t, call))
	}
}

func TestWhatIsMadeByHandNamesItsType(t *testing.T) {
	text := encode(t, &resources.Call{
		RequestedModalities: []resources.Modality{resources.ModalityAudio},
		MediaConfig:         &resources.ServiceHostedMediaConfig{},
	})
	require.JSONEq(t, `{"@odata.type":"#microsoft.graph.call","requestedModalities":["audio"],
		"mediaConfig":{"@odata.type":"#microsoft.graph.serviceHostedMediaConfig"}}`, text)
}

func TestIdentitySetKeepsEveryKind(t *testing.T) {
	text := `{"application":{"id":"a"},"guest":{"displayName":"G","email":"g@contoso.com"},"hologram":{"id":"h"}}`
	set, err := resources.Decode[resources.IdentitySet]([]byte(text))
	require.NoError(t, err)
	require.Equal(t, "G", set.DisplayName())
	_, ok := set.Property("hologram")
	require.True(t, ok)
	require.JSONEq(t, text, encode(t, set))
}

func TestNotificationDataByShape(t *testing.T) {
	for text, want := range map[string]resources.Data{
		`{"@odata.type":"#microsoft.graph.call","state":"established"}`: &resources.Call{},
		`{"state":"established"}`:                                    &resources.Call{},
		`[{"@odata.type":"#microsoft.graph.participant","id":null}]`: resources.Participants{},
		`[]`: resources.Participants{},
		`{"@odata.type":"#microsoft.graph.deltaParticipants","sequenceNumber":4}`:          &resources.DeltaParticipants{},
		`[{"sequenceNumber":4,"participants":[{"id":"p","removedState":{"reason":"x"}}]}]`: &resources.DeltaParticipants{},
		`{"@odata.type":"#microsoft.graph.playPromptOperation","status":"completed"}`:      resources.OperationData{},
		`{"clientContext":"c","status":"Running"}`:                                         resources.OperationData{},
		`[{"@odata.type":"#microsoft.graph.contentSharingSession","id":"s"}]`:              resources.ContentSharingSessions{},
		`{"@odata.type":"#microsoft.graph.weather"}`:                                       &resources.Unknown{},
		`"surprise"`: resources.RawData{},
		`[1,2]`:      resources.RawData{},
	} {
		body := `{"value":[{"changeType":"Updated","resource":"/app/calls/1","resourceData":` + text + `}]}`
		batch, err := resources.DecodeNotifications([]byte(body))
		require.NoError(t, err, text)
		require.IsType(t, want, batch.Value[0].Data, text)
		require.Equal(t, resources.ChangeTypeUpdated, batch.Value[0].ChangeType)
	}
}

func TestOneBadItemDoesNotSpoilItsSiblings(t *testing.T) {
	batch, err := resources.DecodeNotifications([]byte(`{"value":[7,{"resource":"/app/calls/1"},{"resource":3}]}`))
	require.NoError(t, err)
	require.Len(t, batch.Value, 3)
	_, ok := batch.Value[0].Path()
	require.False(t, ok)
	path, ok := batch.Value[1].Path()
	require.True(t, ok)
	require.Equal(t, "1", path.CallID)
}

func TestLegacyFormatIsRecognised(t *testing.T) {
	_, err := resources.DecodeNotifications([]byte(`{"id":"1","callState":"incoming","participants":[]}`))
	require.ErrorIs(t, err, resources.ErrLegacyFormat)
}

func TestMalformedTextIsRefusedWithoutEcho(t *testing.T) {
	deep := strings.Repeat("[", 5<<20)
	for _, text := range []string{"", " ", "secret", "[]", "{}", "null", `{"value":`, `{"value":[]} secret`, `{"value":secret}`, deep} {
		_, err := resources.DecodeNotifications([]byte(text))
		require.ErrorIs(t, err, resources.ErrMalformed, "%.20s", text)
		require.NotContains(t, err.Error(), "secret")
	}
}

func TestPathsInEveryForm(t *testing.T) {
	for text, want := range map[string]resources.Path{
		"/communications/calls/1":             {CallID: "1"},
		"/app/calls/1":                        {CallID: "1"},
		"communications/Calls/1/Operations/o": {CallID: "1", Collection: resources.CollectionOperations, ItemID: "o"},
		"https://graph.example/v1.0/communications/calls/1/participants?x=y": {CallID: "1", Collection: resources.CollectionParticipants},
		"/communications/calls/1/operations/participants":                    {CallID: "1", Collection: resources.CollectionParticipants},
		"/communications/calls/1/contentsharingsessions/s":                   {CallID: "1", Collection: resources.CollectionContentSharingSessions, ItemID: "s"},
		"/communications/calls/a%2Fb/future/x":                               {CallID: "a/b", Collection: "future", ItemID: "x"},
	} {
		path, ok := resources.ParsePath(text)
		require.True(t, ok, text)
		require.Equal(t, want, path)
		again, ok := resources.ParsePath(path.String())
		require.True(t, ok)
		require.Equal(t, path, again)
	}
	for _, text := range []string{"", "/", "/users/1", "/communications/calls", "/communications/calls/"} {
		_, ok := resources.ParsePath(text)
		require.False(t, ok, text)
	}
}

func TestKeyUnifiesSpellingsOfOneGUID(t *testing.T) {
	require.Equal(t, resources.Key("57dab8b1-894c-409a-b240-bd8beae78896"), resources.Key("57DAB8B1894C409AB240BD8BEAE78896"))
	require.NotEqual(t, resources.Key("ABC"), resources.Key("abc"))
}

func TestMergeLaysFactsOverEachOther(t *testing.T) {
	current := decodeCall(t, `{"id":"1","state":"establishing","subject":"s","x":1}`)
	news := decodeCall(t, `{"state":"established","subject":null,"x":1,"y":2}`)
	merged, changed := resources.Merge(current, news, resources.FieldsOf(news), nil)
	require.Equal(t, []string{"state", "subject", "*"}, resources.FieldNames[resources.Call](changed))
	require.JSONEq(t, `{"id":"1","state":"established","subject":null,"x":1,"y":2}`, encode(t, merged))
	require.Equal(t, "s", current.Subject, "inputs are not changed")

	same, changed := resources.Merge(merged, news, resources.FieldsOf(news), nil)
	require.Zero(t, changed)
	require.Same(t, merged, same)
}

// A property can have a value and, from another text, one of a shape its field
// does not have; what is written says both, and is read so.
func TestMisfitLeavesWhatTheFieldHas(t *testing.T) {
	call := decodeCall(t, `{"subject":"old","tenantId":null}`)
	merged, _ := resources.Merge(call, decodeCall(t, `{"subject":["new"],"tenantId":7}`), resources.Undeclared, nil)
	text := encode(t, merged)
	again := decodeCall(t, text)
	require.Equal(t, "old", again.Subject)
	misfit, _ := again.Property("subject")
	require.JSONEq(t, `["new"]`, string(misfit))
	require.True(t, resources.Equal(merged, again))
	require.Equal(t, resources.FieldsOf(merged), resources.FieldsOf(again))
	require.Equal(t, text, encode(t, again))
}

func TestCheckFit(t *testing.T) {
	require.NoError(t, resources.CheckFit(decodeCall(t, `{"subject":null,"future":{}}`)))
	err := resources.CheckFit(decodeCall(t, `{"Subject":{},"state":7,"tenantId":"secret","future":{}}`))
	require.ErrorIs(t, err, resources.ErrMalformed)
	require.ErrorContains(t, err, ": subject, state")
	require.NotContains(t, err.Error(), "secret")
}

func TestFixturesRoundTrip(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			if strings.HasPrefix(filepath.Base(file), "call") {
				require.JSONEq(t, string(text), encode(t, decodeCall(t, string(text))))
				return
			}
			batch, err := resources.DecodeNotifications(text)
			require.NoError(t, err)
			for _, n := range batch.Value {
				require.NotNil(t, n.Data)
				require.NotEqual(t, "*resources.Unknown", fmt.Sprintf("%T", n.Data))
				require.NotEqual(t, "resources.RawData", fmt.Sprintf("%T", n.Data))
			}
			require.JSONEq(t, string(text), encode(t, batch))
		})
	}
}

// FuzzDecode holds the package's promise: what decodes once, encodes and
// decodes again to the same.
func FuzzDecode(f *testing.F) {
	files, err := filepath.Glob("testdata/*.json")
	require.NoError(f, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(text)
	}
	f.Add([]byte(`{"value":[{"resource":"/app/calls/1","resourceData":[{"sequenceNumber":"4","participants":[{"id":"\ud800"}]}]}],"value":3}`))
	f.Add([]byte(`{"subject":5,"subject":"x","state":["a"],"state":null}`))
	f.Add([]byte(`{"subject":5,"subjEct":"x","state":["a"],"state":null}`))
	f.Add([]byte(`{"state":"\u0041ctive","resultInfo":{"code":"0x1","subCode":9e9}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		checkTwice(t, text, resources.DecodeNotifications)
		checkTwice(t, text, resources.Decode[resources.Call])
		checkTwice(t, text, resources.Decode[resources.Participant])
	})
}

func checkTwice[T any](t *testing.T, text []byte, decode func([]byte) (*T, error)) {
	once, err := decode(text)
	if err != nil {
		require.True(t, isExpected(err), "%v", err)
		return
	}
	written, err := resources.Encode(once)
	require.NoError(t, err)
	require.True(t, json.Valid(written))
	twice, err := decode(written)
	require.NoError(t, err)
	require.True(t, resources.Equal(once, twice), "%s", written)
	again, err := resources.Encode(twice)
	require.NoError(t, err)
	require.Equal(t, string(written), string(again))
}

func isExpected(err error) bool {
	for _, expected := range []error{resources.ErrMalformed, resources.ErrLegacyFormat} {
		if strings.Contains(err.Error(), expected.Error()) {
			return true
		}
	}
	return false
}
