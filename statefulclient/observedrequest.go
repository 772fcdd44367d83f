package statefulclient

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/graphcalls/graphcalls-go/transport"
)

// observeRequest is transport's Observe.
func (o *observers) observeRequest(ctx context.Context, r transport.Request) (context.Context, func(transport.Exchange)) {
	audience := o.there()
	if audience == nil {
		return ctx, nil
	}
	observed := ObservedRequest{CallID: r.CallID(), Method: r.Method, Route: r.Route(), ScenarioID: r.ScenarioID, Started: time.Now()}
	observed.Action = actionOf(r.Method, observed.Route)
	return audience.request(ctx, observed)
}

// actionOf names a request by the action that its route ends in, and else by its
// method and what that is done to.
func actionOf(method, route string) string {
	segments := strings.Split(route, "/")
	last := segments[len(segments)-1]
	item := last == "{id}" && len(segments) > 1
	if item {
		last = segments[len(segments)-2]
	} else if !isCollection(last) {
		return last
	}
	verb := map[string]string{
		http.MethodGet: "get", http.MethodPost: "create", http.MethodPatch: "update", http.MethodPut: "update", http.MethodDelete: "delete",
	}[method]
	if method == http.MethodGet && !item {
		return "list" + capitalized(last)
	}
	return verb + capitalized(strings.TrimSuffix(last, "s"))
}

func isCollection(segment string) bool {
	switch segment {
	case "calls", "participants", "operations", "audioRoutingGroups", "contentSharingSessions", "onlineMeetings":
		return true
	}
	return false
}

func capitalized(word string) string { return strings.ToUpper(word[:1]) + word[1:] }
