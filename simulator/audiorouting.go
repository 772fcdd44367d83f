package simulator

import (
	"net/http"
	"slices"

	"github.com/graphcalls/graphcalls-go/resources"
)

const routingPath = "/audioRoutingGroups"

// createRoutingGroup serves POST …/audioRoutingGroups.
func createRoutingGroup(r *request) (reply, *refusal) {
	group, err := resources.Decode[resources.AudioRoutingGroup](r.body)
	if err != nil {
		return reply{}, badRequest("The request body is not an audioRoutingGroup.")
	}
	if why := checkRouting(group); why != nil {
		return reply{}, why
	}
	r.platform.mu.Lock()
	defer r.platform.mu.Unlock()
	if why := r.call.isGroup(); why != nil {
		return reply{}, why
	}
	if group.ID == "" {
		group.ID = newID()
	}
	if r.call.routingGroup(group.ID) != nil {
		return reply{}, &refusal{http.StatusConflict, "Conflict", "There is an audioRoutingGroup of that id already."}
	}
	r.call.routing = append(r.call.routing, group)
	return r.replyRouting(group)
}

func checkRouting(group *resources.AudioRoutingGroup) *refusal {
	switch group.RoutingMode {
	case resources.RoutingModeOneToOne:
		if len(group.Sources) != 1 || len(group.Receivers) != 1 {
			return badRequest("oneToOne needs one source and one receiver.")
		}
	case resources.RoutingModeMulticast:
		if len(group.Sources) != 1 || len(group.Receivers) == 0 {
			return badRequest("multicast needs one source, and receivers.")
		}
	default:
		return badRequest("routingMode must be oneToOne or multicast.")
	}
	return nil
}

// routingGroup and what follows are called with platform.mu held.
func (c *Call) routingGroup(id string) *resources.AudioRoutingGroup {
	for _, group := range c.routing {
		if resources.Key(group.ID) == resources.Key(id) {
			return group
		}
	}
	return nil
}

func (r *request) findRouting() (*resources.AudioRoutingGroup, *refusal) {
	if group := r.call.routingGroup(r.ids["group"]); group != nil {
		return group, nil
	}
	return nil, &refusal{http.StatusNotFound, "NotFound", "AudioRoutingGroup not found."}
}

func (r *request) replyRouting(group *resources.AudioRoutingGroup) (reply, *refusal) {
	said := *group
	said.SetProperty("@odata.context", r.contextInCall(routingPath+"/$entity"))
	return respond(http.StatusOK, &said)
}

// listRoutingGroups serves GET …/audioRoutingGroups.
func listRoutingGroups(r *request) (reply, *refusal) {
	r.platform.mu.Lock()
	defer r.platform.mu.Unlock()
	groups := resources.AudioRoutingGroups{}
	for _, group := range r.call.routing {
		groups = append(groups, *group)
	}
	return r.replyList(routingPath, groups)
}

// getRoutingGroup serves GET …/audioRoutingGroups/{id}.
func getRoutingGroup(r *request) (reply, *refusal) {
	r.platform.mu.Lock()
	defer r.platform.mu.Unlock()
	group, why := r.findRouting()
	if why != nil {
		return reply{}, why
	}
	return r.replyRouting(group)
}

// changeRoutingGroup serves PATCH …/audioRoutingGroups/{id}.
func changeRoutingGroup(r *request) (reply, *refusal) {
	news, err := resources.Decode[resources.AudioRoutingGroup](r.body)
	if err != nil {
		return reply{}, badRequest("The request body is not an audioRoutingGroup.")
	}
	r.platform.mu.Lock()
	defer r.platform.mu.Unlock()
	group, why := r.findRouting()
	if why != nil {
		return reply{}, why
	}
	changed := *group
	if news.RoutingMode != "" {
		changed.RoutingMode = news.RoutingMode
	}
	if news.Sources != nil {
		changed.Sources = news.Sources
	}
	if news.Receivers != nil {
		changed.Receivers = news.Receivers
	}
	if why := checkRouting(&changed); why != nil {
		return reply{}, why
	}
	*group = changed
	return r.replyRouting(group)
}

// deleteRoutingGroup serves DELETE …/audioRoutingGroups/{id}.
func deleteRoutingGroup(r *request) (reply, *refusal) {
	r.platform.mu.Lock()
	defer r.platform.mu.Unlock()
	group, why := r.findRouting()
	if why != nil {
		return reply{}, why
	}
	r.call.routing = slices.DeleteFunc(r.call.routing, func(other *resources.AudioRoutingGroup) bool { return other == group })
	return reply{status: http.StatusNoContent}, nil
}

// replyList answers with a collection of the call.
func (r *request) replyList(path string, value any) (reply, *refusal) {
	encoded, err := resources.Encode(value)
	if err != nil {
		return reply{}, &refusal{http.StatusInternalServerError, "generalException", "The list could not be written."}
	}
	list := fresh[resources.Unknown]("{}")
	list.SetProperty("@odata.context", r.contextInCall(path))
	list.SetProperty("value", encoded)
	return respond(http.StatusOK, list)
}
