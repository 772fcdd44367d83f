package store_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/graphcalls/graphcalls-go/store"
)

// Two clients that share a store cannot overwrite each other's work.
func ExampleMemory() {
	ctx, calls := context.Background(), store.NewMemory()
	revision, _ := calls.Save(ctx, "call-1", 0, []byte("ringing"))
	_, _ = calls.Save(ctx, "call-1", revision, []byte("established"))
	_, err := calls.Save(ctx, "call-1", revision, []byte("ringing still"))
	fmt.Println("conflict:", errors.Is(err, store.ErrConflict))

	record, _ := calls.Get(ctx, "call-1")
	fmt.Printf("%s: %s\n", record.CallID, record.Data)
	// Output:
	// conflict: true
	// call-1: established
}
