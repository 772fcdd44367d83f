// Echo answers every call and plays a sound file into it. It runs against
// Microsoft Graph, with what the environment says.
package main

import (
	"context"
	"log"
	"os"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

func main() {
	provider, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{
		AppID: os.Getenv("BOT_APP_ID"), Secret: os.Getenv("BOT_APP_SECRET"), Tenant: os.Getenv("BOT_TENANT")})
	if err != nil {
		log.Fatal(err)
	}
	client, err := statefulclient.NewStatefulClientBuilder("Echo", os.Getenv("BOT_APP_ID")).
		SetAuthenticationProvider(provider).SetNotificationUrl(os.Getenv("BOT_NOTIFICATION_URL")).Build()
	if err != nil {
		log.Fatal(err)
	}
	client.Calls().OnIncoming(greet)
	log.Fatal(transport.NewServer(":8080", client.Handler()).ListenAndServe())
}

func greet(ctx context.Context, e statefulclient.IncomingCall) {
	err := e.Call.Answer(ctx, statefulclient.AnswerOptions{})
	if err == nil {
		err = e.Call.WaitFor(e.Call.Context(), resources.CallStateEstablished)
	}
	if err == nil {
		_, err = e.Call.PlayPrompt(e.Call.Context(), resources.NewMediaPrompt(os.Getenv("BOT_SOUND_URL")))
	}
	if err != nil {
		log.Print(err)
	}
}
