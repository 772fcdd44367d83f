package statefulclient_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// keepAliveService says yes to everything and notes when each call was kept
// alive. It is asked in memory, because time that is made up stands still while
// anybody waits for a socket.
type keepAliveService struct {
	mu   sync.Mutex
	kept map[string][]time.Time // by path
}

func (s *keepAliveService) RoundTrip(request *http.Request) (*http.Response, error) {
	answer := httptest.NewRecorder()
	answer.WriteHeader(http.StatusOK)
	if strings.HasSuffix(request.URL.Path, "/keepAlive") {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.kept[request.URL.Path] = append(s.kept[request.URL.Path], time.Now())
	}
	return answer.Result(), nil
}

// anybody lets everything pass.
type anybody struct{}

func (anybody) AuthenticateOutbound(context.Context, *http.Request, string) error { return nil }

func (anybody) ValidateInbound(context.Context, *http.Request) (auth.Identity, error) {
	return auth.Identity{}, nil
}

// Calls that began in the same moment must not be kept alive in the same
// moment for ever.
func TestKeepAlivesAreSpreadOut(t *testing.T) {
	const calls, interval = 200, 10 * time.Minute
	synctest.Test(t, func(t *testing.T) {
		service := &keepAliveService{kept: map[string][]time.Time{}}
		client, err := statefulclient.NewStatefulClientBuilder("Echo", "app").
			SetAuthenticationProvider(anybody{}).
			SetNotificationUrl("https://bot.contoso.com/api/calls").
			SetHttpClient(&http.Client{Transport: service}, nil).
			SetLimits(statefulclient.Limits{KeepAlive: interval, Sweep: 24 * time.Hour}).
			Build()
		require.NoError(t, err)
		defer client.Close()
		for i := range calls {
			id := fmt.Sprint("c", i)
			require.NoError(t, client.Deliver(delivery(t, incoming(id), updated(id, `{"state":"established"}`))))
		}
		synctest.Wait()
		began := time.Now()
		require.Equal(t, calls, client.Calls().Len())
		wait := time.NewTimer(3 * interval)
		<-wait.C
		synctest.Wait()

		service.mu.Lock()
		defer service.mu.Unlock()
		require.Len(t, service.kept, calls)
		var first []time.Duration
		for path, times := range service.kept {
			first = append(first, times[0].Sub(began))
			last := began
			for _, at := range times {
				require.GreaterOrEqual(t, at.Sub(last), interval*8/10, path)
				require.LessOrEqual(t, at.Sub(last), interval, path)
				last = at
			}
			require.Less(t, time.Since(last), interval+time.Second, path)
		}
		slices.Sort(first)
		const most = calls / 4 // within a tenth of the spread, where an even one has a tenth
		for i := range first[most:] {
			require.Greater(t, first[i+most]-first[i], interval*2/10/10)
		}
		require.EqualValues(t, 0, client.Stats().Unmatched)
		for call := range client.Calls().All() {
			require.Equal(t, resources.CallStateEstablished, call.State())
		}
	})
}
