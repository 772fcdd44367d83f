package store

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestATurnIsWaitedForAsLongAsTheContextLasts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var all turns
		done, err := all.take(t.Context(), "call")
		require.NoError(t, err)
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		other, err := all.take(short, "another")
		require.NoError(t, err, "names do not wait for each other")
		other()
		began := time.Now()
		_, err = all.take(short, "call")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, time.Second, time.Since(began))

		order := make(chan string, 1)
		go func() {
			next, err := all.take(t.Context(), "call")
			if err == nil {
				order <- "next"
				next()
			}
		}()
		synctest.Wait()
		require.Empty(t, order)
		done()
		require.Equal(t, "next", <-order)
		synctest.Wait()
		require.Empty(t, all.names, "nothing is kept of names nobody works on")
	})
}
