package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go"

	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// Command is work on a call that any instance can ask for, and that runs where
// the call is owned. Make one with NewCommand, give it to every instance by
// Options.Commands, and ask for it by Run.
type Command[Request, Reply any] struct {
	name string
	run  func(ctx context.Context, call *statefulclient.Call, request Request) (Reply, error)
}

// Runnable is a Command of any types, for Options.Commands.
type Runnable interface {
	// Name is the command's, the same at all instances.
	Name() string

	serve(ctx context.Context, call *statefulclient.Call, request []byte) ([]byte, error)
}

// NewCommand makes a command. Its name is the same at all instances: letters,
// digits, - and _. run is called where the call is owned, maybe several times at
// once; its ctx ends when the caller's deadline does, which comes with the
// request. Request and Reply travel as encoding/json has them.
func NewCommand[Request, Reply any](name string,
	run func(ctx context.Context, call *statefulclient.Call, request Request) (Reply, error),
) *Command[Request, Reply] {
	return &Command[Request, Reply]{name, run}
}

// Name implements Runnable.
func (c *Command[Request, Reply]) Name() string { return c.name }

// Run has the command run where the call is owned, at once if that is here, and
// returns what it returned. As long as nobody owns the call, because it is being
// taken over, it is tried again until ctx ends.
//
// A failure at another instance is a *CommandError. When ctx ends while another
// instance is at work, or that instance dies (ErrOwnerGone), the work may have been
// done: nothing is asked for twice.
func (c *Command[Request, Reply]) Run(ctx context.Context, client *Client, callID string, request Request) (Reply, error) {
	var reply Reply
	err := client.fleet.onCall(ctx, c.name, callID, func(call *statefulclient.Call) (err error) {
		reply, err = c.run(ctx, call, request)
		return err
	}, func(ask asking) error {
		data, err := json.Marshal(request)
		if err != nil {
			return fmt.Errorf("cluster: request of %s: %w", c.name, err)
		}
		answer, err := ask(data)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(answer, &reply); err != nil {
			return fmt.Errorf("cluster: reply of %s: %w", c.name, err)
		}
		return nil
	})
	return reply, err
}

func (c *Command[Request, Reply]) serve(ctx context.Context, call *statefulclient.Call, data []byte) ([]byte, error) {
	var request Request
	if err := json.Unmarshal(data, &request); err != nil {
		return nil, fmt.Errorf("request of %s: %w", c.name, err)
	}
	reply, err := c.run(ctx, call, request)
	if err != nil {
		return nil, err
	}
	return json.Marshal(reply)
}

func checkCommands(commands []Runnable) error {
	var problems []error
	names := map[string]bool{}
	for _, command := range commands {
		switch name := command.Name(); {
		case !isName(name):
			problems = append(problems, fmt.Errorf("command %q: a name must be of letters, digits, - and _, 64 at most", name))
		case names[name]:
			problems = append(problems, fmt.Errorf("two commands have the name %s", name))
		default:
			names[name] = true
		}
	}
	return errors.Join(problems...)
}

// asking sends a request to the owner of the call it is about.
type asking func(data []byte) ([]byte, error)

// onCall does something where a call is owned: here, or by asking who owns it.
func (f *fleet) onCall(ctx context.Context, command, callID string, here func(*statefulclient.Call) error, there func(asking) error) error {
	return f.untilOwned(ctx, func() error {
		if call, t := f.ownCall(callID); call != nil {
			if err := t.hold(ctx); err != nil {
				return err
			}
			return here(call)
		}
		place, err := f.locate(ctx, callID)
		if err != nil {
			return err
		}
		owner := f.ownerOf(place)
		if owner == "" || owner == f.life.Load().name {
			return errNobody // not loaded yet
		}
		return there(func(data []byte) ([]byte, error) {
			request := nats.NewMsg("")
			request.Header.Set(callHeader, token(callID))
			request.Data = data
			return f.ask(ctx, owner, request, commandKind(command), place)
		})
	})
}

// ownCall is a call that this instance owns, and the tenure it is in.
func (f *fleet) ownCall(callID string) (*statefulclient.Call, *tenure) {
	call, known := f.client.Calls().Get(callID)
	if !known {
		return nil, nil
	}
	if t := f.tenureOf(call.Place()); t != nil {
		return call, t
	}
	return nil, nil
}

// ownerOf is the member that owns a place; empty for nobody.
func (f *fleet) ownerOf(place string) string {
	owners := f.seen.Load().table.Owners
	if number, ok := number(place, len(owners)); ok {
		return owners[number].Member
	}
	return ""
}

// serveCommand runs a command that another instance asked for.
func (f *fleet) serveCommand(ctx context.Context, command string, msg *nats.Msg) ([]byte, error) {
	run := f.commands[command]
	if run == nil {
		return nil, ErrUnknownCommand
	}
	callID, _ := untoken(msg.Header.Get(callHeader))
	call, t := f.ownCall(callID)
	if call == nil {
		if t := f.tenureOf(msg.Header.Get(placeHeader)); t != nil && t.serving() {
			return nil, ErrNoCall
		}
		return nil, ErrNotOwner
	}
	if err := t.hold(ctx); err != nil {
		return nil, err
	}
	f.counters.commands.Add(1)
	return run.serve(ctx, call, msg.Data)
}
