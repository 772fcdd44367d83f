package resources_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
)

func TestDocumentedBotData(t *testing.T) {
	call, ok := readNotification(t, "incoming-recording").Data.(*resources.Call)
	require.True(t, ok)
	for _, call := range []*resources.Call{call, readCall(t, "call-recording")} {
		data, ok := call.BotData()
		require.True(t, ok)
		require.Empty(t, unknownOf(&data.Wire))
		require.NotEmpty(t, data.MediaHostedRegion)
		require.Equal(t, resources.ParticipationMethodCallee, data.User.ParticipationMethod)
		require.Equal(t, resources.ParticipationMethodCaller, data.OtherSideUser.ParticipationMethod)
		require.Empty(t, unknownOf(&data.OtherSideUser.Wire))
		require.NotEmpty(t, data.OtherSideUser.OnBehalfOf.ID)
		require.Equal(t, []resources.InviteReason{resources.InviteReasonPolicyBasedRecording}, data.InviteReasons)
		require.NotEmpty(t, data.PolicyIdentifier)
		require.Len(t, data.PairedRecorders, 1)
		require.NotEmpty(t, data.PairedRecorders[0].ParticipantID)
		require.Len(t, data.OtherRecorders, 1)
		require.NotEmpty(t, data.OtherRecorders[0].ID)
	}
}

func TestBotDataOfOddShapes(t *testing.T) {
	for text, want := range map[string]bool{
		`{}`:                                       false,
		`{"applicationMetadata":null}`:             false,
		`{"applicationMetadata":"x"}`:              false,
		`{"applicationMetadata":[{}]}`:             false,
		`{"applicationMetadata":{}}`:               false,
		`{"applicationMetadata":{"botData":null}}`: false,
		`{"applicationMetadata":{"botData":"x"}}`:  false,
		`{"applicationMetadata":{"botData":[1]}}`:  false,
		`{"applicationMetadata":{"botData":{}}}`:   true,
		`{"ApplicationMetadata":{"BotData":{}}}`:   true,
		`{"applicationMetadata":{"botData":{"user":7,"otherSideUser":[],"inviteReasons":"x","policyIdentifier":{},"pairedRecorders":[3],"future":1}}}`: true,
	} {
		call := decodeCall(t, text)
		data, ok := call.BotData()
		require.Equal(t, want, ok, text)
		require.Equal(t, want, data != nil, text)
		require.JSONEq(t, text, encode(t, call))
	}
}

func TestBotDataKeepsWhatDoesNotFit(t *testing.T) {
	data, ok := decodeCall(t, `{"applicationMetadata":{"botData":{"user":7,"policyIdentifier":"Floor","inviteReasons":["Whim"],"future":1}}}`).BotData()
	require.True(t, ok)
	require.Nil(t, data.User)
	require.Equal(t, "Floor", data.PolicyIdentifier)
	require.Equal(t, []string{"user", "future"}, unknownOf(&data.Wire))
	require.False(t, resources.Known(data.InviteReasons[0]))
	require.JSONEq(t, `{"user":7,"policyIdentifier":"Floor","inviteReasons":["Whim"],"future":1}`, encode(t, data))
}

func FuzzBotData(f *testing.F) {
	f.Add([]byte(`{"applicationMetadata":{"botData":{"user":{"onBehalfOf":{"id":"x"}},"pairedRecorders":[{"id":1}]}}}`))
	f.Add([]byte(`{"applicationMetadata":{"botData":{"user":{"onBehalfOf":[{"id":`))
	f.Fuzz(func(t *testing.T, text []byte) {
		call, err := resources.Decode[resources.Call](text)
		if err != nil {
			return
		}
		if data, ok := call.BotData(); ok {
			_, err := resources.Encode(data)
			require.NoError(t, err)
		}
	})
}
