package reduce

import (
	"github.com/graphcalls/graphcalls-go/fsm"
	"github.com/graphcalls/graphcalls-go/resources"
)

// Reducer applies the rules. It holds nothing of any call, and is safe for
// concurrent use.
type Reducer struct {
	lattice *fsm.Lattice
	apart   resources.Fields
}

// NewReducer returns a Reducer.
func NewReducer() *Reducer { return &Reducer{fsm.NewLattice(), keptApart()} }

// Reduce returns what becomes of a call when one thing is heard of it. The
// state is not changed.
func (r *Reducer) Reduce(state *State, input Input) Outcome {
	if state.End != nil {
		return Outcome{State: state, Verdict: Late}
	}
	next := *state
	s := &step{reducer: r, state: &next, verdict: Unchanged}
	s.apply(input)
	s.compare(state)
	if s.verdict == Unchanged && len(s.events) > 0 {
		s.verdict = Applied
	}
	if s.touched || len(s.events) > 0 {
		next.revision++
		return Outcome{&next, s.events, s.effects, s.verdict}
	}
	return Outcome{state, nil, s.effects, s.verdict}
}

// step is one reduction under way: the state in the making, which nobody else
// has seen yet, and what comes of it.
type step struct {
	reducer *Reducer
	state   *State
	touched bool
	ours    bool // state.Call was made in this step
	events  []Event
	effects []Effect
	verdict Verdict
}

func (s *step) raise(event Event)     { s.events = append(s.events, event) }
func (s *step) request(effect Effect) { s.effects = append(s.effects, effect) }

// changed notes that the state differs from the one before.
func (s *step) changed() { s.touched, s.verdict = true, Applied }

func (s *step) apply(input Input) {
	switch in := input.(type) {
	case Notified:
		s.notified(in)
	case Replied:
		s.heard(in.Call, resources.ChangeTypeUpdated)
	case Fetched:
		s.fetched(in)
	case Asked:
		s.asked(in)
	case Granted:
		s.granted(in)
	case Refused:
		s.refused(in)
	case Waited:
		s.waited(in.For)
	case Grouped:
		s.grouped([]resources.AudioRoutingGroup{*in.Group}, resources.ChangeTypeUpdated)
	case Ungrouped:
		s.setGroups(s.state.Groups.Without(in.ID))
	case GroupsListed:
		s.groupsListed(in.Groups)
	case Gone:
		s.end(&End{Cause: in.Cause}, nil)
	}
}

func (s *step) notified(in Notified) {
	n := in.Notification
	switch data := n.Data.(type) {
	case *resources.Call:
		s.heard(data, n.ChangeType)
	case resources.Participants:
		s.listedAt(in.Path, data)
	case resources.ContentSharingSessions:
		s.shared(data, n.ChangeType)
	case resources.AudioRoutingGroups:
		s.grouped(data, n.ChangeType)
	case *resources.DeltaParticipants:
		s.rosterChanged(data)
	case resources.OperationData:
		s.operated(data.Operation, in.Path, n.ChangeType)
	case *resources.ParticipantJoiningNotification:
		s.verdict = Applied // decided on where it came in
	case *resources.ParticipantLeftNotification:
		left := ManagedLeft{ParticipantID: data.ParticipantID}
		if data.Call != nil {
			left.Result = data.Call.ResultInfo
		}
		s.raise(left)
	case nil:
		s.bare(in)
	default:
		s.verdict = Unplaced
	}
}

// listedAt is a list that does not say of what unless by its path: an empty one
// may be of anything.
func (s *step) listedAt(path resources.Path, people resources.Participants) {
	if path.Collection != resources.CollectionParticipants {
		s.verdict = Unplaced
		return
	}
	s.rostered(people)
}

// bare is a notification without data: it can still tell that something is
// gone.
func (s *step) bare(in Notified) {
	deleted := in.Notification.ChangeType == resources.ChangeTypeDeleted
	switch {
	case in.Path.Collection == "" && deleted:
		s.heard(&resources.Call{}, resources.ChangeTypeDeleted)
	case in.Path.Collection == resources.CollectionOperations && deleted:
		s.operated(&resources.CommsOperation{Status: resources.OperationStatusCompleted}, in.Path, in.Notification.ChangeType)
	case in.Path.Collection == resources.CollectionContentSharingSessions && in.Path.ItemID != "":
		s.shared([]resources.ContentSharingSession{{ID: in.Path.ItemID}}, in.Notification.ChangeType)
	default:
		s.verdict = Unplaced
	}
}

func (s *step) waited(gap Gap) {
	switch gap {
	case GapRoster:
		s.rosterWaited()
	case GapTones:
		s.tonesReleased()
	}
}

// compare raises what follows from two facts together, whichever came last.
func (s *step) compare(before *State) {
	if old, now := before.audio(), s.state.audio(); old != now {
		s.raise(MediaChanged{old, now})
	}
	if now := s.state.InLobby(); now != before.InLobby() {
		s.raise(LobbyChanged{now})
	}
}
