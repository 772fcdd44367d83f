package main

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/graphcalls/graphcalls-go/simulator"
)

// asked waits until the client that is served now has asked a caller for keys.
func (l *laptop) asked(ctx context.Context, call *simulator.IncomingCall) error {
	return l.platform.WaitUntil(ctx, func() bool {
		return slices.ContainsFunc(call.Exchanges(), func(e simulator.Exchange) bool {
			return !e.At.Before(l.since) && strings.HasSuffix(e.URL, "/subscribeToTone") && e.Status == http.StatusOK
		})
	})
}
