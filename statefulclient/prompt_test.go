package statefulclient_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
)

func TestPlayPrompt(t *testing.T) {
	r := newRig(t)
	call := r.call(r.platform.AddPerson("Adele Vance"))
	op, err := call.PlayPrompt(r.context(), resources.NewMediaPrompt("https://bot.contoso.com/hello.wav"))
	require.NoError(t, err)
	result, err := op.Wait(r.context())
	require.NoError(t, err)
	require.Equal(t, resources.OperationStatusCompleted, result.Status)
	require.Equal(t, op.ClientContext(), result.ClientContext)
}
