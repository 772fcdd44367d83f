package cluster

import (
	"cmp"
	"slices"
)

// assign says who is to own each partition: whoever owns it now where that can
// be, so that calls stay where they are. owners names the present owner of each;
// candidates are those who may own any. Who is none of them loses all it has, and
// no candidate has two more than another. It depends on nothing else, so all
// instances come to the same answer. Without candidates all are "".
func assign(owners, candidates []string) []string {
	target := make([]string, len(owners))
	if len(candidates) == 0 {
		return target
	}
	candidates = slices.Sorted(slices.Values(candidates))
	load := map[string]int{}
	for partition, owner := range owners {
		if _, found := slices.BinarySearch(candidates, owner); found {
			target[partition] = owner
			load[owner]++
		}
	}
	byLoad := func(a, b string) int { return cmp.Compare(load[a], load[b]) }
	for partition, owner := range target {
		if owner == "" {
			least := slices.MinFunc(candidates, byLoad)
			target[partition] = least
			load[least]++
		}
	}
	for {
		least, most := slices.MinFunc(candidates, byLoad), slices.MaxFunc(candidates, byLoad)
		if load[most]-load[least] <= 1 {
			return target
		}
		target[slices.Index(target, most)] = least
		load[most]--
		load[least]++
	}
}
