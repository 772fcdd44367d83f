package transport

import "context"

// progress travels with a request through the chain, in its context, and gathers what the layers find out. It
// belongs to the goroutine that called Do.
type progress struct {
	request         Request
	clientRequestID string
	attempts        int
	effectUnknown   bool // some attempt may have been carried out
	refusals        int  // tokens that were refused and replaced
	freshToken      bool // the next attempt would carry another token than the last
}

type progressKey struct{}

func withProgress(ctx context.Context, p *progress) context.Context {
	return context.WithValue(ctx, progressKey{}, p)
}

func progressOf(ctx context.Context) *progress {
	return ctx.Value(progressKey{}).(*progress)
}
