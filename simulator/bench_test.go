package simulator_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/simulator"
)

// BenchmarkCall is one call from its first request to its last notification:
// two requests and seven notifications.
func BenchmarkCall(bench *testing.B) {
	platform := simulator.New(bench)
	url, err := platform.Serve(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) }))
	require.NoError(bench, err)
	b := &handBot{t: bench, platform: platform, url: url, bot: platform.RegisterBot(simulator.Bot{})}
	b.token = b.fetchToken(platform.Tenant().ID)
	for bench.Loop() {
		call := b.create(b.callTo(platform.AddPerson("Adele Vance")))
		b.ask(http.MethodDelete, "/"+call.ID(), nil)
		require.NoError(bench, call.WaitForDeliveries(bench.Context(), 7))
	}
}
