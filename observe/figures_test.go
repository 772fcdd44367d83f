package observe_test

import (
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/observe"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

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
	require.Equal(t, map[string]bool{"other": true}, observe.Words([]string{strings.Repeat("x", 129)}))
	require.False(t, observe.Words([]string{strings.Repeat("x", 128)})["other"])
}
