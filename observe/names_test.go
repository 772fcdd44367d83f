package observe_test

import (
	"maps"
	"reflect"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/observe"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

// The list has every metric there is, and no other; each with its attributes.
func TestListHasAllMetrics(t *testing.T) {
	all := tell(t).collect()
	listed := map[string]bool{}
	for _, note := range observe.MetricNotes() {
		require.False(t, listed[note.Name], "%s is listed twice", note.Name)
		listed[note.Name] = true
		require.NotEmpty(t, all[note.Name], "%s is listed and not told", note.Name)
		want, got := map[string]bool{}, map[string]bool{}
		for _, key := range note.Keys {
			want[string(key)] = true
		}
		for _, p := range all[note.Name] {
			for key := range p.attributes {
				got[key] = true
			}
		}
		if note.Name == "graphcalls.delivery.duration" {
			got["error.type"] = true // which needs a POST that is not taken
		}
		require.Equal(t, want, got, note.Name)
	}
	require.ElementsMatch(t, sorted(all), sorted(listed))
}

// The list has every attribute there is, and no other; ids are of spans alone.
func TestListHasAllAttributes(t *testing.T) {
	s := tell(t)
	told, ofMetrics := map[string]bool{}, map[string]bool{}
	for _, span := range s.spans() {
		for key := range attributesOf(span.Attributes) {
			told[key] = true
		}
	}
	for _, points := range s.collect() {
		for _, p := range points {
			for key := range p.attributes {
				ofMetrics[key] = true
			}
		}
	}
	maps.Copy(told, ofMetrics)
	listed := map[string]bool{"graphcalls.handler.missed": true} // which needs slow handlers
	told["graphcalls.handler.missed"] = true
	for _, note := range observe.AttributeNotes() {
		listed[string(note.Key)] = true
		require.False(t, note.ID && ofMetrics[string(note.Key)], "a metric has the id %s", note.Key)
	}
	require.Equal(t, sorted(listed), sorted(told))
}

// Whatever the client counts is told.
func TestEveryFigureOfTheClientIsAMetric(t *testing.T) {
	none := observe.Figures(statefulclient.Stats{})
	fields := reflect.TypeFor[statefulclient.Stats]()
	for i := range fields.NumField() {
		var stats statefulclient.Stats
		switch field := reflect.ValueOf(&stats).Elem().Field(i); {
		case fields.Field(i).Name == "Calls": // counted by state, by this package itself
			continue
		case fields.Field(i).Name == "Webhook":
			stats.Webhook = transport.Stats{Accepted: 1}
		case field.CanInt():
			field.SetInt(1)
		default:
			field.SetUint(1)
		}
		require.NotEqual(t, none, observe.Figures(stats), fields.Field(i).Name)
	}
	for _, webhook := range []transport.Stats{{Requests: 1}, {Redirected: 1}, {Refused: map[transport.Reason]uint64{transport.ReasonBusy: 1}}} {
		require.NotEqual(t, none, observe.Figures(statefulclient.Stats{Webhook: webhook}))
	}
}

func TestWordsAreBounded(t *testing.T) {
	var many []string
	for i := range 1000 {
		many = append(many, strconv.Itoa(i), "established", "")
	}
	said := observe.Words(many)
	require.Len(t, said, 65)
	require.True(t, said["other"] && said["established"] && said["unknown"])
}
