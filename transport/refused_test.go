package transport_test

import (
	"context"
	"net/http"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/transport"
)

// replacing is a provider whose every refused token has a successor.
type replacing struct {
	auth.Provider
	tokens atomic.Int32
}

func (r *replacing) AuthenticateOutbound(_ context.Context, request *http.Request, _ string) error {
	request.Header.Set("Authorization", "Bearer "+strconv.Itoa(int(r.tokens.Load())))
	return nil
}

func (r *replacing) Refused(*http.Request, string) bool {
	r.tokens.Add(1)
	return true
}

// A request that was refused for its token had no effect: it is sent once more, with another.
func TestRefusedTokenIsReplacedAndTheRequestSentOnceMore(t *testing.T) {
	for name, statuses := range map[string][]int{"accepted then": {401, 200}, "refused again": {401, 401}} {
		t.Run(name, func(t *testing.T) {
			var handlers []http.HandlerFunc
			for _, status := range statuses {
				handlers = append(handlers, answer(status))
			}
			s := startService(t, handlers...)
			client := s.client(t, func(o *transport.ClientOptions) { o.Provider = &replacing{} })
			_, err := client.Do(t.Context(), transport.Request{Method: http.MethodPost, Path: "communications/calls", Body: resources.Raw(`{"a":1}`)})
			require.Equal(t, statuses[1] == 200, err == nil)
			requests := s.requests()
			require.Len(t, requests, 2)
			require.Equal(t, "Bearer 0", requests[0].header.Get("Authorization"))
			require.Equal(t, "Bearer 1", requests[1].header.Get("Authorization"))
			require.Equal(t, requests[0].body, requests[1].body)
		})
	}
}
