package statefulclient_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

func TestSelfTestOfTheNotificationURL(t *testing.T) {
	r := newRig(t)
	require.NoError(t, r.client.SelfTest(r.context()))
	step := func() transport.SelfTestStep {
		var failed *transport.SelfTestError
		require.ErrorAs(t, r.client.SelfTest(r.context()), &failed)
		return failed.Step
	}
	r.takenBy(r.another(rigOptions{}).Handler())
	require.Equal(t, transport.SelfTestStranger, step(), "another process of the same bot")
	r.takenBy(http.NotFoundHandler())
	require.Equal(t, transport.SelfTestPath, step())
	r.client.Close()
	require.ErrorIs(t, r.client.SelfTest(r.context()), statefulclient.ErrClosed)
}
