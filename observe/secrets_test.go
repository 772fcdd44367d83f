package observe_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	otelprometheus "go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// Nothing of what is secret or personal is in any span or metric, though all of it
// went over the wire.
func TestNothingSecretIsTold(t *testing.T) {
	registry := prometheus.NewRegistry()
	reader, err := otelprometheus.New(otelprometheus.WithRegisterer(registry))
	require.NoError(t, err)
	s := tell(t, rigOptions{reader: reader})
	require.Len(t, s.marks, 9)
	told, wired := s.all(registry), s.wire.String()
	for what, mark := range s.marks {
		sent, leaked := strings.Contains(wired, mark), strings.Contains(told, mark) // not printed: they are long
		require.True(t, sent, "the test is no good: no %s went over the wire", what)
		require.False(t, leaked, what)
	}
	for _, ofUse := range []string{s.live.ID(), s.live.ScenarioID(), "Participants.OnUpdated", "/communications/calls/{id}/mute"} {
		found := strings.Contains(told, ofUse)
		require.True(t, found, "nothing was looked at: no %s", ofUse)
	}
}

// all is everything that was told, as text.
func (s *story) all(registry *prometheus.Registry) string {
	s.t.Helper()
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	for _, span := range s.spans() {
		require.NoError(s.t, encoder.Encode([]any{span.Name, span.Attributes, span.Events, span.Links, span.Status, span.InstrumentationScope}))
	}
	var metrics metricdata.ResourceMetrics
	require.NoError(s.t, s.reader.Collect(s.t.Context(), &metrics))
	require.NoError(s.t, encoder.Encode(metrics))
	text.WriteString(exposition(s.t, registry))
	return text.String()
}

// Metrics have the attributes that the list says, and none that is an id; nor does
// a value of another look like one.
func TestMetricsHaveNoIDs(t *testing.T) {
	s := tell(t)
	ids := []string{s.bot.AppID, s.bot.TenantID, s.live.TenantID()}
	for _, call := range s.calls {
		ids = append(ids, call.ID(), call.ScenarioID())
	}
	guid := func(text string) bool { return strings.Count(text, "-") == 4 && len(text) == 36 }
	require.True(t, guid(s.live.ID()), "else nothing is looked for")
	series := 0
	for name, points := range s.collect() {
		for _, p := range points {
			for key, value := range p.attributes {
				require.NotContains(t, ids, value, "%s %s", name, key)
				require.False(t, guid(value), "%s %s", name, value)
			}
			series++
		}
	}
	require.Greater(t, series, 50)
}

// However many calls, people and requests there are, there are no more time series.
func TestTimeSeriesAreBounded(t *testing.T) {
	r := newRig(t)
	answered := r.answers()
	statefulclient.On(r.client.Calls(), func(context.Context, statefulclient.StateChanged) {})
	round := func() {
		r.platform.AddPerson("Adele Vance").Call(r.bot)
		call := r.taken(answered)
		r.play(call)
		r.hangUp(call)
	}
	count := func() (series int) {
		for _, points := range r.collect() {
			series += len(points)
		}
		return series
	}
	round()
	once := count()
	for range 20 {
		round()
	}
	require.Equal(t, once, count())
}
