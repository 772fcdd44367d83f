package simulator

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
)

// Fault is one of the faults there are, by its name: for whatever has them
// chosen from a list or read from a text, such as scripts, control panels and
// fuzzers. Go programs call the methods of [Faults] and [Platform] of the same
// names.
type Fault struct {
	Name    string // small letters and dashes
	Summary string // one line for people, without a full stop
	// Parameters say what its arguments mean, in their order.
	Parameters []FaultParameter
	// PerCall says that it can be given to one call alone. Faults of the others
	// are the platform's.
	PerCall bool

	apply func(*Platform, *Faults, faultArguments) error
}

// FaultParameter is one argument of a fault.
type FaultParameter struct {
	Name    string
	Kind    FaultParameterKind
	Default string // what it is when it is left out
}

// FaultParameterKind says how an argument is written.
type FaultParameterKind string

// How arguments are written.
const (
	FaultCount    FaultParameterKind = "count"    // a number, 1 or more
	FaultSeed     FaultParameterKind = "seed"     // a number
	FaultDuration FaultParameterKind = "duration" // as time.ParseDuration has it: 50ms
	FaultMatch    FaultParameterKind = "match"    // as MatchNamed has it: ended
	FaultDiagCode FaultParameterKind = "diagCode" // two numbers: 500#7112
)

// faultArguments are a fault's arguments; no fault has two of a kind.
type faultArguments struct {
	count    int
	seed     uint64
	duration time.Duration
	match    Match
	diagCode string
}

// ErrUnknownFault is returned by Inject for a name that is not in [AllFaults].
var ErrUnknownFault = errors.New("simulator: there is no such fault; AllFaults has their names")

// Apply gives the platform the fault, or one of its calls when call is not nil.
// Arguments left out, from the last on, are their defaults. An error says which
// argument is wrong, or that the fault is not for single calls; nothing has
// changed then.
func (f Fault) Apply(platform *Platform, call *Call, arguments ...string) error {
	faults := platform.Faults
	if call != nil {
		if !f.PerCall {
			return fmt.Errorf("simulator: fault %s cannot be given to one call: give it to the platform", f.Name)
		}
		faults = call.Faults
	}
	if len(arguments) > len(f.Parameters) {
		return fmt.Errorf("simulator: fault %s has %d arguments, not %d", f.Name, len(f.Parameters), len(arguments))
	}
	var read faultArguments
	for i, parameter := range f.Parameters {
		text := parameter.Default
		if i < len(arguments) {
			text = arguments[i]
		}
		if err := read.set(parameter.Kind, text); err != nil {
			return fmt.Errorf("simulator: fault %s, %s %q: %w", f.Name, parameter.Name, text, err)
		}
	}
	return f.apply(platform, faults, read)
}

func (a *faultArguments) set(kind FaultParameterKind, text string) (err error) {
	switch kind {
	case FaultCount:
		if a.count, err = strconv.Atoi(text); err == nil && a.count < 1 {
			err = errors.New("must be 1 or more")
		}
	case FaultSeed:
		a.seed, err = strconv.ParseUint(text, 10, 64)
	case FaultDuration:
		if a.duration, err = time.ParseDuration(text); err == nil && a.duration < 0 {
			err = errors.New("must not be negative")
		}
	case FaultDiagCode:
		a.diagCode = text
	case FaultMatch:
		var known bool
		if a.match, known = MatchNamed(text); !known {
			err = errors.New("is not the name of anything; see MatchNamed")
		}
	}
	return err
}

// MatchNamed is the Match of a name: any, ended, a state such as established,
// or what a notification is about: participants, operations.
func MatchNamed(name string) (Match, bool) {
	name = strings.ToLower(name)
	for _, state := range []resources.CallState{
		resources.CallStateIncoming, resources.CallStateEstablishing, resources.CallStateRinging,
		resources.CallStateEstablished, resources.CallStateHold, resources.CallStateTransferring,
		resources.CallStateTransferAccepted, resources.CallStateRedirecting,
		resources.CallStateTerminating, resources.CallStateTerminated,
	} {
		if strings.EqualFold(string(state), name) {
			return InState(state), true
		}
	}
	switch name {
	case "any":
		return func(*resources.Notification) bool { return true }, true
	case "ended":
		return Ended, true
	case string(resources.CollectionParticipants), string(resources.CollectionOperations):
		return Under(resources.Collection(name)), true
	}
	return nil, false
}

// FaultNamed finds a fault by its name, in any case.
func FaultNamed(name string) (Fault, bool) {
	all := AllFaults()
	if at := slices.IndexFunc(all, func(f Fault) bool { return strings.EqualFold(f.Name, name) }); at >= 0 {
		return all[at], true
	}
	return Fault{}, false
}

// Inject gives the platform a fault by its name: ErrUnknownFault when there is
// none, and the errors of [Fault.Apply].
func (p *Platform) Inject(name string, arguments ...string) error {
	return inject(p, nil, name, arguments)
}

// Inject gives the call, and no other, a fault by its name: ErrUnknownFault
// when there is none, and the errors of [Fault.Apply].
func (c *Call) Inject(name string, arguments ...string) error {
	return inject(c.platform, c, name, arguments)
}

func inject(p *Platform, c *Call, name string, arguments []string) error {
	fault, known := FaultNamed(name)
	if !known {
		return fmt.Errorf("%w: %s", ErrUnknownFault, name)
	}
	return fault.Apply(p, c, arguments...)
}
