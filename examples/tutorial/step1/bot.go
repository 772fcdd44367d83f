package main

import (
	"context"
	"fmt"

	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// reception is the bot.
type reception struct {
	client *statefulclient.Client
}

// open has the reception hear of calls from now on.
func (r *reception) open() {
	r.client.Calls().OnIncoming(r.answer)
	statefulclient.On(r.client.Calls(), func(_ context.Context, e statefulclient.StateChanged) {
		fmt.Println("the call is", e.New)
	})
}

// answer is told of each call that comes in.
func (r *reception) answer(ctx context.Context, e statefulclient.IncomingCall) {
	fmt.Println(e.Call.CallerName(), "is calling")
	if err := e.Call.Answer(ctx, statefulclient.AnswerOptions{}); err != nil {
		fmt.Println("not answered:", err)
	}
}
