package main

import (
	"context"
	"strings"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// unwanted begins the names of callers that the bot rejects.
const unwanted = "Unwanted"

// subscribe has every event said, before anything else is done about it.
func (b *robot) subscribe() {
	calls := b.client.Calls()
	calls.OnIncoming(b.incoming)
	calls.OnUpdated(b.collection)
	b.client.OnUnmatched(func(_ context.Context, u statefulclient.Unmatched) {
		b.say(line{Kind: saysUnmatched, Call: u.CallID})
	})
	statefulclient.On(calls, func(_ context.Context, e statefulclient.StateChanged) {
		b.say(line{Kind: saysState, Call: e.Call.ID(), Old: e.Old, New: e.New, Cause: e.Cause, Initial: e.Initial})
		b.misbehave()
	})
	statefulclient.On(calls, func(_ context.Context, e statefulclient.OperationCompleted) {
		common := e.Operation.Common()
		b.say(line{Kind: saysOperation, Call: e.Call.ID(), Operation: common.ID, Mark: common.ClientContext, Failed: e.Failed})
		b.misbehave()
	})
	statefulclient.On(calls, func(context.Context, statefulclient.ToneReceived) { b.misbehave() })
	statefulclient.On(calls, func(context.Context, statefulclient.MediaStateChanged) { b.misbehave() })
}

func (b *robot) incoming(ctx context.Context, e statefulclient.IncomingCall) {
	b.say(line{Kind: saysIncoming, Call: e.Call.ID(), Initial: e.Initial})
	source := e.Call.Resource().Source
	if source != nil && source.Identity != nil && strings.HasPrefix(source.Identity.DisplayName(), unwanted) {
		_ = e.Call.Reject(ctx, resources.RejectReasonBusy) // it may have been withdrawn
		return
	}
	options := statefulclient.AnswerOptions{}
	if e.Recording {
		options.ParticipantCapacity = 10
	}
	_ = e.Call.Answer(ctx, options) // so may this
	b.misbehave()
}

func (b *robot) collection(_ context.Context, e statefulclient.CollectionEvent[*statefulclient.Call]) {
	for _, call := range e.Added {
		b.say(line{Kind: saysAdded, Call: call.ID(), Cause: e.Cause, Initial: e.Initial})
		call.Participants().OnUpdated(func(_ context.Context, e statefulclient.CollectionEvent[*statefulclient.Participant]) {
			b.say(line{
				Kind: saysRoster, Call: call.ID(), Cause: e.Cause, Initial: e.Initial,
				Added: ids(e.Added), Updated: ids(e.Updated), Removed: ids(e.Removed),
			})
			b.misbehave()
		})
	}
	for _, call := range e.Removed {
		held := dumpOf(call)
		b.say(line{Kind: saysRemoved, Call: call.ID(), Cause: e.Cause, Held: &held})
	}
}

func ids(people []*statefulclient.Participant) []string {
	var list []string
	for _, p := range people {
		list = append(list, p.ID())
	}
	return list
}

// misbehave is what bots' handlers do: most are quick, some are slow, a few hang
// for a while, and one in fifty panics.
func (b *robot) misbehave() {
	if b.calm.Load() {
		return
	}
	switch chance := b.dice.n(200); {
	case chance < 4:
		panic("chaos") //nolint:forbidigo // as bots do
	case chance < 5:
		pause(b.life, b.dice.between(time.Second, 2*time.Second))
	case chance < 25:
		pause(b.life, b.dice.between(time.Millisecond, 50*time.Millisecond))
	}
}
