package simulator

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
)

// fresh falls back on a resource that spells nothing out, so every text has to
// decode, and to come out again whole.
func TestTextsComeOutAsTheyWentIn(t *testing.T) {
	require.JSONEq(t, participantText, encoded(t, fresh[resources.Participant](participantText)))
	require.JSONEq(t, mediaStreamText, encoded(t, fresh[resources.MediaStream](mediaStreamText)))
	require.JSONEq(t, resultText, encoded(t, fresh[resources.ResultInfo](resultText)))
	require.JSONEq(t, identityText, encoded(t, fresh[resources.IdentitySet](identityText)))
	require.JSONEq(t, fullCallText, encoded(t, fresh[resources.Call](fullCallText)))
}

func encoded(t *testing.T, resource any) string {
	t.Helper()
	text, err := resources.Encode(resource)
	require.NoError(t, err)
	return string(text)
}
