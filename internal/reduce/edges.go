package reduce

import (
	"github.com/graphcalls/graphcalls-go/fsm"
	"github.com/graphcalls/graphcalls-go/resources"
)

// edge moves the call on to another state.
func (s *step) edge(before *resources.Call, to resources.CallState, move fsm.Move) {
	if to == resources.CallStateTerminated {
		s.end(&End{
			Cause:  CauseReported,
			Result: s.state.Call.ResultInfo,
			Reason: s.state.Call.TerminationReason,
		}, move.Skipped)
		return
	}
	from := s.state.Call.State
	s.amend(func(call *resources.Call) { call.State = to })
	result := newResult(before, s.state.Call)
	s.raise(StateChanged{from, to, move.Skipped, result})
	if to == resources.CallStateEstablished && transferring(from) && result.Failed() {
		s.raise(TransferFailed{result})
	}
}

// newResult is the result that came with this very report, if one did.
func newResult(before, after *resources.Call) *resources.ResultInfo {
	if before.ResultInfo == after.ResultInfo {
		return nil
	}
	return after.ResultInfo
}

func transferring(state resources.CallState) bool {
	return state == resources.CallStateTransferring || state == resources.CallStateTransferAccepted
}

// end ends the call, once. Operations that were pending end with it.
func (s *step) end(end *End, skipped []resources.CallState) {
	s.tonesReleased()
	from := s.state.Call.State
	if skipped == nil {
		skipped = s.reducer.lattice.Move(from, resources.CallStateTerminated).Skipped
	}
	s.amend(func(call *resources.Call) { call.State = resources.CallStateTerminated })
	s.state.End = end
	s.state.operations = nil
	s.raise(StateChanged{from, resources.CallStateTerminated, skipped, end.Result})
}
