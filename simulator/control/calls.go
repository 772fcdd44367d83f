package control

import (
	"math"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

func (s *Server) listCalls(*request) (answer, error) { return ok(s.calls()) }

func (s *Server) getCall(r *request) (answer, error) {
	call, err := s.call(r.PathValue("call"))
	if err != nil {
		return answer{}, err
	}
	return ok(s.describeCall(call))
}

func (s *Server) call(id string) (*simulator.Call, error) {
	if call := s.platform.Call(id); call != nil {
		return call, nil
	}
	return nil, notFound("call", "; GET /v1/calls lists them")
}

// liveCall finds the call a request acts on.
func (s *Server) liveCall(r *request) (*simulator.Call, error) {
	call, err := s.call(r.PathValue("call"))
	if err == nil && call.State() == resources.CallStateTerminated {
		err = conflict("The call has ended.")
	}
	return call, err
}

func (s *Server) pressKey(r *request) (answer, error) {
	call, err := s.liveCall(r)
	if err != nil {
		return answer{}, err
	}
	var body struct {
		Tone resources.Tone `json:"tone"`
	}
	if err := r.parse(&body); err != nil {
		return answer{}, err
	}
	if !resources.Known(body.Tone) {
		return answer{}, invalid("tone must be a name such as tone1, star or pound.")
	}
	s.noteOf(call, "presses "+string(body.Tone))
	call.PressKey(body.Tone)
	return done()
}

func (s *Server) speak(r *request) (answer, error) {
	call, err := s.liveCall(r)
	if err != nil {
		return answer{}, err
	}
	var body struct {
		Seconds float64 `json:"seconds"`
	}
	if err := r.parse(&body); err != nil {
		return answer{}, err
	}
	if !(body.Seconds >= 0 && body.Seconds <= time.Hour.Seconds()) {
		return answer{}, invalid("seconds must be between 0 and 3600.")
	}
	length := time.Duration(math.Round(body.Seconds * float64(time.Second)))
	s.noteOf(call, "will speak for "+length.String())
	call.SpeaksFor(length)
	return done()
}

func (s *Server) sendRoster(r *request) (answer, error) {
	call, err := s.liveCall(r)
	if err != nil {
		return answer{}, err
	}
	s.note(actText{Who: "Platform", What: "sends the roster", CallID: call.ID()})
	call.SendRoster()
	return done()
}

// hangUp has the other end hang up. Where there is no one other end, in a group
// call or a meeting, it ends for everybody.
func (s *Server) hangUp(r *request) (answer, error) {
	call, err := s.liveCall(r)
	if err != nil {
		return answer{}, err
	}
	s.noteOf(call, "hangs up")
	if incoming := s.cast.incomingCall(call.ID()); incoming != nil {
		incoming.Hangup()
		return done()
	}
	roster := call.Facts().Roster
	if other := s.otherEnd(roster); other != nil && len(roster) <= 2 {
		other.Leave()
	}
	call.End(200, 5001, "The conversation has ended.") // unless leaving ended it
	return done()
}

// otherEnd is the first person of a roster who is known here, or nil.
func (s *Server) otherEnd(roster resources.Participants) *person {
	_, people, _ := s.cast.list()
	for i := range people {
		for _, entry := range roster {
			if id := people[i].ParticipantID(); id != "" && id == entry.ID {
				return &people[i]
			}
		}
	}
	return nil
}

// noteOf notes something that the other end of a call does.
func (s *Server) noteOf(call *simulator.Call, what string) {
	who := "The other end"
	if p, err := s.cast.person(s.describeCall(call).CallerID); err == nil {
		who = p.String()
	} else if other := s.otherEnd(call.Facts().Roster); other != nil {
		who = other.String()
	}
	s.note(actText{Who: who, What: what, CallID: call.ID()})
}

func (s *Server) endCall(r *request) (answer, error) {
	call, err := s.liveCall(r)
	if err != nil {
		return answer{}, err
	}
	body := resultText{500, 1003, "Internal server error."}
	if err := r.parse(&body); err != nil {
		return answer{}, err
	}
	s.note(actText{Who: "Platform", What: "ends the call", CallID: call.ID(), Fault: true})
	call.End(body.Code, body.Subcode, body.Message)
	return done()
}

func (s *Server) vanish(r *request) (answer, error) {
	call, err := s.liveCall(r)
	if err != nil {
		return answer{}, err
	}
	s.note(actText{Who: "Platform", What: "loses the call without a word", CallID: call.ID(), Fault: true})
	call.Vanish()
	return done()
}
