package order_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/graphcalls/graphcalls-go/internal/order"
	"github.com/graphcalls/graphcalls-go/resources"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestVersionsCompareInFourWays(t *testing.T) {
	for _, c := range []struct {
		etag, current string
		want          order.Answer
	}{
		{`W/"5445"`, `W/"5446"`, order.Older},
		{`W/"5445"`, `W/"5445"`, order.Same},
		{`W/"10"`, `W/"9"`, order.Newer},
		{`"7"`, `W/"7"`, order.Same},
		{`W/"abc"`, `W/"abc"`, order.Same},
		{`W/"abc"`, `W/"abd"`, order.CannotTell},
		{`W/"abc"`, `W/"1"`, order.CannotTell},
		{"", `W/"1"`, order.CannotTell},
		{`W/"1"`, "", order.CannotTell},
		{"", "", order.CannotTell},
		{`W/"99999999999999999999999"`, `W/"1"`, order.CannotTell},
	} {
		require.Equal(t, c.want, order.Compare(c.etag, c.current), "%s to %s", c.etag, c.current)
	}
}

func TestLateFactsFillButDoNotOverwrite(t *testing.T) {
	early, late := order.Stamp{Band: 1}, order.Stamp{Band: 4}
	const a, b, c = resources.Fields(1), resources.Fields(2), resources.Fields(4)
	stamps, differ := order.Stamps{}.With(late, a)
	require.True(t, differ)
	_, differ = stamps.With(late, a)
	require.False(t, differ)
	require.Equal(t, b|c, stamps.Admit(early, a|b|c))
	require.Equal(t, a|b|c, stamps.Admit(late, a|b|c))
	stamps, _ = stamps.With(early, b|c)
	stamps, _ = stamps.With(late, b)
	require.Equal(t, c, stamps.Admit(early, a|b|c))
	require.Equal(t, a|b|c, stamps.Admit(order.Stamp{Band: 4, Version: 9}, a|b|c))
}

func TestVersionsRankBeforeBands(t *testing.T) {
	require.True(t, order.Stamp{Version: 1, Band: 6}.Before(order.Stamp{Version: 2, Band: 1}))
	require.True(t, order.Stamp{Band: 1}.Before(order.Stamp{Version: 2, Band: 2}))
	require.False(t, order.Stamp{Version: 2, Band: 2}.Before(order.Stamp{Version: 2, Band: 2}))
}

func TestParkingIsBoundedInNumberSizeAndAge(t *testing.T) {
	start := time.Now()
	parking := order.NewParking[int](3, 100, time.Minute)
	require.True(t, parking.Add("a", 1, 40, start))
	require.True(t, parking.Add("a", 2, 10, start.Add(30*time.Second)))
	require.False(t, parking.Add("b", 3, 51, start))
	require.True(t, parking.Add("b", 3, 50, start))
	require.False(t, parking.Add("b", 4, 0, start))
	require.Equal(t, []int{3}, parking.Take("b"))
	require.Empty(t, parking.Take("b"))
	require.True(t, parking.HasRoom(1, 50))
	require.False(t, parking.HasRoom(1, 51))
	require.False(t, parking.HasRoom(2, 50))
	require.Equal(t, []int{1}, parking.Expire(start.Add(61*time.Second)))
	require.True(t, parking.HasRoom(2, 90))
	require.Equal(t, 1, parking.Len())
	require.Equal(t, []int{2}, parking.Take("a"))
	require.True(t, parking.HasRoom(3, 100))
	require.Zero(t, parking.Len())
}

func TestMemoriesAreBounded(t *testing.T) {
	seen, stones := order.NewSeen(10), order.NewTombstones(10)
	for i := range 100 {
		seen.Add(fmt.Sprint(i))
		stones.Add(fmt.Sprint(i), order.Tombstone{})
	}
	require.Equal(t, 10, seen.Len())
	require.Equal(t, 10, stones.Len())
	require.True(t, seen.Has("99"))
	require.False(t, seen.Has("1"))
	require.False(t, seen.Has(""))
	stones.Remove("99")
	_, known := stones.Get("99")
	require.False(t, known)
}
