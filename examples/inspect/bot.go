package main

import (
	"context"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// reception is the bot: it answers whoever calls, plays a menu and hears keys. It
// is not without faults.
type reception struct {
	client *statefulclient.Client
	behind map[resources.Tone]func()
}

func (r reception) open() {
	r.client.Calls().OnIncoming(func(ctx context.Context, e statefulclient.IncomingCall) {
		if e.Call.Answer(ctx, statefulclient.AnswerOptions{}) != nil {
			return // the call's end says why
		}
		statefulclient.On(e.Call, r.pressed)
	})
	statefulclient.On(r.client.Calls(), func(ctx context.Context, e statefulclient.StateChanged) {
		if e.New == resources.CallStateEstablished && !e.Initial && e.Call.Resource().Direction == resources.CallDirectionIncoming {
			r.greet(ctx, e.Call)
		}
	})
	r.client.Calls().OnUpdated(func(context.Context, statefulclient.CollectionEvent[*statefulclient.Call]) {})
}

// greet plays the menu. What fails is told by the page, which is what this is for.
func (r reception) greet(ctx context.Context, call *statefulclient.Call) {
	if call.SubscribeToTone(ctx) == nil {
		_, _ = call.PlayPrompt(ctx, menu())
	}
}

func menu() *resources.MediaPrompt {
	return resources.NewMediaPrompt("https://bot.contoso.com/menu.wav")
}

// pressed is slow at 5, and panics at the star.
func (r reception) pressed(ctx context.Context, e statefulclient.ToneReceived) {
	switch e.Tone {
	case resources.ToneStar:
		r.behind[e.Tone]() // nobody thought of the star: this panics
	case resources.Tone5:
		pause(e.Call.Context(), 1200*time.Millisecond)
	case resources.TonePound:
		_ = e.Call.Hangup(ctx)
	default:
		_, _ = e.Call.PlayPrompt(ctx, menu())
	}
}

// pause reports false when it is over before its time.
func pause(ctx context.Context, length time.Duration) bool {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
