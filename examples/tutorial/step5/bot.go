package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// open has the reception hear of calls from now on. Those it answers it serves
// as long as ctx lives, each in a goroutine of its own: while a handler runs, no
// other handler of its call does.
func (r *reception) open(ctx context.Context) {
	r.client.Calls().OnIncoming(func(answerBy context.Context, e statefulclient.IncomingCall) {
		fmt.Println(e.Call.CallerName(), "is calling")
		if err := e.Call.Answer(answerBy, statefulclient.AnswerOptions{}); err != nil {
			fmt.Println("not answered, as it seems:", err) // the platform may have: serve sees
		}
		r.atWork.Go(func() { r.serve(ctx, e.Call) })
	})
}

// serve is a call, from the answer to its end. Neither a caller who has hung up
// nor a client that was closed needs anything more.
func (r *reception) serve(ctx context.Context, call *statefulclient.Call) {
	err := r.talk(ctx, call)
	if err != nil && !errors.Is(err, statefulclient.ErrCallEnded) && !errors.Is(err, statefulclient.ErrClosed) {
		fmt.Println("gives up:", err)
		_ = call.Hangup(ctx)
	}
	<-call.Context().Done()
	if reason, ended := call.End(); ended {
		fmt.Println("the call has ended:", reason)
	}
}
