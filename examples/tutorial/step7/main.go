// Reception answers the telephone.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/store"
	"github.com/graphcalls/graphcalls-go/transport"
)

func main() {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	if err := run(ctx); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// run is the process, until it is told to stop.
func run(told context.Context) error {
	provider, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{
		AppID: os.Getenv("BOT_APP_ID"), Secret: os.Getenv("BOT_APP_SECRET"), Tenant: os.Getenv("BOT_TENANT"),
	})
	if err != nil {
		return err
	}
	defer provider.Close()
	records, err := store.OpenFiles(os.Getenv("BOT_FOLDER"), store.FilesOptions{})
	if err != nil {
		return err
	}
	client, err := newClient(provider, records)
	if err != nil {
		return err
	}

	ctx := context.WithoutCancel(told) // calls go on while the process is told to stop
	bot := &reception{client: client, sales: os.Getenv("BOT_SALES")}
	bot.open(ctx)
	server := transport.NewServer(os.Getenv("BOT_LISTEN"), client.Handler()) // plain http, behind a proxy or a tunnel
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	if err := bot.resume(ctx); err != nil {
		fmt.Println("not all calls are back:", err)
	}
	select {
	case <-told.Done():
	case err = <-failed:
	}

	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	return errors.Join(err, server.Shutdown(ctx), bot.stop(ctx), records.Close())
}

func newClient(provider auth.Provider, records store.Store) (*statefulclient.Client, error) {
	logger, err := zap.NewProduction()
	if err != nil {
		return nil, err
	}
	return statefulclient.NewStatefulClientBuilder("Reception", os.Getenv("BOT_APP_ID")).
		SetAuthenticationProvider(provider).
		SetNotificationUrl(os.Getenv("BOT_NOTIFICATION_URL")).
		SetStore(records).
		SetLogger(logger).
		Build()
}
