package main

import (
	"context"
	"fmt"
	"sync"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// reception is the bot.
type reception struct {
	client *statefulclient.Client
	atWork sync.WaitGroup // one for each call that is served
}

// talk plays a welcome to its end, and hangs up.
func (r *reception) talk(ctx context.Context, call *statefulclient.Call) error {
	if err := call.WaitFor(ctx, resources.CallStateEstablished); err != nil {
		return err
	}
	fmt.Println("plays the welcome")
	welcome, err := call.PlayPrompt(ctx, resources.NewMediaPrompt("https://bot.contoso.com/welcome.wav"))
	if err != nil {
		return err
	}
	if _, err := welcome.Wait(ctx); err != nil {
		return err
	}
	return call.Hangup(ctx)
}
