package transport_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/transport"
)

// FuzzWebhook: whatever a known sender sends, the answer is one of those there are, and says nothing of the body.
func FuzzWebhook(f *testing.F) {
	for _, body := range []string{
		goodBody, "", "{", "[", "null", `{"value":[]}`, `{"value":{}}`, `{"value":[null,7]}`, `{"callState":"incoming"}`,
		`{"resource":"/app/calls/1"}`, strings.Repeat("[", 20000), "\xff\xfe", `{"value":[{"resourceData":[[[]]]}]}`,
	} {
		f.Add([]byte(body), "message-1", "a,a")
	}
	received := answering(transport.Answer{}, nil)
	b := startBot(f, transport.WebhookOptions{Receiver: received, MaxBodyBytes: 1 << 16})
	b.token = token(f, func(claims jwt.MapClaims) { claims["exp"] = time.Now().Add(24 * time.Hour).Unix() })
	f.Fuzz(func(t *testing.T, body []byte, messageID, scenarioID string) {
		request := httptest.NewRequest(http.MethodPost, "/api/calls", strings.NewReader(string(body)))
		request.Header.Set("Authorization", "Bearer "+b.token)
		request.Header.Set("X-Microsoft-Skype-Message-ID", messageID)
		request.Header.Set("Scenario-Id", scenarioID)
		before := b.Stats()
		recorder := httptest.NewRecorder()
		b.ServeHTTP(recorder, request)
		require.True(t, slices.Contains([]int{202, 204, 400, 413}, recorder.Code), recorder.Code)
		require.Zero(t, recorder.Body.Len())
		require.Equal(t, before.Requests+1, b.Stats().Requests)
		require.Equal(t, before.Accepted+refusedTotal(before)+1, b.Stats().Accepted+refusedTotal(b.Stats()))
		for _, name := range []string{"Client-Request-Id", "Scenario-Id"} {
			for _, c := range recorder.Header().Get(name) {
				require.True(t, c > ' ' && c < 0x7f)
			}
		}
	})
}
