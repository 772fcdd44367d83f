package transport_test

import (
	"net/http"
	"net/http/httptrace"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/transport"
)

// coldProvider has nothing to fetch ahead.
type coldProvider struct{ auth.Provider }

func TestWarmLeavesAConnectionAndSendsNoToken(t *testing.T) {
	s := startService(t, answerWith(http.StatusNotFound, "{}"), answerWith(http.StatusOK, "{}"))
	client := s.client(t, func(o *transport.ClientOptions) { o.Provider = coldProvider{o.Provider} })
	require.NoError(t, client.Warm(t.Context()))
	require.Empty(t, s.requests()[0].header.Get("Authorization"))
	reused := false
	watched := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) { reused = info.Reused },
	})
	_, err := client.Do(watched, transport.Request{Path: callPath})
	require.NoError(t, err)
	require.True(t, reused)
	s.Close()
	client.CloseIdleConnections()
	require.ErrorContains(t, client.Warm(t.Context()), "cannot be reached")
}
