package statefulclient_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// After Warm the first answer waits for nothing but the platform.
func TestFirstAnswerAfterWarmFetchesNothing(t *testing.T) {
	r := newRig(t)
	require.NoError(t, r.client.Warm(r.context()))
	warm := r.platform.Stats()
	require.EqualValues(t, 1, warm.Tokens)
	require.EqualValues(t, 1, warm.OpenIDFetches)
	require.EqualValues(t, 1, warm.KeyFetches)
	answered := make(chan error, 1)
	r.client.Calls().OnIncoming(func(ctx context.Context, e statefulclient.IncomingCall) {
		answered <- e.Call.Answer(ctx, statefulclient.AnswerOptions{})
	})
	r.platform.AddPerson("Adele Vance").Call(r.bot)
	require.NoError(t, <-answered)
	after := r.platform.Stats()
	require.Equal(t, warm.Tokens, after.Tokens)
	require.Equal(t, warm.OpenIDFetches, after.OpenIDFetches)
	require.Equal(t, warm.KeyFetches, after.KeyFetches)
	require.NoError(t, r.client.Warm(r.context()), "it may be called again")
	require.Equal(t, warm.Tokens, r.platform.Stats().Tokens)
}

func TestWarmReportsAllThatFails(t *testing.T) {
	r := newRig(t)
	r.platform.Close()
	err := r.client.Warm(r.context())
	for _, what := range []string{"token", "keys", "cannot be reached"} {
		require.ErrorContains(t, err, what)
	}
	r.client.Close()
	require.ErrorIs(t, r.client.Warm(r.context()), statefulclient.ErrClosed)
}
