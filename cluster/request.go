package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

// The headers of requests from one instance to another.
const (
	kindHeader    = "Graphcalls-Kind"    // decide, or the name of a command
	placeHeader   = "Graphcalls-Place"   // of the call
	callHeader    = "Graphcalls-Call"    // its token
	withinHeader  = "Graphcalls-Within"  // how long the caller waits, as a duration
	failureHeader = "Graphcalls-Failure" // of replies: set when it failed
)

const (
	// requestsAtOnce bounds the requests of others that are worked on.
	requestsAtOnce = 256
	// tryAgain is how long to wait before a request that nobody could take.
	tryAgain = 50 * time.Millisecond
	// askWithin bounds requests that come without a deadline.
	askWithin = time.Minute
)

// errNobody says that nobody owns the partition at the moment.
var errNobody = errors.New("cluster: nobody owns the call at the moment")

// untilOwned does something that only the owner of a call can do. As long as that
// turns out to be nobody, it looks again and tries again.
func (f *fleet) untilOwned(ctx context.Context, do func() error) error {
	for {
		err := do()
		if !errors.Is(err, errNobody) && !errors.Is(err, ErrNotOwner) {
			return err
		}
		if f.context.Err() != nil {
			return ErrClosed
		}
		f.look()
		if !pause(ctx, tryAgain) {
			return errors.Join(ctx.Err(), err)
		}
	}
}

func commandKind(name string) string { return "command." + name }

// whileMember is a context that ends with ErrOwnerGone when somebody is no member
// any more.
func (f *fleet) whileMember(ctx context.Context, name string) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	watching := make(chan struct{})
	go func() {
		defer close(watching)
		for f.isMember(name) {
			if !pause(ctx, tryAgain) {
				return
			}
		}
		cancel(ErrOwnerGone)
	}()
	return ctx, func() {
		cancel(nil)
		<-watching
	}
}

func (f *fleet) isMember(name string) bool {
	_, is := f.seen.Load().table.Members[name]
	return is
}

// ask sends a request to a member and returns its reply.
func (f *fleet) ask(ctx context.Context, member string, request *nats.Msg, kind, place string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	deadline, _ := ctx.Deadline()
	request.Header.Set(kindHeader, kind)
	request.Header.Set(placeHeader, place)
	request.Header.Set(withinHeader, time.Until(deadline).String())
	f.counters.asked.Add(1)
	ctx, stop := f.whileMember(ctx, member)
	defer stop()
	request.Subject = f.names.member(member)
	reply, err := f.nc.RequestMsgWithContext(ctx, request)
	switch {
	case errors.Is(err, nats.ErrNoResponders):
		return nil, fmt.Errorf("%w: %w", errNobody, err)
	case err != nil && errors.Is(context.Cause(ctx), ErrOwnerGone):
		return nil, ErrOwnerGone
	case err != nil:
		return nil, err
	case reply.Header.Get(failureHeader) != "":
		id, _ := untoken(request.Header.Get(callHeader))
		return nil, readFailure(strings.TrimPrefix(kind, "command."), id, reply.Data)
	}
	return reply.Data, nil
}

// serve works on a request of another member.
func (f *fleet) serve(msg *nats.Msg) {
	select {
	case f.turns <- struct{}{}:
	default:
		f.reply(msg, nil, ErrNotOwner) // it is tried again
		return
	}
	begun := f.spawn(func() {
		defer func() { <-f.turns }()
		within, err := time.ParseDuration(msg.Header.Get(withinHeader))
		if err != nil || within > askWithin {
			within = askWithin
		}
		ctx, cancel := context.WithTimeout(f.context, within)
		defer cancel()
		data, err := f.serveKind(ctx, msg)
		f.reply(msg, data, err)
	})
	if !begun {
		<-f.turns
		f.reply(msg, nil, ErrNotOwner)
	}
}

func (f *fleet) serveKind(ctx context.Context, msg *nats.Msg) (data []byte, err error) {
	defer func() {
		if problem := recover(); problem != nil {
			f.log.Error("a request panicked", zap.String("kind", msg.Header.Get(kindHeader)), zap.Stack("stack"))
			data, err = nil, errors.New("it panicked")
		}
	}()
	kind := msg.Header.Get(kindHeader)
	if command, is := strings.CutPrefix(kind, "command."); is {
		return f.serveCommand(ctx, command, msg)
	}
	if kind == decideKind {
		return f.serveDecision(ctx, msg)
	}
	return nil, ErrUnknownCommand
}

func (f *fleet) reply(msg *nats.Msg, data []byte, err error) {
	reply := nats.NewMsg(msg.Reply)
	reply.Data = data
	if err != nil {
		reply.Header.Set(failureHeader, "1")
		reply.Data = writeFailure(err)
	}
	if err := f.nc.PublishMsg(reply); err != nil {
		f.log.Debug("a request was not replied to", zap.Error(err))
	}
}

// failure is an error on its way from one instance to another.
type failure struct {
	Kinds []string `json:"kinds,omitempty"` // of those known to both
	Text  string   `json:"text"`
}

// known are the errors that are told apart across instances, by a name of their
// own.
func known() map[string]error {
	return map[string]error{
		"notOwner": ErrNotOwner, "noCall": ErrNoCall, "unknownCommand": ErrUnknownCommand,
		"noParticipant": ErrNoParticipant,
		"callEnded":     statefulclient.ErrCallEnded, "released": statefulclient.ErrReleased, "clientClosed": statefulclient.ErrClosed,
		"draining": statefulclient.ErrDraining, "noOperation": statefulclient.ErrNoOperation, "invalid": statefulclient.ErrInvalid,
		"noKey": statefulclient.ErrNoKey, "callNotFound": transport.ErrCallNotFound, "tenantPermission": transport.ErrTenantPermission,
		"tenantMismatch": transport.ErrTenantMismatch, "sourceIdentity": transport.ErrSourceIdentity, "throttled": transport.ErrThrottled,
		"unauthorized": transport.ErrUnauthorized, "forbidden": transport.ErrForbidden, "service": transport.ErrService,
		"deadline": context.DeadlineExceeded, "canceled": context.Canceled,
	}
}

func writeFailure(err error) []byte {
	f := failure{Text: err.Error()}
	for name, kind := range known() {
		if errors.Is(err, kind) {
			f.Kinds = append(f.Kinds, name)
		}
	}
	data, _ := json.Marshal(f) // of strings alone
	return data
}

func readFailure(command, callID string, data []byte) error {
	var f failure
	if err := json.Unmarshal(data, &f); err != nil {
		f.Text = "it failed, and did not say why"
	}
	e := &CommandError{Command: command, CallID: callID, Text: f.Text}
	kinds := known()
	for _, name := range f.Kinds {
		if kind := kinds[name]; kind != nil {
			e.kinds = append(e.kinds, kind)
		}
	}
	return e
}
