package trace

import (
	"maps"
	"slices"
)

// KnownProperties are the names of the properties that are known, in lower case.
func KnownProperties() []string { return slices.Collect(maps.Keys(properties())) }
