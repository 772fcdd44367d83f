package main

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestBounds(t *testing.T) {
	least, most, none := Bound{AtLeast: 15}, Bound{AtMost: 0.75}, Bound{}
	require.True(t, least.Met(15))
	require.False(t, least.Met(14.99))
	require.True(t, most.Met(0.75))
	require.False(t, most.Met(0.76))
	require.True(t, none.Met(0))
	require.Equal(t, "≥ 15", least.String())
	require.Equal(t, "≤ 0.75", most.String())
	require.Equal(t, "report", none.String())
}

func TestNumbersAreShortAndHaveNoExponent(t *testing.T) {
	for value, want := range map[float64]string{
		0: "0", 0.02345678: "0.02346", 0.75: "0.75", 1.26944: "1.269", 9.99996: "10", 10: "10", 13.6: "13.6", 15.0499: "15.05",
		100: "100", 71_135: "71135", 2.5e9: "2500000000", -1.5: "-1.5",
	} {
		require.Equal(t, want, number(value), "%v", value)
	}
}

func TestDurationsHaveUnits(t *testing.T) {
	require.Equal(t, "310 ns", short(310))
	require.Equal(t, "5.462 µs", short(5462))
	require.Equal(t, "7.8 ms", short(7_800*time.Microsecond))
	require.Equal(t, "2 s", short(2*time.Second))
}

func TestTableTellsWhatWasMissed(t *testing.T) {
	var out bytes.Buffer
	table := newTable(&out)
	table.row(Figure{Name: "fast", Wanted: Bound{AtLeast: 2}}, Result{Value: 3, Spread: 0.1}, nil)
	table.row(Figure{Name: "slow", Wanted: Bound{AtLeast: 2}}, Result{Value: 1}, nil)
	table.row(Figure{Name: "broken"}, Result{}, errors.New("out of order"))
	err := table.end()
	require.ErrorContains(t, err, "slow is 1, wanted ≥ 2")
	require.ErrorContains(t, err, "out of order")
	require.NotContains(t, err.Error(), "fast")
	require.Contains(t, out.String(), "10 %")
	require.Contains(t, out.String(), "\nratio: fast 3\nratio: slow 1\n")
}

func TestEachFigureHasAName(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range figures() {
		require.NotEmpty(t, f.Name)
		require.NotEmpty(t, f.What)
		require.NotNil(t, f.Measure)
		require.False(t, seen[f.Name], f.Name)
		seen[f.Name] = true
	}
}
