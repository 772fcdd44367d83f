package transport

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// waits are the pauses before the attempts of one request: as long as the service asks for, else growing and jittered,
// and together within a budget.
type waits struct {
	growing *backoff.ExponentialBackOff
	left    time.Duration
}

func newWaits(first, budget time.Duration) *waits {
	growing := backoff.NewExponentialBackOff()
	growing.InitialInterval = first
	growing.Multiplier = 2
	growing.Reset()
	return &waits{growing, budget}
}

// next returns how long to wait after a response, or a failure when nil; false when the budget or the context would
// be over by then.
func (w *waits) next(ctx context.Context, response *http.Response) (time.Duration, bool) {
	wait := w.growing.NextBackOff()
	if asked, told := retryAfter(response); told && asked > 0 {
		wait = asked
	}
	if deadline, ok := ctx.Deadline(); ok && !time.Now().Add(wait).Before(deadline) {
		return 0, false
	}
	if wait > w.left {
		return 0, false
	}
	w.left -= wait
	return wait, true
}

// retryAfter reads the Retry-After header: seconds, or a date by the service's own clock.
func retryAfter(response *http.Response) (time.Duration, bool) {
	if response == nil {
		return 0, false
	}
	text := strings.TrimSpace(response.Header.Get("Retry-After"))
	if seconds, err := strconv.ParseFloat(text, 64); err == nil && seconds >= 0 {
		return time.Duration(min(seconds, math.MaxInt32) * float64(time.Second)), true
	}
	date, err := http.ParseTime(text)
	if err != nil {
		return 0, false
	}
	sent, err := http.ParseTime(response.Header.Get("Date"))
	if err != nil {
		sent = time.Now()
	}
	return max(0, date.Sub(sent)), true
}
