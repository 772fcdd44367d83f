package main

import (
	"context"
	"time"

	"github.com/graphcalls/graphcalls-go/cluster"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// subscribe is the bot: it answers who calls, and reports every event before
// anything else is done about it.
func (i *instance) subscribe(client *statefulclient.Client) {
	calls := client.Calls()
	calls.OnIncoming(func(ctx context.Context, e statefulclient.IncomingCall) {
		i.tell(ctx, e.Call, line{Kind: saysIncoming, Initial: e.Initial})
		_ = e.Call.Answer(ctx, statefulclient.AnswerOptions{}) // it may be answered or over
	})
	calls.OnUpdated(func(ctx context.Context, e statefulclient.CollectionEvent[*statefulclient.Call]) {
		for _, call := range e.Added {
			i.tell(ctx, call, line{Kind: saysAdded, Cause: e.Cause, Initial: e.Initial})
		}
		for _, call := range e.Removed {
			i.tell(ctx, call, line{Kind: saysRemoved, Cause: e.Cause})
		}
	})
	statefulclient.On(calls, func(ctx context.Context, e statefulclient.StateChanged) {
		i.tell(ctx, e.Call, line{Kind: saysState, Old: e.Old, New: e.New, Skipped: e.Skipped, Cause: e.Cause, Initial: e.Initial})
	})
	statefulclient.On(calls, func(ctx context.Context, e statefulclient.ToneReceived) {
		i.tell(ctx, e.Call, line{Kind: saysKey, Key: e.SequenceID})
	})
	client.OnUnmatched(func(_ context.Context, u statefulclient.Unmatched) {
		i.say(line{Kind: saysUnmatched, Call: u.CallID, At: time.Now()})
	})
}

func (i *instance) tell(ctx context.Context, call *statefulclient.Call, l line) {
	l.At, l.Call, l.Place, l.EventID = time.Now(), call.ID(), call.Place(), statefulclient.EventID(ctx)
	i.say(l)
}

func (i *instance) own(change cluster.Ownership) {
	i.say(line{Kind: saysOwnership, At: time.Now(), Ownership: change})
}
