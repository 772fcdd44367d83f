package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if os.Getenv(asBot) != "" {
		main()
		return
	}
	goleak.VerifyTestMain(m)
}

func TestCostIsMeasured(t *testing.T) {
	var out strings.Builder
	p := plan{calls: 50, rate: 200, rounds: 1, length: 300 * time.Millisecond, settle: 300 * time.Millisecond}
	require.NoError(t, measure(t.Context(), p, &out))
	require.Regexp(t, `(?s)^50 live calls, 200 notifications a second, .*ratio: inspector_cpu [0-9.]+\n$`, out.String())
	var times, size float64
	_, line, _ := strings.Cut(out.String(), "the page was told ")
	_, err := fmt.Sscanf(line, "%f times and %f KiB", &times, &size)
	require.NoError(t, err)
	require.Positive(t, times, "nobody looked")
	require.Positive(t, size)
}
