package statefulclient

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/transport"
)

// FuzzRoute: only an address that was given out has a route, and the one it was
// given out with; whatever else is called has none, or is refused.
func FuzzRoute(f *testing.F) {
	own := &routes{appID: "app", key: []byte(strings.Repeat("k", 32))}
	stranger := &routes{appID: "app", key: []byte(strings.Repeat("s", 32))}
	const callback = "https://bot.contoso.com/api/calls?tenant=a%20b"
	for _, called := range []string{
		"", "?", "/api/calls", "/api/calls?route=", "?route=..", "?route=one.s.", "?route=one.s.AAAAAAAAAAAAAAAAAAAAAA", "?route=%zz", "?a;route=x",
		"?route=a&route=b", own.address(callback, "one", "s"), own.address(callback, "one", "s.t"), stranger.address(callback, "one", "s"),
	} {
		f.Add(called, "scenario")
	}
	f.Fuzz(func(t *testing.T, called, scenario string) {
		to, err := own.read(called)
		switch {
		case err != nil:
			require.ErrorIs(t, err, transport.ErrNoRoute)
			require.Equal(t, route{}, to)
		case to != route{}:
			_, query, _ := strings.Cut(called, "?")
			values, err := url.ParseQuery(query)
			require.NoError(t, err)
			require.Equal(t, to.place+"."+to.scenario+"."+own.signature(to.place, to.scenario), values.Get(routeParameter))
		}
		given := own.address(callback, "one", scenario)
		to, err = own.read(given)
		require.NoError(t, err)
		require.Equal(t, route{"one", scenario}, to)
		_, err = stranger.read(given)
		require.ErrorIs(t, err, transport.ErrNoRoute)
	})
}
