package statefulclient_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/slogbridge"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// newLoggedRig is a rig whose client writes to the lines returned.
func newLoggedRig(t *testing.T, level zapcore.Level) (*rig, *observer.ObservedLogs) {
	t.Helper()
	core, lines := observer.New(level)
	return newRig(t, rigOptions{logger: zap.New(core)}), lines
}

func TestLoggerGetsALineForEachEdge(t *testing.T) {
	r, lines := newLoggedRig(t, zap.InfoLevel)
	edges := newInbox[statefulclient.StateChanged]()
	statefulclient.On(r.client.Calls(), edges.put)
	call := r.call(r.platform.AddPerson("Adele Vance"))
	require.NoError(t, call.Hangup(r.context()))
	ended(r.context(), t, call)
	r.settled()

	logged := lines.FilterMessage("call state").AllUntimed()
	require.Len(t, logged, lines.Len(), "where nothing goes wrong, nothing else is said")
	require.Len(t, logged, len(edges))
	for i := range logged {
		edge, fields := edges.next(r), logged[i].ContextMap()
		require.Equal(t, zap.InfoLevel, logged[i].Level)
		require.Equal(t, call.ID(), fields["call"])
		require.Equal(t, call.ScenarioID(), fields["scenario"])
		require.Equal(t, call.Resource().CallChainID, fields["chain"])
		require.NotEmpty(t, fields["chain"])
		require.Equal(t, call.TenantID(), fields["tenant"])
		require.NotEmpty(t, fields["tenant"])
		require.Equal(t, string(edge.Cause), fields["cause"])
		require.Equal(t, edge.Cause == statefulclient.CauseNotification, fields["message"] != nil, "the platform's message that led to it")
		require.Equal(t, []any{string(edge.Old), string(edge.New)}, []any{fields["from"], fields["to"]})
	}
	last := logged[len(logged)-1].ContextMap()
	require.EqualValues(t, 200, last["code"])
	require.Contains(t, last, "subcode")
	require.Equal(t, string(statefulclient.EndReason{Code: 200}.Class()), last["class"])
}

// At debug each notification has a line that says what became of it, and the
// platform's POST it came in another, by the same message id.
func TestLoggerGetsALineForEachNotification(t *testing.T) {
	r, lines := newLoggedRig(t, zap.DebugLevel)
	r.arrive("c1", http.Header{"X-Microsoft-Skype-Message-Id": {"m1"}})
	r.settled()
	begun := lines.FilterMessage("notification worked on").AllUntimed()
	require.Len(t, begun, 1)
	require.Equal(t, zap.DebugLevel, begun[0].Level)
	call, _ := r.client.Calls().Get("c1")
	require.Equal(t, map[string]any{
		"call": "c1", "scenario": call.ScenarioID(), "chain": call.Resource().CallChainID, "tenant": call.TenantID(),
		"message": "m1", "item": int32(0), "about": "call", "change": "created", "verdict": "applied",
	}, begun[0].ContextMap())
	require.Equal(t, 1, lines.FilterMessage("notification taken").FilterField(zap.String("message", "m1")).Len())
	for _, step := range []struct{ item, message, verdict string }{
		{updated("c1", `{"state":"incoming"}`), "notification worked on", "unchanged"},
		{about("updated", "c1/holograms/h", `{}`), "notification found no place", ""},
		{terminated("c1"), "notification worked on", "applied"},
		{updated("c1", `{"state":"established"}`), "notification came too late", ""},
	} {
		before := lines.Len()
		r.tell(step.item)
		r.settled()
		var told []observer.LoggedEntry
		for _, line := range lines.AllUntimed()[before:] {
			if strings.HasPrefix(line.Message, "notification ") {
				told = append(told, line)
			}
		}
		require.Len(t, told, 1, step.item)
		require.Equal(t, step.message, told[0].Message)
		fields := told[0].ContextMap()
		require.Equal(t, "c1", fields["call"])
		verdict, _ := fields["verdict"].(string)
		require.Equal(t, step.verdict, verdict)
		require.Contains(t, fields, "message")
	}
}

