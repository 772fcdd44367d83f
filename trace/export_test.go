package trace

import (
	"maps"
	"slices"
)

// KnownProperties are the names that have a kind, in lower case.
func KnownProperties() []string { return slices.Collect(maps.Keys(kinds())) }
