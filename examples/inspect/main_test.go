package main

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/graphcalls/graphcalls-go/inspector"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The show has a dozen calls, some of them in trouble, and ends when it is told to.
func TestShowGoesOnAndEnds(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	pages, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		ended <- run(ctx, "127.0.0.1:0", 10*time.Millisecond, inspector.Options{}, func(page string) { pages <- page })
	}()
	looking, leave := context.WithTimeout(t.Context(), 30*time.Second)
	defer leave()
	request, err := http.NewRequestWithContext(looking, http.MethodGet, <-pages+"list", nil)
	require.NoError(t, err)
	reply, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer reply.Body.Close()
	most, trouble := 0, 0
	lines := bufio.NewScanner(reply.Body)
	lines.Buffer(nil, 1<<20)
	for most < 10 || trouble < 2 {
		require.True(t, lines.Scan(), "%d calls at once at most, %d in trouble", most, trouble)
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok {
			continue
		}
		var list struct{ Live, Trouble int }
		require.NoError(t, json.Unmarshal([]byte(data), &list))
		most, trouble = max(most, list.Live), max(trouble, list.Trouble)
	}
	stop()
	require.NoError(t, <-ended)
}
