package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/store"
)

// story has the bot restarted while Adele is in the menu.
func story(ctx context.Context, l *laptop) error {
	folder, err := os.MkdirTemp("", "reception")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	sales, adele := l.platform.AddPerson("Alex Wilber"), l.platform.AddPerson("Adele Vance")

	var call *simulator.IncomingCall
	err = process(ctx, l, folder, sales.ID, func(*reception) error {
		call = adele.Call(l.bot)
		return call.WaitListening(ctx)
	})
	if err != nil {
		return err
	}
	fmt.Println("-- that process is gone; here is the next --")
	return process(ctx, l, folder, sales.ID, func(bot *reception) error {
		if err := call.WaitListening(ctx); err != nil {
			return err
		}
		call.PressKey(resources.Tone1)
		<-call.Done()
		bot.atWork.Wait()
		fmt.Println("Adele is with", adele.With()[0])
		return nil
	})
}

// process is a bot that keeps its calls in a folder, from start to end.
func process(ctx context.Context, l *laptop, folder, sales string, meanwhile func(*reception) error) error {
	records, err := store.OpenFiles(folder, store.FilesOptions{})
	if err != nil {
		return err
	}
	client, err := l.builder().SetStore(records).Build()
	if err != nil {
		return err
	}
	bot := &reception{client: client, sales: sales}
	bot.open(ctx)
	l.bot.Serve(client.Handler())
	if err := bot.resume(ctx); err != nil {
		return err
	}
	if err := meanwhile(bot); err != nil {
		return err
	}
	return errors.Join(bot.stop(ctx), records.Close())
}
