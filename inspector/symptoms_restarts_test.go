package inspector_test

import (
	"context"
	"errors"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/inspector"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/store"
)

func symptomsOfRestarts() []symptom {
	return []symptom{
		{"after-a-restart-calls-are-missing", setup{store: store.NewMemory()}, func(s *scene) {
			sim, _ := s.call("Adele Vance")
			require.NoError(s.t, s.client.Flush(s.soon()))
			s.inspector.Close()
			s.client.Close()
			s.client = s.build()
			require.Zero(s.t, s.client.Stats().Calls)
			s.says("`Stats().Calls` is 0")
			_, err := s.client.Rehydrate(s.soon())
			require.NoError(s.t, err)
			s.logged("calls restored")
			s.watch(inspector.Options{})
			d, _ := s.look(sim.ID())
			require.Equal(s.t, "established", d.State)
		}},
		{"the-store-fails", setup{store: fullStore{store.NewMemory()}}, func(s *scene) {
			s.call("Adele Vance")
			s.logged("call could not be saved in the store")
			s.counted("StoreFailures", func(stats statefulclient.Stats) int { return int(stats.StoreFailures) })
		}},
		aPostReachesTheWrongInstance(),
	}
}

// fullStore has room for nothing.
type fullStore struct{ store.Store }

func (fullStore) Save(context.Context, string, uint64, []byte) (uint64, error) {
	return 0, errors.New("no space left")
}

func aPostReachesTheWrongInstance() symptom {
	instance := &statefulclient.Instance{ID: "one", Key: make([]byte, 32)}
	return symptom{"a-post-reaches-the-wrong-instance", setup{instance: instance}, func(s *scene) {
		sim, _ := s.call("Adele Vance")
		instance.ID = "two"
		s.client = s.build()
		s.watch(inspector.Options{})
		sim.SetMediaActive(false)
		s.refused("misrouted")
		s.counted("Misrouted", func(stats statefulclient.Stats) int { return int(stats.Misrouted) })
		s.says("\"it belongs to another instance\"")
		refused := s.marked("", "refused", func(n note) bool { return n.About == sim.ID() })
		require.Equal(s.t, "it belongs to another instance", refused.Detail)
	}}
}
