package statefulclient_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

// post sends notifications in one POST, with a good token.
func (r *rig) post(items ...string) simulator.Exchange {
	r.t.Helper()
	exchange, err := r.platform.Post(r.context(), r.bot, []byte(`{"value":[`+strings.Join(items, ",")+`]}`), simulator.PostOptions{})
	require.NoError(r.t, err)
	return exchange
}

func TestPOSTsArePlacedWholeOrNotAtAll(t *testing.T) {
	r := newRig(t, rigOptions{limits: statefulclient.Limits{Notifications: 3, Parked: 2, ParkFor: time.Hour, Calls: 2}})
	call := r.live("c1")
	r.settled()
	for status, items := range map[int][]string{
		http.StatusRequestEntityTooLarge: {subject("c1", 1), subject("c1", 2), subject("c1", 3), subject("c1", 4)},
		http.StatusServiceUnavailable:    {subject("c1", 1), incoming("c2"), incoming("c3")},
		http.StatusBadRequest:            {subject("c1", 1), `{"resourceUrl":`},
	} {
		exchange := r.post(items...)
		require.Equal(t, status, exchange.Status)
		require.Equal(t, status == http.StatusServiceUnavailable, exchange.ResponseHeader.Get("Retry-After") != "")
	}
	require.Equal(t, http.StatusServiceUnavailable, r.post(updated("x", `{}`), updated("y", `{}`), updated("z", `{}`)).Status)
	stats := r.settled()
	require.Equal(t, 1, stats.Calls)
	require.Zero(t, stats.Parked)
	require.Empty(t, call.Resource().Subject)
	require.Equal(t, http.StatusAccepted, r.post(subject("c1", 1), incoming("c2"), updated("x", `{}`)).Status)
}

func TestParkingIsBoundedInBytes(t *testing.T) {
	r := newRig(t, rigOptions{limits: statefulclient.Limits{ParkedBytes: 10 << 10, ParkFor: time.Hour}})
	r.live("c1")
	large := fmt.Sprintf(`{"subject":%q}`, strings.Repeat("s", 6<<10))
	require.Equal(t, http.StatusAccepted, r.post(updated("x", large)).Status)
	require.Equal(t, http.StatusServiceUnavailable, r.post(updated("y", large)).Status)
	require.Equal(t, http.StatusAccepted, r.post(updated("c1", large)).Status, "calls that are known need no parking")
	require.Equal(t, 1, r.settled().Parked)
}

// filled is a body that has whatever mark gives wherever a text can be, also as
// the names of properties.
func filled(t *testing.T, mark func() string, kind, path string) string {
	t.Helper()
	identity := map[string]any{"user": map[string]any{"id": mark(), "displayName": mark(), "tenantId": mark()}, "phone": map[string]any{"id": mark()}, mark(): map[string]any{"id": mark()}}
	data := map[string]any{
		"@odata.type": kind, "@odata.etag": mark(), "id": mark(), "subject": mark(), "state": "established", "callChainId": mark(),
		"tenantId": mark(), "callbackUri": mark(), "direction": mark(), mark(): mark(), "mediaState": map[string]any{"audio": mark()},
		"source": map[string]any{"identity": identity, "region": mark()}, "targets": []any{map[string]any{"identity": identity}},
		"toneInfo": map[string]any{"sequenceId": 1, "tone": mark()}, "resultInfo": map[string]any{"code": 500, "subcode": 1, "message": mark()},
		"chatInfo": map[string]any{"threadId": mark()}, "meetingInfo": map[string]any{"passcode": mark()}, "info": map[string]any{"identity": identity},
		"metadata": mark(), "clientContext": mark(), "status": "failed", "recordingLocation": mark(), "recordingAccessToken": mark(),
		"incomingContext": map[string]any{"observedParticipantId": mark()}, "mediaStreams": []any{map[string]any{"label": mark()}},
	}
	text, err := json.Marshal(map[string]any{"value": []any{map[string]any{
		"changeType": mark(), "resourceUrl": path, "resource": mark(), "callbackUri": mark(), mark(): mark(), "resourceData": data,
	}}})
	require.NoError(t, err)
	return string(text)
}

// Nothing of a body is ever written to the log, at any level, whatever field it
// is in; nor of a token.
func TestNothingOfABodyIsLogged(t *testing.T) {
	var written lines
	logger := zap.New(zapcore.NewCore(zapcore.NewConsoleEncoder(zap.NewDevelopmentEncoderConfig()), &written, zap.DebugLevel))
	r := newRig(t, rigOptions{logger: logger, limits: statefulclient.Limits{ParkFor: time.Millisecond, RosterGap: time.Millisecond}})
	r.live("c1")
	marks := 0
	mark := func() string {
		marks++
		return fmt.Sprintf("marker%d+14255550%03d\r\nForged: line", marks, marks)
	}
	for _, kind := range kindsOfData() {
		for _, path := range []string{
			"/communications/calls/c1", "/communications/calls/c1/participants", "/communications/calls/c1/operations/markerOperation",
			"/communications/calls/markerCall%0D%0AForged:%20line", "/communications/calls/+14255550001", "/users/markerUser",
		} {
			body := filled(t, mark, kind, path)
			_, err := r.platform.Post(r.context(), r.bot, []byte(body), simulator.PostOptions{Header: http.Header{"Scenario-Id": {"marker scenario"}}})
			require.NoError(t, err)
			_, err = r.platform.Post(r.context(), r.bot, []byte(body)[1:], simulator.PostOptions{})
			require.NoError(t, err)
			_, err = r.platform.Post(r.context(), r.bot, []byte(body), simulator.PostOptions{Token: "markerToken.markerToken.markerToken"})
			require.NoError(t, err)
		}
	}
	_, err := r.client.Webhook().DeliverTrusted(r.context(), transport.TrustedDelivery{
		TenantID: "marker\r\ntenant", RequestURL: "/marker?marker", Body: []byte("marker"),
		Header: http.Header{"X-Microsoft-Skype-Message-Id": {"marker\r\nForged: line"}, "Authorization": {"Bearer marker"}},
	})
	require.Error(t, err)
	r.until(func(stats statefulclient.Stats) bool { return stats.Parked == 0 && stats.Goroutines == 0 })
	text := written.text()
	for _, told := range []string{"notification taken", "notification refused", "notification found no place", "call state"} {
		require.Contains(t, text, told)
	}
	for _, secret := range []string{"marker", "+1425", "Forged", "eyJ", r.bot.Secret} {
		if at := strings.Index(text, secret); at >= 0 {
			require.Fail(t, "logged: "+text[max(0, at-300):min(len(text), at+100)])
		}
	}
}

