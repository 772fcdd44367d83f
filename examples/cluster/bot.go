package main

import (
	"context"
	"time"

	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// bot answers who calls, and listens for keys. It knows nothing of a fleet.
type bot struct{ say func(news) }

// news is what the bot tells of a call.
type news struct {
	Kind    string
	Call    string
	Key     string
	EventID string
	At      time.Time
}

// The kinds of news.
const (
	answered  = "answered"
	tookOver  = "took over"
	keyHeard  = "key"
	callEnded = "ended"
)

// subscribe has the bot told of all calls of a client.
func (b *bot) subscribe(client *statefulclient.Client) {
	calls := client.Calls()
	calls.OnIncoming(func(ctx context.Context, e statefulclient.IncomingCall) {
		if e.Call.Answer(ctx, statefulclient.AnswerOptions{}) == nil { // else the caller has hung up
			b.tell(ctx, e.Call, news{Kind: answered})
		}
	})
	calls.OnUpdated(func(ctx context.Context, e statefulclient.CollectionEvent[*statefulclient.Call]) {
		for _, call := range e.Added {
			if e.Initial {
				b.tell(ctx, call, news{Kind: tookOver})
			}
		}
		for _, call := range e.Removed {
			if e.Cause != statefulclient.CauseReleased { // which goes on elsewhere
				b.tell(ctx, call, news{Kind: callEnded})
			}
		}
	})
	statefulclient.On(calls, func(ctx context.Context, e statefulclient.ToneReceived) {
		b.tell(ctx, e.Call, news{Kind: keyHeard, Key: string(e.Tone)})
	})
}

func (b *bot) tell(ctx context.Context, call *statefulclient.Call, n news) {
	n.Call, n.EventID, n.At = call.ID(), statefulclient.EventID(ctx), time.Now()
	b.say(n)
}
