package simulator_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/simulator"
)

// newDeafBot takes whatever it is sent, unread, so that the platform alone is
// measured.
func newDeafBot(bench *testing.B) *handBot {
	bench.Helper()
	platform := simulator.New(bench)
	url, err := platform.Serve(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) }))
	require.NoError(bench, err)
	b := &handBot{t: bench, platform: platform, url: url, bot: platform.RegisterBot(simulator.Bot{})}
	b.token = b.fetchToken(platform.Tenant().ID)
	return b
}

// BenchmarkCall is one call from its first request to its last notification:
// two requests and seven notifications.
func BenchmarkCall(bench *testing.B) {
	b := newDeafBot(bench)
	for bench.Loop() {
		call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
		b.ask(http.MethodDelete, "/"+call.ID(), nil)
		require.NoError(bench, call.WaitForDeliveries(bench.Context(), 7))
	}
}