func kindsOfData() []string {
	return []string{
		"#microsoft.graph.call", "#microsoft.graph.participant", "#microsoft.graph.playPromptOperation", "#microsoft.graph.deltaParticipants",
		"#microsoft.graph.participantJoiningNotification", "#microsoft.graph.participantLeftNotification", "#microsoft.graph.other",
	}
}

// Whatever addresses a notification holds, nobody is asked anything there.
func TestNoAddressInANotificationIsFetched(t *testing.T) {
	var connections atomic.Int64
	trap := httptest.NewUnstartedServer(http.NotFoundHandler())
	trap.Config.ErrorLog = log.New(io.Discard, "", 0)
	trap.Config.ConnState = func(net.Conn, http.ConnState) { connections.Add(1) }
	trap.StartTLS()
	defer trap.Close()
	r := newRig(t, rigOptions{limits: statefulclient.Limits{ParkFor: time.Millisecond, RosterGap: time.Millisecond, RecordingHosts: []string{"contoso.com"}}})
	call := r.call(r.platform.AddPerson("Adele Vance"))
	marks := 0
	mark := func() string {
		marks++
		return fmt.Sprintf("%s/%d", trap.URL, marks)
	}
	for _, kind := range kindsOfData() {
		for _, path := range []string{
			"/communications/calls/" + call.ID(), "/communications/calls/" + call.ID() + "/participants", trap.URL + "/communications/calls/" + call.ID(),
			"/communications/calls/" + url.PathEscape(trap.URL), "/communications/calls/.." + "/../x", trap.URL,
		} {
			_, err := r.platform.Post(r.context(), r.bot, []byte(filled(t, mark, kind, path)), simulator.PostOptions{})
			require.NoError(t, err)
		}
	}
	r.until(func(stats statefulclient.Stats) bool { return stats.Parked == 0 && stats.Goroutines == 0 })
	_ = call.Refresh(r.context()) // whatever the platform says of it
	_, err := r.client.DownloadRecording(r.context(), &resources.RecordOperation{RecordingLocation: trap.URL, RecordingAccessToken: "secret"}, io.Discard)
	require.ErrorIs(t, err, transport.ErrUntrustedHost)
	require.NotContains(t, err.Error(), "secret")
	require.Zero(t, connections.Load())
}

// lines is a log in memory.
type lines struct {
	mu      sync.Mutex
	written bytes.Buffer
}

func (l *lines) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.written.Write(line)
}

func (*lines) Sync() error { return nil }

func (l *lines) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.written.String()
}

// Ten thousand calls come and go, five hundred at a time.
func TestMemoryReturnsAfterTenThousandCalls(t *testing.T) {
	const calls, wave, batch = 10_000, 500, 100
	r := newRig(t, rigOptions{
		limits:   statefulclient.Limits{Tombstones: 16, RememberedDeliveries: 16},
		platform: func(o *simulator.Options) { o.Remember = 1 },
	})
	r.client.Calls().OnUpdated(func(context.Context, callsEvent) {})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	say := func(first int, text func(id string) string) {
		items := make([]string, batch)
		for i := range items {
			items[i] = text(fmt.Sprint("c", first+i))
		}
		exchange, err := r.platform.Post(ctx, r.bot, []byte(`{"value":[`+strings.Join(items, ",")+`]}`), simulator.PostOptions{})
		require.NoError(t, err)
		require.Equal(t, http.StatusAccepted, exchange.Status)
	}
	comeAndGo := func(first int) {
		for _, text := range []func(id string) string{
			incoming, func(id string) string { return updated(id, `{"state":"established"}`) },
			func(id string) string { return about("updated", id+"/participants", `[{"id":"a"},{"id":"b"}]`) }, terminated,
		} {
			for i := first; i < first+wave; i += batch {
				say(i, text)
			}
		}
		for r.client.Stats().Goroutines > 0 || r.client.Calls().Len() > 0 {
			require.NoError(t, ctx.Err())
			runtime.Gosched()
		}
	}
	heap := func() uint64 {
		runtime.GC()
		runtime.GC() // pools let go at the second
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return stats.HeapAlloc
	}
	for first := 0; first < calls/4; first += wave { // until tables have their size
		comeAndGo(first)
	}
	before := heap()
	for first := 0; first < calls; first += wave {
		comeAndGo(first)
	}
	after := heap()
	t.Logf("heap before %d KiB, after %d KiB", before>>10, after>>10)
	require.LessOrEqual(t, after, before+before/20)
}
