package main

import (
	"context"
	"fmt"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// play has Adele choose sales, and Diego leave a message.
func play(ctx context.Context, l *laptop, client *statefulclient.Client) error {
	alex := l.platform.AddPerson("Alex Wilber")
	bot := &reception{client: client, sales: alex.ID}
	bot.open(ctx)
	l.bot.Serve(client.Handler())

	adele := l.platform.AddPerson("Adele Vance")
	call := adele.Call(l.bot)
	if err := call.WaitListening(ctx); err != nil {
		return err
	}
	call.PressKey(resources.Tone1)
	<-call.Done()
	bot.atWork.Wait()
	fmt.Println("Adele is with", adele.With()[0])

	call = l.platform.AddPerson("Diego Siciliani").Call(l.bot)
	call.SpeaksFor(3 * time.Second)
	if err := call.WaitListening(ctx); err != nil {
		return err
	}
	call.PressKey(resources.Tone2)
	<-call.Done()
	bot.atWork.Wait()
	return client.Shutdown(ctx)
}
