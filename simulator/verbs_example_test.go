package simulator_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

// listener is a bot that takes whatever it is told, and does nothing.
func listener(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) }

// onListener starts a platform with a bot that only listens.
func onListener() (*simulator.Platform, *simulator.Bot) {
	platform, err := simulator.Start(simulator.Options{})
	if err != nil {
		panic(err)
	}
	bot := platform.RegisterBot(simulator.Bot{DisplayName: "Listener"})
	if _, err := bot.Listen(); err != nil {
		panic(err)
	}
	bot.Serve(http.HandlerFunc(listener))
	return platform, bot
}

// A meeting and who is in it.
func ExampleMeeting() {
	platform, err := simulator.Start(simulator.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer platform.Close()
	adele := platform.AddPerson("Adele Vance")
	weekly := platform.AddMeeting(simulator.Meeting{Subject: "Weekly", Organizer: adele})
	adele.Join(weekly)
	adele.Mute()
	for _, p := range weekly.Participants() {
		fmt.Println(p.Info.Identity.DisplayName(), "is muted:", p.IsMuted)
	}
	fmt.Println(strings.HasPrefix(weekly.JoinURL(), "https://teams.microsoft.com/l/meetup-join/"))
	// Output:
	// Adele Vance is muted: true
	// true
}

// A caller who gives up, and what the bot was sent.
func ExampleCall() {
	platform, bot := onListener()
	defer platform.Close()
	call := platform.AddPerson("Adele Vance").Call(bot)
	call.Hangup()
	if _, err := call.WaitForDelivery(context.Background(), simulator.Ended); err != nil {
		fmt.Println(err)
	}
	for _, d := range call.Deliveries() {
		fmt.Println(d.Notification().ChangeType, d.Status)
	}
	fmt.Println(call.Facts().Answered, call.State())
	// Output:
	// created 202
	// deleted 202
	// false terminated
}

// Notifications in an order of your choice, one of them lost.
func ExampleCall_ReleaseInOrder() {
	platform, bot := onListener()
	defer platform.Close()
	call := platform.AddPerson("Adele Vance").Call(bot)
	if _, err := call.WaitForDelivery(context.Background(), simulator.InState(resources.CallStateIncoming)); err != nil {
		fmt.Println(err)
	}
	call.Hold()
	call.SetMediaActive(true)
	call.SetState(resources.CallStateHold)
	call.SetState(resources.CallStateEstablished)
	fmt.Println(len(call.Queued()), "are held back")
	if err := call.ReleaseInOrder(2, 0); err != nil {
		fmt.Println(err)
	}
	fmt.Println(platform.WaitIdle(context.Background()), len(call.Deliveries()), "were sent")
	// Output:
	// 3 are held back
	// <nil> 3 were sent
}

// Faults hold for all calls, or for one; each is counted.
func ExampleFaults() {
	platform, bot := onListener()
	defer platform.Close()
	platform.Duplicate(2)
	call := platform.AddPerson("Adele Vance").Call(bot)
	if err := call.WaitForDeliveries(context.Background(), 3); err != nil {
		fmt.Println(err)
	}
	platform.Heal()
	fmt.Println(len(call.Deliveries()), platform.Stats().Injected)
	// Output: 3 map[duplicate:2]
}

// The same by name, for whatever chooses from a list.
func ExampleFault() {
	platform, bot := onListener()
	defer platform.Close()
	fault, known := simulator.FaultNamed("drop")
	fmt.Println(known, fault.Summary)
	if err := fault.Apply(platform, nil, "any"); err != nil {
		fmt.Println(err)
	}
	call := platform.AddPerson("Adele Vance").Call(bot)
	if err := call.WaitForDeliveries(context.Background(), 1); err != nil {
		fmt.Println(err)
	}
	fmt.Println(call.Deliveries()[0].Dropped)
	// Output:
	// true loses the next notification that matches
	// true
}

// The next request of a kind is refused. The one after it is not.
func ExampleFailure() {
	platform, bot := onListener()
	defer platform.Close()
	platform.FailNext(simulator.Failure{Path: "/communications/calls", Status: http.StatusTooManyRequests})
	for range 2 {
		fmt.Println(send(platform, bot, "/communications/calls", `{}`))
	}
	// Output:
	// 429
	// 400
}

// A bot that is not in Go, or not yet there: a token and a request by hand.
func ExamplePlatform_AccessToken() {
	platform, bot := onListener()
	defer platform.Close()
	call := platform.AddPerson("Adele Vance").Call(bot)
	if _, err := call.WaitForDelivery(context.Background(), simulator.InState(resources.CallStateIncoming)); err != nil {
		fmt.Println(err)
	}
	fmt.Println(send(platform, bot, "/communications/calls/"+call.ID()+"/reject", `{"reason":"busy"}`))
	fmt.Println(errors.Is(call.WaitAnswered(context.Background()), simulator.ErrRejected), call.Facts().Rejected)
	// Output:
	// 202
	// true busy
}

func send(platform *simulator.Platform, bot *simulator.Bot, path, body string) int {
	token, err := platform.AccessToken(bot, bot.TenantID)
	if err != nil {
		panic(err)
	}
	request, _ := http.NewRequest(http.MethodPost, platform.ServiceBaseURL()+path, strings.NewReader(body))
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	reply, err := platform.Client().Do(request)
	if err != nil {
		panic(err)
	}
	defer reply.Body.Close()
	_, _ = io.Copy(io.Discard, reply.Body)
	return reply.StatusCode
}

// What a bot must refuse.
func ExampleForgery() {
	platform, bot := onListener()
	defer platform.Close()
	token, err := platform.Token(bot, simulator.Unsigned)
	if err != nil {
		fmt.Println(err)
		return
	}
	exchange, err := platform.Post(context.Background(), bot, []byte(`{"value":[]}`), simulator.PostOptions{Token: token})
	fmt.Println(exchange.Status, err) // this bot refuses nothing, and should
	// Output: 202 <nil>
}

// What people do about calls, and whom they are with then.
func ExamplePerson() {
	platform, bot := onListener()
	defer platform.Close()
	adele, alex := platform.AddPerson("Adele Vance"), platform.AddPerson("Alex Wilber")
	weekly := platform.AddMeeting(simulator.Meeting{Organizer: adele})
	adele.Join(weekly)
	alex.Join(weekly)
	fmt.Println(adele.With()[0].DisplayName)
	alex.Leave()
	fmt.Println(len(adele.With()))
	fmt.Println(adele.Invite(bot).State()) // into the meeting she is in
	// Output:
	// Alex Wilber
	// 0
	// incoming
}

// A Match of your own is a function.
func ExampleMatch() {
	platform, bot := onListener()
	defer platform.Close()
	ofCalls := func(n *resources.Notification) bool {
		_, ok := n.Data.(*resources.Call)
		return ok
	}
	platform.DropEvery(ofCalls)
	call := platform.AddPerson("Adele Vance").Call(bot)
	if err := call.WaitForDeliveries(context.Background(), 1); err != nil {
		fmt.Println(err)
	}
	fmt.Println(platform.Stats().Delivered, platform.Stats().Dropped)
	// Output: 0 1
}

// An hour of the platform's in a second of the test's.
func ExampleOptions() {
	platform, err := simulator.Start(simulator.Options{Speed: 3600})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer platform.Close()
	bot := platform.RegisterBot(simulator.Bot{DisplayName: "Asleep"})
	call := platform.AddPerson("Adele Vance").Call(bot) // and nobody answers for 15 seconds
	<-call.Done()
	fmt.Println(call.Facts().Answered)
	// Output: false
}
