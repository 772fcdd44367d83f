package scenario

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/graphcalls/graphcalls-go/simulator"
)

// spoilt is a fault of the simulator's, with its arguments.
type spoilt struct {
	simulator.Fault

	name      token
	arguments []token
}

func faultNames(*parser) []string {
	var all []string
	for _, f := range simulator.AllFaults() {
		all = append(all, f.Name)
	}
	return all
}

// readFault reads the name of a fault and what arguments follow it.
func readFault(_ *parser, tokens []token) (any, int, string) {
	if len(tokens) == 0 {
		return nil, 0, ""
	}
	fault, known := simulator.FaultNamed(tokens[0].text)
	if !known || tokens[0].quoted {
		return nil, 0, fmt.Sprintf("there is no fault “%s”", tokens[0].text)
	}
	read := spoilt{Fault: fault, name: tokens[0]}
	for _, t := range tokens[1:] {
		if t.text == "in" || len(read.arguments) == len(fault.Parameters) {
			break
		}
		read.arguments = append(read.arguments, t)
	}
	return read, 1 + len(read.arguments), ""
}

// faultForms are what is done to notifications and replies.
func faultForms() []form {
	all := func(how func(*simulator.Platform)) func(*parser, args) (act, error) {
		return func(*parser, args) (act, error) {
			return func(_ context.Context, p *play) error {
				how(p.platform)
				return nil
			}, nil
		}
	}
	return []form{
		{pattern: "fault FAULT", says: "spoils what bots are told or answered, from now on", setting: true, build: buildFault},
		{pattern: "fault FAULT in the call with WHO", says: "the same, in one call alone; waits until it is there", build: buildFault},
		{pattern: "release", says: "sends what the fault hold has kept back, and ends it", build: all((*simulator.Platform).Release)},
		{pattern: "heal", says: "ends all faults", build: all((*simulator.Platform).Heal)},
	}
}

func buildFault(p *parser, a args) (act, error) {
	fault := arg[spoilt](a, "FAULT")
	var arguments []string
	for i, t := range fault.arguments {
		if !fits(fault.Parameters[i].Kind, t.text) {
			return nil, p.mistakeAt(t, fmt.Sprintf("“%s” is not understood here; expected %s", t.text, usage(fault.Fault)))
		}
		arguments = append(arguments, t.text)
	}
	who := arg[*entity](a, "WHO")
	if who != nil && !fault.PerCall {
		return nil, p.mistakeAt(fault.name, "the fault "+fault.Name+" cannot be given to one call alone; leave out “in the call with "+who.name+"”")
	}
	return func(ctx context.Context, p *play) error {
		if who == nil {
			return fault.Apply(p.platform, nil, arguments...)
		}
		call, err := p.callOf(ctx, who, "", nil)
		if err != nil {
			return err
		}
		return fault.Apply(p.platform, call, arguments...)
	}, nil
}

// usage is how a fault is written.
func usage(f simulator.Fault) string {
	text := "fault " + f.Name
	for _, parameter := range f.Parameters {
		text += " " + strings.ToUpper(parameter.Name) + " (" + string(parameter.Kind) + ", such as " + parameter.Default + ")"
	}
	return text
}

// fits checks an argument before there is a platform to refuse it.
func fits(kind simulator.FaultParameterKind, text string) bool {
	switch kind {
	case simulator.FaultCount:
		n, err := strconv.Atoi(text)
		return err == nil && n > 0
	case simulator.FaultSeed:
		_, err := strconv.ParseUint(text, 10, 64)
		return err == nil
	case simulator.FaultDuration:
		_, ok := readDuration(text)
		return ok
	case simulator.FaultMatch:
		_, ok := simulator.MatchNamed(text)
		return ok
	case simulator.FaultDiagCode:
		_, ok := readCode(strings.Replace(text, "#", "/", 1))
		return ok
	default:
		return true
	}
}
