package main

import "context"

// story has Adele call, and hear the welcome to its end.
func story(ctx context.Context, l *laptop) error {
	client, err := l.builder().Build()
	if err != nil {
		return err
	}
	bot := &reception{client: client}
	bot.open(ctx)
	l.bot.Serve(client.Handler())

	call := l.platform.AddPerson("Adele Vance").Call(l.bot)
	<-call.Done() // the bot hangs up
	bot.atWork.Wait()
	return client.Shutdown(ctx)
}
