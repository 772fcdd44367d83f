package main

import (
	"context"
	"fmt"

	"github.com/graphcalls/graphcalls-go/resources"
)

// resume goes on with the calls that the process before has left. One that
// still rings comes in by open's handler.
func (r *reception) resume(ctx context.Context) error {
	calls, err := r.client.Rehydrate(ctx)
	for _, call := range calls {
		if call.State() != resources.CallStateIncoming {
			fmt.Println("goes on with", call.CallerName())
			r.atWork.Go(func() { r.serve(ctx, call) })
		}
	}
	return err // why some did not come back, or could not be asked about
}

// stop leaves the calls to the next process.
func (r *reception) stop(ctx context.Context) error {
	err := r.client.Flush(ctx)
	r.client.Close() // hangs up nothing
	r.atWork.Wait()
	return err
}
