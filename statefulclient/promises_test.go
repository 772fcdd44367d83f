package statefulclient_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/slogbridge"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// The tests of the latest promises of CONTRACT.md; those before are in
// contract_test.go.

func TestPromise17WatchedWithoutHarm(t *testing.T) {
	r := newRig(t)
	w := newWatcher("w")
	r.client.Observe(faulty{})
	observation := r.client.Observe(w)
	told := newInbox[statefulclient.StateChanged]()
	marks := newInbox[string]()
	statefulclient.On(r.client.Calls(), func(ctx context.Context, e statefulclient.StateChanged) {
		if e.New == resources.CallStateEstablished {
			marks.put(ctx, w.marks(ctx))
			if err := e.Call.KeepAlive(ctx); err != nil {
				t.Error(err)
			}
		}
		told.put(ctx, e)
	})
	call := r.call(r.platform.AddPerson("Adele Vance"))
	r.settled()
	require.Equal(t, "delivery 1 > StateChanged", marks.next(r), "what the platform's POST led to")
	require.Contains(t, w.noted(), "delivery 1 > StateChanged > keepAlive "+call.ID())
	require.Contains(t, w.noted(), "delivery 1 > call notification applied "+call.ID())
	require.NotZero(t, r.client.Stats().HandlerPanics, "of the other observer")
	require.True(t, call.Vitals().Heard.After(call.Vitals().Began))

	observation.Cancel()
	before := len(w.noted())
	require.NoError(t, call.Hangup(r.context()))
	ended(r.context(), t, call)
	r.settled()
	require.Len(t, w.noted(), before)
	edges := all(told)
	require.Equal(t, resources.CallStateTerminated, edges[len(edges)-1].New)
}

// page is what a log is written on.
type page struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (p *page) Write(line []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.Write(line)
}

func (p *page) Sync() error { return nil }

func (p *page) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

func TestPromise18LogsHoldNothingSecret(t *testing.T) {
	const name, number, subject, passcode = "Marked Display-Name", "+14255550199", "Marked Subject", "marked-passcode"
	var byZap, bySlog page
	logger := zap.New(zapcore.NewTee(
		zapcore.NewCore(zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig()), &byZap, zap.DebugLevel),
		slogbridge.Logger(slog.NewJSONHandler(&bySlog, &slog.HandlerOptions{Level: slog.LevelDebug})).Core(),
	))
	r := newRig(t, rigOptions{logger: logger, limits: statefulclient.Limits{ParkFor: time.Millisecond}})
	adele, phone := r.platform.AddPerson(name), r.platform.AddPhone(number)
	statefulclient.On(r.client.Calls(), func(context.Context, statefulclient.StateChanged) {})
	r.client.Calls().OnIncoming(func(ctx context.Context, e statefulclient.IncomingCall) {
		if err := e.Call.Reject(ctx, resources.RejectReasonBusy); err != nil && e.Call.ID() != number { // which the platform does not know
			t.Error(err)
		}
	})
	rejected := phone.Call(r.bot)
	<-rejected.Done()
	call := r.call(adele)
	r.tell(updated(call.ID(), `{"subject":"`+subject+`","source":{"identity":{"phone":{"id":"`+number+`","displayName":"`+name+`"}}}}`))
	r.tell(about("updated", call.ID()+"/holograms/"+number, `{"displayName":"`+name+`"}`))
	r.tell(updated(number, `{"state":"established"}`)) // in the place of an id
	r.until(func(stats statefulclient.Stats) bool { return stats.Unmatched == 2 && stats.Parked == 0 })
	r.tell(about("created", number, `{"state":"incoming"}`), terminated(number), updated(number, `{"state":"established"}`))
	r.settled()
	r.tell(updated(number, `{"state":"established"}`))
	_, err := r.client.Calls().Add(r.context(), statefulclient.CallToPhone(adele.TenantID, number, "no-instance"))
	require.NoError(t, err)
	_, err = r.client.Calls().Join(r.context(), statefulclient.JoinMeeting{
		MeetingInfo: &resources.JoinMeetingIDMeetingInfo{JoinMeetingID: "271828182845", Passcode: passcode}, TenantID: adele.TenantID,
	})
	require.Error(t, err)
	r.platform.FailNext(simulator.Failure{Status: 403, Times: 1})
	require.Error(t, call.KeepAlive(r.context()))
	require.NoError(t, r.client.Shutdown(r.context()))

	secrets := []string{r.bot.Secret, name, number, subject, passcode, "Bearer", "eyJ"}
	for _, exchange := range r.platform.Exchanges() {
		if _, token, ok := strings.Cut(exchange.RequestHeader.Get("Authorization"), " "); ok {
			secrets = append(secrets, token)
		}
	}
	require.Greater(t, len(secrets), 10, "tokens were seen")
	for _, log := range []string{byZap.String(), bySlog.String()} {
		for _, said := range []string{"call state", "notification worked on", "notification taken", "notification found no place", "notification came too late", "request answered"} {
			require.Contains(t, log, said)
		}
		for _, secret := range secrets {
			require.NotContains(t, log, secret)
		}
	}
}
