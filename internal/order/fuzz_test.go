package order_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/internal/order"
)

// FuzzVersion: two etags are told apart the same way from either side, one is
// the same as itself, and an order is one of numbers.
func FuzzVersion(f *testing.F) {
	for _, pair := range [][2]string{
		{`W/"5445"`, `W/"5446"`}, {`"5445"`, `W/"5445"`}, {"", `W/"1"`}, {`W/"a"`, `W/"b"`}, {`W/"18446744073709551616"`, `W/"2"`},
		{`W/"-1"`, `W/"1"`}, {`W/"007"`, `W/"7"`}, {`W/""`, `"`}, {`W/`, "\xff"},
	} {
		f.Add(pair[0], pair[1])
	}
	opposite := map[order.Answer]order.Answer{
		order.Older: order.Newer, order.Newer: order.Older, order.Same: order.Same, order.CannotTell: order.CannotTell,
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		answer := order.Compare(a, b)
		require.Equal(t, opposite[answer], order.Compare(b, a))
		if answer == order.Newer {
			require.Greater(t, order.Version(a), order.Version(b))
		}
		if a != "" {
			require.Equal(t, order.Same, order.Compare(a, a))
		}
	})
}
