package transport

import "strings"

// routeOf returns a request's path with {id} in the place of ids, without the query.
func routeOf(path string) string {
	path, _, _ = strings.Cut(strings.TrimPrefix(path, "/"), "?")
	segments := strings.Split(path, "/")
	for i := 1; i < len(segments); i++ {
		if holdsIDs(segments[i-1]) && !actsOnAll(segments[i]) {
			segments[i] = "{id}"
		}
	}
	return strings.Join(segments, "/")
}

// holdsIDs reports whether a segment is a collection, so that the next one names an item of it.
func holdsIDs(segment string) bool {
	switch strings.ToLower(segment) {
	case "calls", "participants", "operations", "audioroutinggroups", "contentsharingsessions", "onlinemeetings", "users":
		return true
	}
	return false
}

// actsOnAll reports whether a segment after a collection is an action on it.
func actsOnAll(segment string) bool {
	switch strings.ToLower(segment) {
	case "invite", "muteall", "admitallfromlobby", "configuremixer", "createorget", "logteleconferencedevicequality":
		return true
	}
	return false
}

// aboutCall reports whether a path names a call and nothing below it that could be missing in its place.
func aboutCall(path string) bool {
	route := routeOf(path)
	return strings.Contains(strings.ToLower(route), "calls/{id}") && strings.Count(route, "{id}") == 1
}
