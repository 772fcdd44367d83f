package trace

import (
	"fmt"
	"slices"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/resources"
)

// input is what a line was made from. since finds a state by its number.
func (e *Entry) input(state *reduce.State, since func(revision uint64) *reduce.State) (reduce.Input, error) {
	switch e.Kind {
	case KindNotification:
		return notified(e.Data)
	case KindReply:
		call, err := resources.Decode[resources.Call](e.Data)
		return reduce.Replied{Call: call}, err
	case KindFetched:
		return e.fetched(state, since)
	case KindAsked:
		return reduce.Asked{ClientContext: e.Mark}, nil
	case KindGranted:
		reply, err := resources.Decode[operationReply](e.Data)
		if err == nil && reply.Operation == nil {
			err = fmt.Errorf("%w: no operation", resources.ErrMalformed)
		}
		if err != nil {
			return nil, err
		}
		return reduce.Granted{ClientContext: e.Mark, Operation: reply.Operation}, nil
	case KindRefused:
		return reduce.Refused{ClientContext: e.Mark}, nil
	case KindWaited:
		return reduce.Waited{For: reduce.Gap(e.About)}, nil
	case KindGone:
		return reduce.Gone{Cause: reduce.Cause(e.About)}, nil
	case KindGrouped:
		group, err := resources.Decode[resources.AudioRoutingGroup](e.Data)
		return reduce.Grouped{Group: group}, err
	case KindUngrouped:
		return reduce.Ungrouped{ID: e.About}, nil
	case KindGroupsListed:
		reply, err := resources.Decode[groupsReply](e.Data)
		if err != nil {
			return nil, err
		}
		return reduce.GroupsListed{Groups: reply.Groups}, nil
	default:
		return nil, fmt.Errorf("there is no kind %q", e.Kind)
	}
}

// notified reads an item as the webhook does.
func notified(item []byte) (reduce.Input, error) {
	batch, err := resources.DecodeNotifications(slices.Concat([]byte(`{"value":[`), item, []byte(`]}`)))
	if err != nil {
		return nil, err
	}
	if len(batch.Value) != 1 {
		return nil, fmt.Errorf("%w: no notification", resources.ErrMalformed)
	}
	path, _ := batch.Value[0].Path()
	return reduce.Notified{Path: path, Notification: &batch.Value[0]}, nil
}

func (e *Entry) fetched(state *reduce.State, find func(uint64) *reduce.State) (reduce.Input, error) {
	in := reduce.Fetched{Listed: e.Listed}
	var err error
	if in.Since, err = e.since(state, find); err != nil {
		return nil, err
	}
	if len(e.Data) > 0 {
		if in.Call, err = resources.Decode[resources.Call](e.Data); err != nil {
			return nil, err
		}
	}
	if e.Listed {
		reply, err := resources.Decode[resources.ParticipantsReply](e.People)
		if err != nil {
			return nil, err
		}
		in.People = reply.Value
	}
	return in, nil
}

func (e *Entry) since(state *reduce.State, find func(uint64) *reduce.State) (*reduce.State, error) {
	if len(e.SinceState) == 0 {
		since := find(e.Since)
		if since == nil {
			return nil, fmt.Errorf("there is no state %d of the call before it", e.Since)
		}
		return since, nil
	}
	since, err := reduce.Restore(e.SinceState)
	if err == nil && e.SameCall {
		since.Call = state.Call
	}
	return since, err
}
