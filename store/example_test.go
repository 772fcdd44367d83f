package store_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/graphcalls/graphcalls-go/store"
)

func ExampleOpenFiles() {
	dir := filepath.Join(os.TempDir(), "bot-calls")
	defer os.RemoveAll(dir)
	ctx := context.Background()

	before, err := store.OpenFiles(dir, store.FilesOptions{})
	if err != nil {
		log.Fatal(err)
	}
	revision, _ := before.Save(ctx, "call-1", 0, []byte("established"))
	_, err = before.Save(ctx, "call-1", 0, []byte("another's"))
	fmt.Println("conflict:", errors.Is(err, store.ErrConflict))
	_, _ = before.Save(ctx, "call-1", revision, []byte("on hold"))
	before.Close()

	after, err := store.OpenFiles(dir, store.FilesOptions{})
	if err != nil {
		log.Fatal(err)
	}
	defer after.Close()
	for record, err := range after.Load(ctx) {
		if err != nil {
			log.Print(err) // one record less, unless it is the last error of the sequence
			continue
		}
		fmt.Printf("%s: %s\n", record.CallID, record.Data)
	}
	// Output:
	// conflict: true
	// call-1: on hold
}
