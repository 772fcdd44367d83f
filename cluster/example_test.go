package cluster_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/cluster"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// One of several instances behind a load balancer.
func ExampleJoin() {
	run := func(ctx context.Context, provider auth.Provider, key []byte) error {
		nc, err := nats.Connect("tls://nats.contoso.com", nats.MaxReconnects(-1))
		if err != nil {
			return err
		}
		defer nc.Close()
		builder := statefulclient.NewStatefulClientBuilder("EchoBot", "app id").
			SetAuthenticationProvider(provider).
			SetNotificationUrl("https://bot.contoso.com/api/calls")
		client, err := cluster.Join(ctx, nc, builder, cluster.Options{
			Key: key, Replicas: 3,
			Subscribe: func(client *statefulclient.Client) {
				client.Calls().OnIncoming(func(ctx context.Context, e statefulclient.IncomingCall) {
					if err := e.Call.Answer(ctx, statefulclient.AnswerOptions{}); err != nil {
						log.Print(err)
					}
				})
			},
		})
		if err != nil {
			return err
		}
		http.Handle("/api/calls", client.Handler())
		<-ctx.Done() // a new version is to take this one's place
		leaving, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		return client.Drain(leaving)
	}
	_ = run
}

// Work on a call, asked for wherever an HTTP request of the bot's own comes in.
func ExampleNewCommand() {
	type question struct{ Text string }
	ask := cluster.NewCommand("ask", func(ctx context.Context, call *statefulclient.Call, q question) (digits string, err error) {
		return call.CollectDigits(ctx, statefulclient.CollectOptions{})
	})
	// … cluster.Join with Options{Commands: []cluster.Runnable{ask}}
	serve := func(ctx context.Context, client *cluster.Client, callID string) {
		digits, err := ask.Run(ctx, client, callID, question{"Your number?"})
		switch {
		case errors.Is(err, cluster.ErrNoCall), errors.Is(err, statefulclient.ErrCallEnded):
			fmt.Println("they have hung up")
		case err == nil:
			fmt.Println("they pressed", digits)
		}
	}
	_ = serve
}
