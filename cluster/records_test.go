package cluster_test

import (
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/cluster"
	"github.com/graphcalls/graphcalls-go/store"
	"github.com/graphcalls/graphcalls-go/store/storetest"
)

func TestRecordsAreAStore(t *testing.T) {
	brokers := map[store.Store]*broker{}
	open := func(t *testing.T, b *broker) store.Store {
		nc, err := nats.Connect(b.server.ClientURL())
		require.NoError(t, err)
		t.Cleanup(nc.Close)
		s, err := cluster.OpenRecords(t.Context(), nc, cluster.Options{Name: "records"})
		require.NoError(t, err)
		brokers[s] = b
		return s
	}
	storetest.Run(t, storetest.Backend{
		Open:   func(t *testing.T) store.Store { return open(t, startBroker(t)) },
		Beside: func(t *testing.T, first store.Store) store.Store { return open(t, brokers[first]) },
		Reopen: func(t *testing.T, before store.Store) store.Store {
			b := brokers[before]
			b.stop()
			b.start()
			return open(t, b)
		},
	})
}