// Whatever a bot meets, its log can be shown to others: it names calls, and
// nobody who is in them.
func TestLoggerIsToldNothingSecret(t *testing.T) {
	r, lines := newLoggedRig(t, zap.DebugLevel)
	adele, alex := r.platform.AddPerson("Adele Vance"), r.platform.AddPerson("Alex Wilber")
	alex.WhenCalled(simulator.Declines)
	r.client.Calls().OnIncoming(func(context.Context, statefulclient.IncomingCall) { panic("panicked about Adele") })
	adele.Call(r.bot).Hangup()

	call := r.call(adele)
	prompt, err := call.PlayPrompt(statefulclient.WithClientContext(r.context(), "my own mark"),
		resources.NewMediaPrompt("https://bot.contoso.com/private.wav?sig=c2VjcmV0"))
	require.NoError(t, err)
	_, err = prompt.Wait(r.context())
	require.NoError(t, err)
	moved, err := call.Transfer(r.context(), statefulclient.UserIdentity(alex.ID), statefulclient.TransferOptions{})
	require.NoError(t, err)
	require.Error(t, moved.Wait(r.context()))
	_, err = r.client.Calls().Add(r.context(), statefulclient.CallToPhone(adele.TenantID, "+14255550123", "no-instance"))
	require.NoError(t, err)
	_, err = r.client.Calls().Join(r.context(), statefulclient.JoinMeeting{
		MeetingInfo: &resources.JoinMeetingIDMeetingInfo{JoinMeetingID: "271828182845", Passcode: "sesame"}, TenantID: adele.TenantID,
	})
	require.Error(t, err, "there is no such meeting")
	stray := []byte(`{"value":[{"changeType":"updated","resourceUrl":"/users/1","resourceData":{"displayName":"Megan Bowen"}}]}`)
	for _, header := range []http.Header{nil, {"Authorization": {"Bearer forged-and-useless"}}} {
		_, err = r.platform.Post(r.context(), r.bot, stray, simulator.PostOptions{Header: header})
		require.NoError(t, err)
	}
	require.NoError(t, r.client.Shutdown(r.context()))

	for _, told := range []string{"call state", "request answered", "handler panicked", "notification found no place"} {
		require.NotZero(t, lines.FilterMessage(told).Len(), told)
	}
	encoder := zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig())
	for _, line := range lines.All() {
		if line.Message == "handler panicked" {
			line.Context = slices.DeleteFunc(line.Context, func(f zap.Field) bool { return f.Key == "stack" }) // names this file
		}
		text, err := encoder.EncodeEntry(line.Entry, line.Context)
		require.NoError(t, err)
		for _, secret := range []string{
			r.bot.Secret, "Bearer", "eyJ", "forged-and-useless", "sesame", "271828182845", "private.wav", "c2VjcmV0", "my own mark",
			"Adele", "Alex", "Megan", adele.ID, alex.ID, "+14255550123",
		} {
			require.NotContains(t, text.String(), secret)
		}
	}
}

func TestScenarioIDTiesACallTogether(t *testing.T) {
	r, lines := newLoggedRig(t, zap.InfoLevel)
	call := r.call(r.platform.AddPerson("Adele Vance"))
	require.NoError(t, call.KeepAlive(r.context()))
	require.NotEmpty(t, call.ScenarioID())
	other := r.call(r.platform.AddPerson("Alex Wilber"))
	require.NotEqual(t, call.ScenarioID(), other.ScenarioID())
	sent := 0
	for _, exchange := range r.platform.Exchanges() {
		scenario := map[string]string{call.ID(): call.ScenarioID(), other.ID(): other.ScenarioID()}[exchange.CallID]
		require.Equal(t, scenario, exchange.RequestHeader.Get("Scenario-Id"), exchange.URL)
		sent++
	}
	require.GreaterOrEqual(t, sent, 5, "requests and notifications")
	require.NotZero(t, lines.FilterField(zap.String("scenario", call.ScenarioID())).Len())
}

// The scenario of an incoming call is the platform's, which gives it where it
// has one.
func TestScenarioIDOfAnIncomingCall(t *testing.T) {
	const scenario = "6b1f0c52-93de-4a77-8c0e-2f4d5a6b7c81"
	r, lines := newLoggedRig(t, zap.InfoLevel)
	r.arrive("c1", http.Header{"Scenario-Id": {scenario}})
	call, known := r.client.Calls().Get("c1")
	require.True(t, known)
	require.Equal(t, scenario, call.ScenarioID())
	require.Error(t, call.Answer(r.context(), statefulclient.AnswerOptions{}), "the platform knows nothing of it")
	exchanges := r.platform.Exchanges()
	require.Equal(t, scenario, exchanges[len(exchanges)-1].RequestHeader.Get("Scenario-Id"))
	require.NotZero(t, lines.FilterField(zap.String("scenario", scenario)).Len())
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
	r := newRig(t, rigOptions{logger: logger, limits: statefulclient.Limits{ParkFor: 100 * time.Millisecond}})
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
	r.until(func(stats statefulclient.Stats) bool { return stats.Unmatched >= 2 && stats.Parked == 0 })
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
