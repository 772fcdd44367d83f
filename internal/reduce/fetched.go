package reduce

import "github.com/graphcalls/graphcalls-go/resources"

// Fetched is the call as the platform described it in reply to a request that
// was sent when the state was Since, and its roster where that was asked for
// too.
type Fetched struct {
	Since  *State
	Call   *resources.Call // nil where only the roster was asked for
	Listed bool            // the roster was asked for
	People []resources.Participant
}

func (Fetched) input() {}

// fetched takes in the whole of what the platform says, null being no news: a
// reply prints it for facts that only notifications carry. What was heard while
// the reply was on its way may be later than the reply or earlier, nothing
// tells: there the reply is stale, and worth asking for again.
func (s *step) fetched(in Fetched) {
	moved := s.state.Call != in.Since.Call
	if in.Call != nil && (!moved || in.Call.State == resources.CallStateTerminated) {
		s.heard(resources.WithoutNulls(in.Call), resources.ChangeTypeUpdated)
	}
	if in.Listed && s.state.End == nil {
		s.listed(in.People, in.Since.Roster)
	}
	if in.Call != nil && moved && s.state.End == nil {
		s.verdict = Stale
	}
	s.effects = nil // what it leaves in doubt, asking again would not settle
}
