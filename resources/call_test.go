package resources_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
)

func TestGuestMayBypassLobbyOnTheWire(t *testing.T) {
	text, err := resources.Encode(&resources.Call{CallOptions: &resources.CallOptions{AllowGuestToBypassLobby: true}})
	require.NoError(t, err)
	require.JSONEq(t, `{"@odata.type":"#microsoft.graph.call",
		"callOptions":{"@odata.type":"#microsoft.graph.outgoingCallOptions","allowGuestToBypassLobby":true}}`, string(text))
	options := decodeCall(t, string(text)).CallOptions
	require.True(t, options.AllowGuestToBypassLobby)
	for name := range options.Properties() {
		require.Fail(t, "among the unknown", name)
	}

	unsaid, err := resources.Encode(&resources.CallOptions{})
	require.NoError(t, err)
	require.NotContains(t, string(unsaid), "allowGuestToBypassLobby")
	refused := decodeCall(t, `{"callOptions":{"allowGuestToBypassLobby":false}}`).CallOptions
	require.False(t, refused.AllowGuestToBypassLobby)
	require.Contains(t, resources.FieldNames[resources.CallOptions](resources.FieldsOf(refused)), "allowGuestToBypassLobby")
}
