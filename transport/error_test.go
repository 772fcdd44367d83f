package transport_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/transport"
)

var sentinels = map[string]error{
	"callNotFound":     transport.ErrCallNotFound,
	"tenantPermission": transport.ErrTenantPermission,
	"tenantMismatch":   transport.ErrTenantMismatch,
	"sourceIdentity":   transport.ErrSourceIdentity,
	"throttled":        transport.ErrThrottled,
	"unauthorized":     transport.ErrUnauthorized,
	"forbidden":        transport.ErrForbidden,
	"service":          transport.ErrService,
}

// refusal is the error of a POST that is refused in the given way.
func refusal(t *testing.T, path string, status int, body string) *transport.Error {
	t.Helper()
	s := startService(t, answerWith(status, body))
	client := s.client(t, func(o *transport.ClientOptions) { o.MaxRetries = -1 })
	_, err := client.Do(t.Context(), transport.Request{Method: http.MethodPost, Path: path})
	return failure(t, err)
}

func graphError(code, message string) string {
	text, _ := json.Marshal(map[string]any{"error": map[string]any{
		"code": code, "message": message, "innerError": map[string]any{"request-id": "inner-1"},
	}})
	return string(text)
}

func TestKnownErrorsMatchAndHaveARemedy(t *testing.T) {
	for _, c := range []struct {
		path, body string
		status     int
		matches    []string
		remedy     string
	}{
		{callsPath, graphError("7504", "Insufficient enterprise tenant permissions"), 403, []string{"tenantPermission", "forbidden"}, "consent"},
		{callsPath, graphError("7505", "x"), 403, []string{"tenantMismatch", "forbidden"}, "call's own tenant"},
		{callsPath, graphError("7507", "x"), 403, []string{"sourceIdentity", "forbidden"}, "applicationInstance"},
		{callPath + "/answer", graphError("8522", "Call not found."), 400, []string{"callNotFound"}, "drop it"},
		{callPath + "/answer", graphError("BadRequest", "DiagCode: 404#8522.@"), 400, []string{"callNotFound"}, "drop it"},
		{callPath + "/updateRecordingStatus", graphError("8506", "x"), 400, nil, "recording policy"},
		{callsPath, graphError("9999", "x"), 400, nil, "identity"},
		{callsPath, `{"error":{"code":7505,"message":"a number"}}`, 403, []string{"tenantMismatch", "forbidden"}, "call's own tenant"},
		{callsPath, "", 401, []string{"unauthorized"}, "secret"},
		{callsPath, "", 403, []string{"forbidden"}, "consent"},
		{callsPath, "", 429, []string{"throttled"}, "fewer"},
		{callsPath, "", 500, []string{"service"}, "notifications"},
		{callsPath, "", 400, nil, "correct the request"},
		{callsPath, "", 404, nil, "ids"},
		{callPath, "", 404, []string{"callNotFound"}, "drop it"},
		{callPath + "/keepAlive", "", 404, []string{"callNotFound"}, "drop it"},
		{callPath + "/participants/invite", "", 404, []string{"callNotFound"}, "drop it"},
		{callPath + "/participants/1/mute", "", 404, nil, "ids"},
		{callPath + "/operations/1", "", 404, nil, "ids"},
		{callsPath + "/logTeleconferenceDeviceQuality", "", 404, nil, "ids"},
	} {
		err := refusal(t, c.path, c.status, c.body)
		for name, sentinel := range sentinels {
			require.Equal(t, strings.Contains(" "+strings.Join(c.matches, " ")+" ", " "+name+" "),
				errors.Is(err, sentinel), "%s %d %s: %s", c.path, c.status, c.body, name)
		}
		require.Contains(t, err.Remedy(), c.remedy)
		require.Contains(t, err.Error(), err.Remedy())
	}
}

func TestErrorKeepsWhatSupportAsksFor(t *testing.T) {
	s := startService(t, answerWith(500, graphError("InternalError", "Server Internal Error. DiagCode: 500#7117.@"),
		"Request-Id", "server-1", "Retry-After", "7", "Date", "Wed, 02 Jan 2030 03:04:05 GMT",
		"X-Ms-Ags-Diagnostic", `{"ServerInfo":{"DataCenter":"West Europe","Slice":"E","Ring":"5"}}`))
	_, err := s.client(t).Do(t.Context(), transport.Request{
		Method: http.MethodPost, Path: callPath + "/answer?a=b", ScenarioID: scenarioID,
	})
	e := failure(t, err)
	require.Equal(t, "POST", e.Method)
	require.Equal(t, callPath+"/answer", e.Path)
	require.Equal(t, 500, e.StatusCode)
	require.Equal(t, "InternalError", e.Code)
	require.Equal(t, 7117, e.Subcode)
	require.Equal(t, "Server Internal Error. DiagCode: 500#7117.@", e.Message)
	require.Equal(t, "server-1", e.RequestID)
	require.Regexp(t, uuid4, e.ClientRequestID)
	require.Equal(t, scenarioID, e.ScenarioID)
	require.Equal(t, "West Europe", e.DataCenter)
	require.Equal(t, 7*time.Second, e.RetryAfter)
	require.Equal(t, 2030, e.Time.Year())
	for _, part := range []string{"500 InternalError #7117", e.Message, "server-1", e.ClientRequestID, scenarioID, "West Europe"} {
		require.Contains(t, e.Error(), part)
	}
	require.NotContains(t, e.Error(), "\n")
}

