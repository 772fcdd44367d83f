package persistent_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/graphcalls/graphcalls-go/internal/persistent"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Every version behaves as a plain map that was copied at that moment, however
// often later versions were made from it.
func TestVersionsBehaveAsCopies(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		versions := []persistent.Map[int]{{}}
		models := []map[string]int{{}}
		for range rapid.IntRange(1, 200).Draw(t, "steps") {
			from := rapid.IntRange(0, len(versions)-1).Draw(t, "from")
			key := fmt.Sprint(rapid.IntRange(0, 80).Draw(t, "key"))
			model := maps.Clone(models[from])
			version := versions[from]
			if rapid.Bool().Draw(t, "put") {
				value := rapid.IntRange(0, 3).Draw(t, "value")
				model[key], version = value, version.With(key, value)
			} else {
				delete(model, key)
				version = version.Without(key)
			}
			versions, models = append(versions, version), append(models, model)
		}
		for i := range versions {
			require.Equal(t, len(models[i]), versions[i].Len())
			require.Equal(t, models[i], maps.Collect(versions[i].All()))
			require.Equal(t, slices.Sorted(maps.Keys(models[i])), sortedKeys(versions[i]))
			for key, value := range models[i] {
				got, ok := versions[i].Get(key)
				require.True(t, ok)
				require.Equal(t, value, got)
			}
		}
		requireChangesLeadOver(t, versions[len(versions)/2], versions[len(versions)-1])
	})
}

func sortedKeys(m persistent.Map[int]) []string {
	var keys []string
	for key, value := range m.Sorted() {
		if got, _ := m.Get(key); got == value {
			keys = append(keys, key)
		}
	}
	return keys
}

func requireChangesLeadOver(t *rapid.T, old, latest persistent.Map[int]) {
	result := maps.Collect(old.All())
	for change := range persistent.Changes(old, latest) {
		was, ok := old.Get(change.Key)
		require.Equal(t, change.InOld, ok)
		require.Equal(t, change.Old, was)
		if change.InNew {
			result[change.Key] = change.New
		} else {
			delete(result, change.Key)
		}
	}
	require.Equal(t, maps.Collect(latest.All()), result)
}

func TestChangesLookOnlyAtWhatChanged(t *testing.T) {
	var big persistent.Map[int]
	for i := range 10_000 {
		big = big.With(fmt.Sprint(i), i)
	}
	seen := 0
	for range persistent.Changes(big, big.With("7", -1).Without("8").With("new", 1)) {
		seen++
	}
	require.LessOrEqual(t, seen, 12)
}
