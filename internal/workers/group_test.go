package workers_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/graphcalls/graphcalls-go/internal/workers"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestClosedGroupStartsNothing(t *testing.T) {
	var group workers.Group
	group.Close()
	require.False(t, group.Go(func() { t.Error("ran though closed") }))
	require.NoError(t, group.Wait(t.Context()))
}
