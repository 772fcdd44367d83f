package transport_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/transport"
)

func TestBetaRequestsGoToTheBetaEndpointOfTheSameHost(t *testing.T) {
	s := startService(t, answer(http.StatusOK))
	for base, sent := range map[string]string{
		"/v1.0":                "/beta/" + callPath + "/participants/muteAll",
		"/v1.0/":               "/beta/" + callPath + "/participants/muteAll",
		"/V1.0":                "/beta/" + callPath + "/participants/muteAll",
		"/beta":                "/beta/" + callPath + "/participants/muteAll",
		"/proxy/graph%20/v1.0": "/proxy/graph%20/beta/" + callPath + "/participants/muteAll",
	} {
		client := s.client(t, func(o *transport.ClientOptions) { o.BaseURL = s.URL + base })
		_, err := client.Do(t.Context(), transport.Request{Method: http.MethodPost, Path: callPath + "/participants/muteAll", Beta: true})
		require.NoError(t, err, base)
		seen := s.requests()
		last := seen[len(seen)-1]
		require.Equal(t, sent, last.path)
		require.Equal(t, "Bearer token-for-"+tenantID, last.header.Get("Authorization"))
	}
	client := s.client(t)
	for path, beta := range map[string]bool{"/beta/" + callPath: true, "/v1.0/" + callPath: false} {
		_, err := client.Do(t.Context(), transport.Request{Path: callPath, Beta: beta})
		require.NoError(t, err)
		seen := s.requests()
		require.Equal(t, path, seen[len(seen)-1].path, "one client, both endpoints")
	}
}

func TestBetaRequestsNeedABaseURLThatNamesItsVersion(t *testing.T) {
	s := startService(t, answer(http.StatusOK))
	for _, base := range []string{"", "/", "/v1.0/graph", "/v1", "/notbeta", "/graphv1.0"} {
		client := s.client(t, func(o *transport.ClientOptions) { o.BaseURL = s.URL + base })
		_, err := client.Do(t.Context(), transport.Request{Method: http.MethodPost, Path: callPath + "/startRecording", Beta: true})
		require.ErrorContains(t, err, "give one that ends in /v1.0 or /beta", base)
	}
	require.Empty(t, s.requests())
}

// What beta no longer has may be answered with 404. The call is still there.
func TestBetaRequestNotFoundIsNotTheCall(t *testing.T) {
	refused := func(status int, body string) *transport.Error {
		s := startService(t, answerWith(status, body))
		_, err := s.client(t).Do(t.Context(), transport.Request{Method: http.MethodPost, Path: callPath + "/startRecording", Beta: true})
		return failure(t, err)
	}
	gone := refused(http.StatusNotFound, "")
	require.NotErrorIs(t, gone, transport.ErrCallNotFound)
	require.Contains(t, gone.Remedy(), "may no longer have it")
	require.Contains(t, refused(http.StatusBadRequest, graphError("BadRequest", "Resource not found for the segment.")).Remedy(), "may no longer have it")
	over := refused(http.StatusNotFound, graphError("8522", "Call not found."))
	require.ErrorIs(t, over, transport.ErrCallNotFound)
	require.Contains(t, over.Remedy(), "drop it")
}
