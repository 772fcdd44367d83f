package statefulclient_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/store"
)

// Subscribe before the Handler is served.
func ExampleStatefulClientBuilder() {
	const appID = "0efc74f7-41c3-47a4-8775-7259bfef4241"
	provider, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{AppID: appID, Secret: "…", Tenant: "contoso.com"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer provider.Close()
	client, err := statefulclient.NewStatefulClientBuilder("Reception", appID).
		SetAuthenticationProvider(provider).
		SetNotificationUrl("https://bot.contoso.com/api/calls").
		SetLimits(statefulclient.Limits{Calls: 2_000}).
		Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	fmt.Println(client.AppID(), client.Ready())
	// Output: 0efc74f7-41c3-47a4-8775-7259bfef4241 true
}

// The handler has until its context's deadline to answer.
func ExampleCalls_OnIncoming() {
	r := rehearse(nil)
	defer r.end()
	told := make(chan struct{})
	r.client.Calls().OnIncoming(func(ctx context.Context, e statefulclient.IncomingCall) {
		defer close(told)
		_, bounded := ctx.Deadline()
		fmt.Println(e.Call.CallerName(), "is calling:", e.Call.State(), bounded)
		if err := e.Call.Reject(ctx, resources.RejectReasonBusy); err != nil {
			fmt.Println(err)
		}
	})
	r.platform.AddPerson("Adele Vance").Call(r.bot)
	<-told
	// Output: Adele Vance is calling: incoming true
}

// Calls somebody, and hangs up once they have picked up.
func ExampleCalls_Add() {
	r := rehearse(nil)
	defer r.end()
	adele := r.platform.AddPerson("Adele Vance")
	call, err := r.client.Calls().Add(r.ctx, statefulclient.CallTo(adele.TenantID, statefulclient.UserIdentity(adele.ID)))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(call.WaitFor(r.ctx, resources.CallStateEstablished))
	fmt.Println(call.Hangup(r.ctx))
	<-call.Context().Done()
	reason, ended := call.End()
	fmt.Println(ended, reason.Class())
	// Output:
	// <nil>
	// <nil>
	// true normal
}

// Joins a meeting by the link people click, and waits until somebody is there.
func ExampleCalls_Join() {
	r := rehearse(nil)
	defer r.end()
	adele := r.platform.AddPerson("Adele Vance")
	weekly := r.platform.AddMeeting(simulator.Meeting{Subject: "Weekly", Organizer: adele})

	meeting, err := statefulclient.ParseJoinURL(weekly.JoinURL())
	if err != nil {
		fmt.Println(err)
		return
	}
	call, err := r.client.Calls().Join(r.ctx, meeting)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(call.WaitForJoinState(r.ctx, statefulclient.JoinStateIn))
	adele.Join(weekly)
	fmt.Println(call.Participants().WaitFor(r.ctx, func(people *statefulclient.Participants) bool { return people.Len() == 2 }))
	// Output:
	// <nil>
	// <nil>
}

// Events of one call, in order; what is known already comes first.
func ExampleOn() {
	r := rehearse(nil)
	defer r.end()
	ended := make(chan struct{})
	statefulclient.On(r.client.Calls(), func(_ context.Context, e statefulclient.StateChanged) {
		fmt.Println(e.New)
		if e.New == resources.CallStateTerminated {
			close(ended)
		}
	})
	adele := r.platform.AddPerson("Adele Vance")
	r.answered(adele)
	adele.Leave()
	<-ended
	// Output:
	// incoming
	// establishing
	// established
	// terminated
}

// A prompt is asked for, plays, and has been played.
func ExampleOperation() {
	r := rehearse(nil)
	defer r.end()
	call := r.answered(r.platform.AddPerson("Adele Vance"))
	welcome, err := call.PlayPrompt(r.ctx, resources.NewMediaPrompt("https://bot.contoso.com/welcome.wav"))
	if err != nil {
		fmt.Println(err)
		return
	}
	played, err := welcome.Wait(r.ctx)
	fmt.Println(played.Status, err)
	// Output: completed <nil>
}

// A menu. Not to be called from a handler of the same call.
func ExampleCall_Ask() {
	r := rehearse(nil)
	defer r.end()
	call := r.answered(r.platform.AddPerson("Adele Vance"))
	go func() { // Adele, once she is asked
		asked := func() bool { return r.platform.Call(call.ID()).Facts().TonesSubscribed }
		if r.platform.WaitUntil(r.ctx, asked) == nil {
			r.platform.Call(call.ID()).PressKey(resources.Tone2)
		}
	}()
	key, err := call.Ask(r.ctx, statefulclient.AskOptions{
		Prompts: []*resources.MediaPrompt{resources.NewMediaPrompt("https://bot.contoso.com/menu.wav")},
		Collect: statefulclient.CollectOptions{First: 10 * time.Second},
	})
	fmt.Println(key, err)
	// Output: 2 <nil>
}

// A transfer that goes well ends the call for the bot.
func ExampleTransfer() {
	r := rehearse(nil)
	defer r.end()
	adele, alex := r.platform.AddPerson("Adele Vance"), r.platform.AddPerson("Alex Wilber")
	call := r.answered(adele)
	transfer, err := call.Transfer(r.ctx, statefulclient.UserIdentity(alex.ID), statefulclient.TransferOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(transfer.Wait(r.ctx))
	fmt.Println(adele.With()[0].DisplayName)
	// Output:
	// <nil>
	// Alex Wilber
}

// What the caller says, until they fall silent. Fetch it soon.
func ExampleCall_RecordResponse() {
	r := rehearse(nil)
	defer r.end()
	call := r.answered(r.platform.AddPerson("Adele Vance"))
	r.platform.Call(call.ID()).SpeaksFor(2 * time.Second)
	recording, err := call.RecordResponse(r.ctx, statefulclient.RecordOptions{MaxSilence: time.Second, MaxDuration: 30 * time.Second})
	if err != nil {
		fmt.Println(err)
		return
	}
	message, err := recording.Wait(r.ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	size, err := r.client.DownloadRecording(r.ctx, message, io.Discard)
	fmt.Println(size > 0, err)
	// Output: true <nil>
}

// A handler that is told nothing more.
func ExampleSubscription_Cancel() {
	r := rehearse(nil)
	defer r.end()
	calls := make(chan string, 1)
	first := r.client.Calls().OnIncoming(func(_ context.Context, e statefulclient.IncomingCall) { calls <- e.Call.CallerName() })
	r.platform.AddPerson("Adele Vance").Call(r.bot)
	fmt.Println(<-calls)
	first.Cancel()

	second := make(chan string)
	r.client.Calls().OnIncoming(func(_ context.Context, e statefulclient.IncomingCall) {
		if !e.Initial { // Adele still rings
			second <- e.Call.CallerName()
		}
	})
	r.platform.AddPerson("Diego Siciliani").Call(r.bot)
	fmt.Println(<-second, len(calls))
	// Output:
	// Adele Vance
	// Diego Siciliani 0
}

// A process ends in the middle of a call, and the next one goes on with it.
func ExampleClient_Rehydrate() {
	calls := store.NewMemory() // store.OpenFiles, for one that outlives the process
	r := rehearse(calls)
	defer r.end()
	before := r.answered(r.platform.AddPerson("Adele Vance"))
	fmt.Println(r.client.Flush(r.ctx))
	r.client.Close()

	r.start(calls)
	restored, err := r.client.Rehydrate(r.ctx)
	for _, call := range restored {
		fmt.Println(call.ID() == before.ID(), call.CallerName(), call.State())
	}
	fmt.Println(err, errors.Is(context.Cause(before.Context()), statefulclient.ErrClosed))
	// Output:
	// <nil>
	// true Adele Vance established
	// <nil> true
}

// What a store holds, for tools that look at it without a client.
func ExampleReadRecord() {
	calls := store.NewMemory()
	r := rehearse(calls)
	defer r.end()
	call := r.answered(r.platform.AddPerson("Adele Vance"))
	fmt.Println(r.client.Flush(r.ctx))
	record, err := calls.Get(r.ctx, call.ID())
	if err != nil {
		fmt.Println(err)
		return
	}
	saved, err := statefulclient.ReadRecord(record)
	fmt.Println(saved.Answered, saved.Resource.State, err)
	// Output:
	// <nil>
	// true established <nil>
}

// Ends without hanging up: no new calls, and those there are may end.
func ExampleClient_Drain() {
	r := rehearse(nil)
	defer r.end()
	call := r.answered(r.platform.AddPerson("Adele Vance"))
	soon, cancel := context.WithTimeout(r.ctx, 10*time.Millisecond)
	defer cancel()
	left, err := r.client.Drain(soon)
	fmt.Println(slices.Contains(left, call), errors.Is(err, context.DeadlineExceeded), r.client.Ready())
	// Output: true true false
}

// Sorts ends by who has to do something about them.
func ExampleEndReason() {
	for _, reason := range []statefulclient.EndReason{
		{Cause: statefulclient.EndReported, Code: 200, Subcode: 4521},
		{Cause: statefulclient.EndReported, Code: 403, Subcode: 7504},
		{Cause: statefulclient.EndLost},
	} {
		fmt.Println(reason.Class())
	}
	// Output:
	// normal
	// auth
	// unknown
}

// A meeting of the bot's own, for people to join.
func ExampleOnlineMeetings() {
	r := rehearse(nil)
	defer r.end()
	adele := r.platform.AddPerson("Adele Vance")
	meeting, err := r.client.OnlineMeetings().Create(r.ctx, adele.TenantID, adele.ID, resources.OnlineMeeting{Subject: "Incident 42"})
	if err != nil {
		fmt.Println(err)
		return
	}
	coordinates, err := statefulclient.Coordinates(meeting, adele.TenantID)
	fmt.Println(meeting.Subject, coordinates.ChatInfo.ThreadID != "", err)
	// Output: Incident 42 true <nil>
}
