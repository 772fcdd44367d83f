package control

import (
	"strings"

	"github.com/graphcalls/graphcalls-go/simulator"
)

// faultText is a fault to inject: one of the simulator's, by its name, with what
// its parameters are other than their defaults.
type faultText struct {
	Kind      string            `json:"kind"`
	Arguments map[string]string `json:"arguments"`
	// CallID names the one call that it spoils; all of them when empty.
	CallID string `json:"callId,omitempty"`
}

// faultKindText describes one of the simulator's faults.
type faultKindText struct {
	Kind       string               `json:"kind"`
	Summary    string               `json:"summary"`
	PerCall    bool                 `json:"perCall"`
	Parameters []faultParameterText `json:"parameters"`
}

type faultParameterText struct {
	Name    string `json:"name"`
	Kind    string `json:"kind"`
	Default string `json:"default"`
}

type faultsText struct {
	Kinds    []faultKindText `json:"kinds"`
	Injected []faultText     `json:"injected"`
}

func (s *Server) listFaults(*request) (answer, error) {
	text := faultsText{Kinds: []faultKindText{}, Injected: s.faults.list()}
	for _, fault := range simulator.AllFaults() {
		kind := faultKindText{fault.Name, fault.Summary, fault.PerCall, []faultParameterText{}}
		for _, p := range fault.Parameters {
			kind.Parameters = append(kind.Parameters, faultParameterText{p.Name, string(p.Kind), p.Default})
		}
		text.Kinds = append(text.Kinds, kind)
	}
	return ok(text)
}

func (s *Server) inject(r *request) (answer, error) {
	var body faultText
	if err := r.parse(&body); err != nil {
		return answer{}, err
	}
	fault, known := simulator.FaultNamed(body.Kind)
	if !known {
		return answer{}, invalid("There is no fault of this kind; GET /v1/faults lists them.")
	}
	call, err := s.callOrNone(body.CallID)
	if err != nil {
		return answer{}, err
	}
	arguments, err := positional(fault, body.Arguments)
	if err != nil {
		return answer{}, err
	}
	s.looking.Lock()
	defer s.looking.Unlock()
	if err := fault.Apply(s.platform, call, arguments...); err != nil {
		return answer{}, invalid("The fault cannot be injected: " + err.Error() + ".")
	}
	if body.Arguments = map[string]string{}; len(arguments) > 0 {
		for i, p := range fault.Parameters {
			body.Arguments[p.Name] = arguments[i]
		}
	}
	s.faults.add(body)
	s.note(actText{Who: "Fault", What: strings.Join(append([]string{fault.Name}, arguments...), " "), CallID: body.CallID, Fault: true})
	return created(body)
}

// positional puts arguments in their order, with defaults for what is left out.
func positional(fault simulator.Fault, named map[string]string) ([]string, error) {
	var ordered []string
	found := 0
	for _, p := range fault.Parameters {
		text, given := named[p.Name]
		if given {
			found++
		} else {
			text = p.Default
		}
		ordered = append(ordered, text)
	}
	if found < len(named) {
		return nil, invalid("The fault " + fault.Name + " has no argument of such a name; GET /v1/faults lists them.")
	}
	return ordered, nil
}

func (s *Server) callOrNone(id string) (*simulator.Call, error) {
	if id == "" {
		return nil, nil
	}
	return s.call(id)
}

func (s *Server) release(r *request) (answer, error) {
	var body struct {
		CallID string `json:"callId"`
	}
	if err := r.parse(&body); err != nil {
		return answer{}, err
	}
	call, err := s.callOrNone(body.CallID)
	if err != nil {
		return answer{}, err
	}
	s.note(actText{Who: "Fault", What: "release", CallID: body.CallID, Fault: true})
	if call != nil {
		call.Release()
	} else {
		s.platform.Release()
	}
	s.faults.release(body.CallID)
	return done()
}

func (s *Server) heal(*request) (answer, error) {
	s.note(actText{Who: "Fault", What: "all healed", Fault: true})
	s.platform.Heal()
	s.faults.clear()
	return done()
}
