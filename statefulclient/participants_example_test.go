package statefulclient_test

import (
	"context"
	"crypto/rand"
	"fmt"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// Who comes, who goes, and what changes about those who stay.
func ExampleParticipants() {
	r := rehearse(nil)
	defer r.end()
	adele := r.platform.AddPerson("Adele Vance")
	weekly := r.platform.AddMeeting(simulator.Meeting{Organizer: adele})
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
	news := make(chan string)
	call.Participants().OnUpdated(func(_ context.Context, e statefulclient.CollectionEvent[*statefulclient.Participant]) {
		for _, p := range e.Added {
			if !p.IsMe() {
				news <- p.DisplayName() + " has come"
			}
		}
		for _, p := range e.Removed {
			news <- p.DisplayName() + " has left"
		}
	})
	statefulclient.On(call, func(_ context.Context, e statefulclient.ParticipantUpdated) {
		if e.New.IsMuted && !e.Old.IsMuted {
			news <- e.Participant.DisplayName() + " is muted"
		}
	})
	for _, act := range []func(){func() { adele.Join(weekly) }, adele.Mute, adele.Leave} {
		act()
		fmt.Println(<-news)
	}
	// Output:
	// Adele Vance has come
	// Adele Vance is muted
	// Adele Vance has left
}

// Calls of one tenant are another deployment's.
func ExampleRedirectHook() {
	hook := func(_ context.Context, arriving statefulclient.ArrivingCall) statefulclient.Redirection {
		if arriving.TenantID == "72f988bf-86f1-41af-91ab-2d7cd011db47" {
			return statefulclient.Redirection{To: "https://eu.bot.contoso.com/api/calls"}
		}
		return statefulclient.Redirection{} // stays here
	}
	_ = statefulclient.NewStatefulClientBuilder("Reception", "0efc74f7-41c3-47a4-8775-7259bfef4241").SetRedirectHook(hook)
	fmt.Println(hook(context.Background(), statefulclient.ArrivingCall{}).To == "")
	// Output: true
}

// Every few seconds, for whatever draws curves.
func ExampleStats() {
	r := rehearse(nil)
	defer r.end()
	r.answered(r.platform.AddPerson("Adele Vance"))
	stats := r.client.Stats()
	fmt.Println(stats.Calls, stats.Webhook.Accepted > 0, stats.HandlerPanics)
	// Output: 1 true 0
}

// What to answer about one more person of a recording policy, before they join.
func ExampleJoiningDecision() {
	full := func(_ context.Context, e statefulclient.ParticipantJoining) resources.ParticipantJoiningResponse {
		if e.Call.Participants().Len() < 50 {
			return &resources.AcceptJoinResponse{} // recorded in the call there is
		}
		return &resources.RejectJoinResponse{Reason: resources.RejectReasonBusy}
	}
	r := rehearse(nil)
	defer r.end()
	r.client.Calls().DecideJoining(full)
}

// Two processes that share a notification URL: each has an ID of its own, and
// both the key.
func ExampleInstance() {
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil { // in truth: from where secrets are kept
		fmt.Println(err)
		return
	}
	_ = statefulclient.NewStatefulClientBuilder("Reception", "0efc74f7-41c3-47a4-8775-7259bfef4241").
		SetInstance(statefulclient.Instance{ID: "reception-1", Key: key})
}
