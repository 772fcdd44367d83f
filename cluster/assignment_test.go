package cluster_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/graphcalls/graphcalls-go/cluster"
)

// Whoever comes and goes, everything is owned, about as much by each, and nothing
// moves that need not.
func TestAssignmentIsCompleteEvenAndCalm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfN(rapid.IntRange(0, 12), 0, 10)
		before := named(names.Draw(t, "before"))
		owners := make([]string, rapid.IntRange(1, 64).Draw(t, "partitions"))
		for p := range owners {
			if len(before) > 0 {
				owners[p] = rapid.SampledFrom(append(before, "")).Draw(t, "owner")
			}
		}
		candidates := named(names.Draw(t, "candidates"))
		target := cluster.Assign(owners, candidates)
		require.Len(t, target, len(owners))
		require.Equal(t, target, cluster.Assign(owners, reversed(candidates)), "all instances come to the same")
		require.Equal(t, target, cluster.Assign(target, candidates), "it is final")
		load, least := map[string]int{}, len(owners)
		for _, owner := range target {
			load[owner]++
		}
		if len(candidates) == 0 {
			require.Equal(t, map[string]int{"": len(owners)}, load)
			return
		}
		for _, c := range candidates {
			least = min(least, load[c])
		}
		sum := 0
		for _, c := range candidates {
			require.LessOrEqual(t, load[c], least+1)
			sum += load[c]
		}
		require.Equal(t, len(owners), sum)
		require.LessOrEqual(t, moved(owners, target), needed(owners, candidates))
	})
}

// needed is how many partitions at most must change hands: those nobody may own,
// and what anybody has beyond a fair share.
func needed(owners, candidates []string) int {
	load := map[string]int{}
	for _, owner := range owners {
		load[owner]++
	}
	share, over, all := len(owners)/len(candidates), 0, 0
	for _, c := range candidates {
		over += max(0, load[c]-share)
		all += load[c]
	}
	return len(owners) - all + over
}

func moved(before, after []string) (moves int) {
	for p := range before {
		if before[p] != after[p] {
			moves++
		}
	}
	return moves
}

func named(numbers []int) []string {
	var names []string
	seen := map[int]bool{}
	for _, n := range numbers {
		if !seen[n] {
			seen[n] = true
			names = append(names, fmt.Sprintf("m%d", n))
		}
	}
	return names
}

func reversed(names []string) []string {
	var turned []string
	for i := range names {
		turned = append(turned, names[len(names)-1-i])
	}
	return turned
}

func TestAssignmentExamples(t *testing.T) {
	for name, c := range map[string]struct{ owners, candidates, want []string }{
		"alone":            {[]string{"", "", ""}, []string{"a"}, []string{"a", "a", "a"}},
		"one joins":        {[]string{"a", "a", "a", "a"}, []string{"a", "b"}, []string{"b", "b", "a", "a"}},
		"one leaves":       {[]string{"a", "b", "a", "b"}, []string{"a"}, []string{"a", "a", "a", "a"}},
		"one has too many": {[]string{"a", "a", "a", "b"}, []string{"a", "b"}, []string{"b", "a", "a", "b"}},
		"even already":     {[]string{"b", "a", "b", "a"}, []string{"a", "b"}, []string{"b", "a", "b", "a"}},
		"nobody":           {[]string{"a", "b"}, nil, []string{"", ""}},
	} {
		require.Equal(t, c.want, cluster.Assign(c.owners, c.candidates), name)
	}
}