func TestErrorBodiesOfAnyShape(t *testing.T) {
	for _, body := range []string{
		"", "null", "[]", "{", `"text"`, "<html>gateway</html>", `{"error":"text"}`, `{"error":null}`, `{"error":[1]}`,
		`{"error":{"code":{"a":1},"message":[2],"innerError":3}}`, strings.Repeat("[", 1<<20),
	} {
		e := refusal(t, callsPath, 418, body)
		require.Equal(t, 418, e.StatusCode)
		require.Empty(t, e.Code+e.Message+e.RequestID)
	}
	e := refusal(t, callsPath, 418, graphError("Bad\r\nRequest", strings.Repeat("long\x00\x1b[31m\n\u202e", 1000)))
	require.Empty(t, e.Code)
	require.Less(t, len(e.Message), 500)
	require.NotContains(t, e.Error(), "\n")
	require.NotContains(t, e.Error(), "\x1b")
	require.NotContains(t, e.Error(), "\u202e")
	require.Equal(t, "inner-1", e.RequestID)
}

func TestTokenTroubleSaysWhatToDoAndSendsNothing(t *testing.T) {
	s := startService(t, answer(http.StatusOK))
	client := s.client(t, func(o *transport.ClientOptions) {
		o.Provider = tokensFrom(t, func(string) string { return "" })
	})
	_, err := client.Do(t.Context(), placeCall())
	require.Error(t, err)
	require.False(t, failure(t, err).EffectUnknown)
	require.Equal(t, 1, failure(t, err).Attempts)
	require.NotEmpty(t, failure(t, err).Remedy())
	require.Equal(t, 1, strings.Count(err.Error(), failure(t, err).Remedy()))
	require.Empty(t, s.requests())
}

// TestErrorsRevealNothing: neither direction repeats a token, a body or a person.
func TestErrorsRevealNothing(t *testing.T) {
	t.Run("out", outboundErrorsRevealNothing)
	t.Run("in", inboundErrorsRevealNothing)
}

// talkative is a transport that puts what it was given into its errors.
type talkative struct{}

func (talkative) RoundTrip(request *http.Request) (*http.Response, error) {
	return nil, fmt.Errorf("cannot send %v", request.Header)
}

func outboundErrorsRevealNothing(t *testing.T) {
	const token = "eyJhbGciOiJSUzI1NiJ9.eyJ0aWQiOiJhIn0.c2lnbmF0dXJl"
	const opaque = "opaque-token-value"
	repeat := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Request-Id", r.Header.Get("Authorization"))
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, graphError("BadRequest", "header "+r.Header.Get("Authorization")+" is wrong; "+token))
	}
	page := func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusBadGateway)
		fmt.Fprintf(w, "<html>%s Ada Lovelace</html>", r.Header.Get("Authorization"))
	}
	for _, current := range []string{token, opaque} {
		for name, handler := range map[string]http.HandlerFunc{"repeat": repeat, "page": page, "hang up": hangUp, "talk": nil} {
			core, lines := observer.New(zap.DebugLevel)
			s := startService(t, handler)
			client := s.client(t, func(o *transport.ClientOptions) {
				o.Provider = tokensFrom(t, func(string) string { return current })
				o.Logger = zap.New(core)
				if name == "talk" {
					o.HTTPClient = &http.Client{Transport: talkative{}}
				} else {
					o.Headers = http.Header{"X-Function-Key": {"the-function-key"}}
				}
			})
			_, err := client.Do(t.Context(), transport.Request{
				Method: http.MethodPost,
				Path:   callsPath + "?$filter=secret-filter",
				Body:   &resources.Call{Subject: "Ada Lovelace"},
			})
			require.Error(t, err, name)
			text := fmt.Sprintf("%v %+v %#v %v", err, err, err, lines.All())
			for _, hidden := range []string{token, opaque, "c2lnbmF0dXJl", "Lovelace", "the-function-key", "secret-filter"} {
				require.NotContains(t, text, hidden, name)
			}
			require.Equal(t, 1, lines.Len())
		}
	}
}
