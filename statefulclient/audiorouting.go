package statefulclient

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/transport"
)

const audioRoutingGroups = "audioRoutingGroups"

// AudioRoutingGroups decide who hears whom in a call, apart from the main mix.
// The platform does not tell of changes: what is known is what this client has
// done and asked for. All methods may be called from anywhere.
//
// It mirrors the .NET SDK's IAudioRoutingGroupCollection.
type AudioRoutingGroups struct{ call *Call }

// AudioRoutingGroups decide who hears whom in the call.
func (c *Call) AudioRoutingGroups() *AudioRoutingGroups { return &AudioRoutingGroups{c} }

// Get returns the group of an id, as far as it is known.
func (g *AudioRoutingGroups) Get(id string) (*resources.AudioRoutingGroup, bool) {
	return g.call.state.Load().Groups.Get(id)
}

// All ranges over the groups known at this moment, in no order.
func (g *AudioRoutingGroups) All() iter.Seq[*resources.AudioRoutingGroup] {
	return members(g.call.state.Load().Groups.All())
}

// Len counts the groups known.
func (g *AudioRoutingGroups) Len() int { return g.call.state.Load().Groups.Len() }

// OnUpdated subscribes to groups that are added, change and are removed. Those
// known already come first, as added, with Initial set.
func (g *AudioRoutingGroups) OnUpdated(handler func(ctx context.Context, e CollectionEvent[*resources.AudioRoutingGroup])) *Subscription {
	return subscribe(g.call, kindGroups, "", handler)
}

// Add makes a group: one source and one receiver, or one source and several
// receivers, by their participant ids. It returns the group as the platform
// has it.
//
// See https://learn.microsoft.com/graph/api/call-post-audioroutinggroups.
func (g *AudioRoutingGroups) Add(ctx context.Context, group resources.AudioRoutingGroup) (*resources.AudioRoutingGroup, error) {
	if err := checkGroup(&group); err != nil {
		return nil, err
	}
	return g.send(ctx, http.MethodPost, audioRoutingGroups, &group)
}

// Update changes a group's sources and receivers. It returns the group as the
// platform has it.
//
// See https://learn.microsoft.com/graph/api/audioroutinggroup-update.
func (g *AudioRoutingGroups) Update(ctx context.Context, group resources.AudioRoutingGroup) (*resources.AudioRoutingGroup, error) {
	if group.ID == "" {
		return nil, invalid("the group has no ID: take it from the one that Add returned")
	}
	if err := checkGroup(&group); err != nil {
		return nil, err
	}
	return g.send(ctx, http.MethodPatch, groupPath(group.ID), &group)
}

// Delete removes a group.
//
// See https://learn.microsoft.com/graph/api/audioroutinggroup-delete.
func (g *AudioRoutingGroups) Delete(ctx context.Context, id string) error {
	_, err := g.call.do(ctx, transport.Request{Method: http.MethodDelete}, groupPath(id))
	if err == nil {
		g.call.receive(letter{input: reduce.Ungrouped{ID: id}, cause: CauseReply})
	}
	return err
}

type groupsReply struct {
	resources.Wire
	Value []resources.AudioRoutingGroup `json:"value"`
}

// Refresh asks the platform for all groups, and waits for its reply.
//
// See https://learn.microsoft.com/graph/api/call-list-audioroutinggroups.
func (g *AudioRoutingGroups) Refresh(ctx context.Context) error {
	reply, err := g.call.do(ctx, transport.Request{Method: http.MethodGet}, audioRoutingGroups)
	if err != nil {
		return err
	}
	list, err := resources.Decode[groupsReply](reply.Body)
	if err != nil {
		return fmt.Errorf("statefulclient: list audio routing groups: %w", err)
	}
	g.call.receive(letter{input: reduce.GroupsListed{Groups: list.Value}, cause: CauseReply})
	return nil
}

func (g *AudioRoutingGroups) send(ctx context.Context, method, path string, group *resources.AudioRoutingGroup) (*resources.AudioRoutingGroup, error) {
	reply, err := g.call.do(ctx, transport.Request{Method: method, Body: group}, path)
	if err != nil {
		return nil, err
	}
	answer, err := resources.Decode[resources.AudioRoutingGroup](reply.Body)
	if err != nil {
		return nil, fmt.Errorf("statefulclient: audio routing group: the platform's reply: %w", err)
	}
	g.call.receive(letter{input: reduce.Grouped{Group: answer}, cause: CauseReply})
	return answer, nil
}

func groupPath(id string) string { return audioRoutingGroups + "/" + url.PathEscape(id) }

func checkGroup(group *resources.AudioRoutingGroup) error {
	switch {
	case len(group.Sources) != 1:
		return invalid("an audio routing group has one source, not %d", len(group.Sources))
	case len(group.Receivers) == 0:
		return invalid("an audio routing group needs a receiver")
	case group.RoutingMode == resources.RoutingModeOneToOne && len(group.Receivers) != 1:
		return invalid("a oneToOne group has one receiver, not %d; for several use multicast", len(group.Receivers))
	default:
		return nil
	}
}
