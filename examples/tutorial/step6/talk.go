package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// reception is the bot.
type reception struct {
	client *statefulclient.Client
	sales  string         // the id of the user behind key 1
	atWork sync.WaitGroup // one for each call that is served
}

// talk asks for a key, and does what it is for.
func (r *reception) talk(ctx context.Context, call *statefulclient.Call) error {
	if err := call.WaitFor(ctx, resources.CallStateEstablished); err != nil {
		return err
	}
	fmt.Println("asks: 1 for sales, 2 to leave a message")
	key, err := call.Ask(ctx, statefulclient.AskOptions{
		Prompts: []*resources.MediaPrompt{resources.NewMediaPrompt("https://bot.contoso.com/menu.wav")},
		Collect: statefulclient.CollectOptions{First: 10 * time.Second},
	})
	if err != nil && !errors.Is(err, statefulclient.ErrNoKey) {
		return err
	}
	switch key {
	case "1":
		return r.transfer(ctx, call)
	case "2":
		return r.takeMessage(ctx, call)
	default:
		fmt.Println("hears no key it knows, and hangs up")
		return call.Hangup(ctx)
	}
}

// transfer hands the caller over to sales, by which the call ends for the bot.
func (r *reception) transfer(ctx context.Context, call *statefulclient.Call) error {
	fmt.Println("transfers the caller to sales")
	transfer, err := call.Transfer(ctx, statefulclient.UserIdentity(r.sales), statefulclient.TransferOptions{})
	if err != nil {
		return err
	}
	return transfer.Wait(ctx)
}

// takeMessage records what the caller says until they fall silent, and hangs up.
func (r *reception) takeMessage(ctx context.Context, call *statefulclient.Call) error {
	fmt.Println("records")
	recording, err := call.RecordResponse(ctx, statefulclient.RecordOptions{MaxDuration: 30 * time.Second})
	if err != nil {
		return err
	}
	message, err := recording.Wait(ctx)
	if err != nil {
		return err
	}
	size, err := r.client.DownloadRecording(ctx, message, io.Discard) // a real one keeps it
	if err != nil {
		return err
	}
	fmt.Println("has a message of", size, "bytes")
	return call.Hangup(ctx)
}
