package main

import (
	"context"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// story has Adele call the reception, and hang up once she is through.
func story(ctx context.Context, l *laptop) error {
	client, err := l.builder().Build()
	if err != nil {
		return err
	}
	bot := &reception{client: client}
	bot.open()
	through := make(chan struct{})
	statefulclient.On(client.Calls(), func(_ context.Context, e statefulclient.StateChanged) {
		if e.New == resources.CallStateEstablished {
			close(through)
		}
	})
	l.bot.Serve(client.Handler())

	call := l.platform.AddPerson("Adele Vance").Call(l.bot)
	<-through
	call.Hangup()
	<-call.Done()
	return client.Shutdown(ctx) // waits for what there is to tell
}
