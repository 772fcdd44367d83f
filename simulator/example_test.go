package simulator_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

// A bot that answers every call, without a library, and somebody who calls it.
func Example() {
	platform, err := simulator.Start(simulator.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer platform.Close()
	bot := platform.RegisterBot(simulator.Bot{DisplayName: "Echo"})
	webhook, err := bot.Listen()
	if err != nil {
		fmt.Println(err)
		return
	}
	answer := func(w http.ResponseWriter, r *http.Request) {
		var batch struct {
			Value []struct {
				ChangeType, ResourceURL string
			}
		}
		_ = json.NewDecoder(r.Body).Decode(&batch)
		w.WriteHeader(http.StatusAccepted)
		if batch.Value[0].ChangeType == "created" {
			body := `{"callbackUri":"` + webhook + `","mediaConfig":{"@odata.type":"#microsoft.graph.serviceHostedMediaConfig"}}`
			request, _ := http.NewRequest(http.MethodPost, platform.ServiceBaseURL()+batch.Value[0].ResourceURL+"/answer", strings.NewReader(body))
			token, _ := platform.AccessToken(bot, bot.TenantID)
			request.Header.Set("Authorization", "Bearer "+token)
			request.Header.Set("Content-Type", "application/json")
			if reply, err := platform.Client().Do(request); err == nil {
				_ = reply.Body.Close()
			}
		}
	}
	bot.Serve(http.HandlerFunc(answer))

	call := platform.AddPerson("Adele Vance").Call(bot)
	if _, err := call.WaitForDelivery(context.Background(), simulator.InState(resources.CallStateEstablished)); err != nil {
		fmt.Println(err)
	}
	fmt.Println(call.State())
	// Output: established
}
