package inspector_test

import (
	"context"
	"net/http"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

func (s *scene) held(id string) *statefulclient.Call {
	s.t.Helper()
	var call *statefulclient.Call
	s.eventually(func() (there bool) {
		call, there = s.client.Calls().Get(id)
		return there
	}, "the client has the call")
	return call
}

func symptomsOfEnds() []symptom {
	return []symptom{
		{"drops-after-45-minutes", setup{platform: simulator.Options{KeepAliveWindow: 300 * time.Millisecond}, limits: statefulclient.Limits{KeepAlive: 20 * time.Millisecond}}, func(s *scene) {
			s.platform.FailNext(simulator.Failure{Path: "/keepAlive", Status: http.StatusServiceUnavailable, Times: 1000})
			call, _ := s.call("Adele Vance")
			s.ends(call.ID(), "408/8537")
			s.says("*Keep-alive*")
			require.Zero(s.t, s.client.Stats().KeepAlives)
			s.noted(call.ID(), request("keepAlive"))
		}},
		{"drops-after-an-hour-or-two", setup{limits: statefulclient.Limits{KeepAlive: 20 * time.Millisecond}}, func(s *scene) {
			s.platform.FailNext(simulator.Failure{Path: "/keepAlive", Status: http.StatusUnauthorized, Times: 1000})
			call, _ := s.call("Adele Vance")
			failed := s.marked(call.ID(), "failed", request("keepAlive"))
			require.EqualValues(s.t, http.StatusUnauthorized, failed.Code)
			s.eventually(func() bool { return s.logs.FilterMessage("call could not be kept alive; it is tried again").Len() > 0 }, "logged")
			s.eventually(func() bool {
				_, doubted := s.held(call.ID()).UnverifiedSince()
				return doubted
			}, "not confirmed")
		}},
		{"ended-for-people-and-alive-in-the-bot", setup{}, func(s *scene) {
			s.platform.LoseEnd()
			sim, person := s.call("Adele Vance")
			call := s.held(sim.ID())
			person.Leave()
			<-sim.Done()
			require.ErrorIs(s.t, call.KeepAlive(s.soon()), statefulclient.ErrCallEnded)
			s.marked(sim.ID(), "failed", request("keepAlive"))
			s.says("*by client*")
			s.noted(sim.ID(), edgeTo("terminated", "client"))
			s.ends(sim.ID(), "lost")
			s.counted("CallsLost", func(stats statefulclient.Stats) int { return int(stats.CallsLost) })
		}},
		{"ended-in-the-bot-and-alive-for-people", setup{}, func(s *scene) {
			sim, _ := s.call("Adele Vance")
			require.True(s.t, s.client.Calls().ForceRemove(sim.ID()))
			s.ends(sim.ID(), "removed")
			require.Equal(s.t, resources.CallStateEstablished, sim.State())

			other, _ := s.call("Alex Wilber")
			s.platform.FailNext(simulator.Failure{Method: http.MethodDelete, Status: http.StatusForbidden, Times: 10})
			require.Error(s.t, s.held(other.ID()).Hangup(s.soon()))
			s.says("request `deleteCall` *failed*")
			s.marked(other.ID(), "failed", request("deleteCall"))
			require.Equal(s.t, resources.CallStateEstablished, other.State())
		}},
	}
}

func symptomsOfPeople() []symptom {
	return []symptom{
		{"the-roster-is-empty", setup{}, func(s *scene) {
			s.platform.DropEvery(simulator.Under(resources.CollectionParticipants))
			sim, _ := s.call("Adele Vance")
			d, _ := s.look(sim.ID())
			s.says("`RosterUnknown`")
			require.Equal(s.t, "unknown", d.Roster.Trust)
			require.Zero(s.t, d.Roster.Total)
		}},
		{"the-roster-is-cut-short-at-100", setup{}, func(s *scene) {
			meeting := s.platform.AddMeeting(simulator.Meeting{})
			meeting.Crowd(120)
			call := s.join(meeting)
			s.says("`RosterTruncated`")
			d, _ := s.until(call.ID(), func(d detail, _ []note) bool { return d.Roster.Trust == "truncated" })
			require.LessOrEqual(s.t, d.Roster.Total, 101)
		}},
		{"participants-who-never-leave", setup{limits: statefulclient.Limits{RosterGap: 20 * time.Millisecond}}, func(s *scene) {
			meeting := s.platform.AddMeeting(simulator.Meeting{})
			people := meeting.Crowd(3)
			call := s.joinWithChanges(meeting)
			require.NoError(s.t, call.Participants().WaitFor(s.soon(), func(p *statefulclient.Participants) bool { return p.Len() == 4 }))
			s.platform.Call(call.ID()).Drop(simulator.Under(resources.CollectionParticipants))
			people[0].Leave() // which nobody hears of
			people[1].Mute()
			s.marked(call.ID(), "waiting", func(n note) bool { return n.What == "roster change" })
			s.logged("call is fetched again")
			s.counted("Resyncs", func(stats statefulclient.Stats) int { return int(stats.Resyncs) })
			s.says("`Stats().Waiting`")
			s.until(call.ID(), func(d detail, _ []note) bool { return d.Roster.Total == 3 })
			s.noted(call.ID(), func(n note) bool { return n.Kind == "client" && n.What == "fetched" })
		}},
	}
}

// long: a table.
func symptomsOfWork() []symptom {
	return []symptom{
		{"an-operation-without-a-result", setup{}, func(s *scene) {
			sim, _ := s.call("Adele Vance")
			s.platform.DropEvery(simulator.Under(resources.CollectionOperations))
			prompt, err := s.held(sim.ID()).PlayPrompt(s.soon(), resources.NewMediaPrompt("https://bot.contoso.com/hello.wav"))
			require.NoError(s.t, err)
			s.says("*Pending*")
			d, notes := s.look(sim.ID())
			require.Len(s.t, d.Pendings, 1)
			require.Equal(s.t, "playPrompt", d.Pendings[0].What)
			_, ended := find(notes, func(n note) bool { return n.What == "operation play prompt" })
			require.False(s.t, ended)
			ctx, cancel := context.WithTimeout(s.t.Context(), 20*time.Millisecond)
			defer cancel()
			_, err = prompt.Wait(ctx)
			require.ErrorIs(s.t, err, context.DeadlineExceeded)
			require.Len(s.t, s.held(sim.ID()).PendingOperations(), 1, "it can be waited for again")
		}},
		{"keys-are-not-heard", setup{platform: simulator.Options{RequireToneSubscription: true}}, func(s *scene) {
			sim, _ := s.call("Adele Vance")
			isTone := func(n note) bool { return n.Kind == "notification" && n.What == "tone" }
			sim.PressKey(resources.Tone1)
			sim.SetMediaActive(false)
			_, notes := s.until(sim.ID(), func(d detail, _ []note) bool { return d.Media == "inactive" })
			_, heard := find(notes, isTone)
			require.False(s.t, heard)
			s.says("no notification `tone`")
			s.platform.FailNext(simulator.Failure{Path: "/subscribeToTone", Status: http.StatusInternalServerError, Code: "9999"})
			require.Error(s.t, s.held(sim.ID()).SubscribeToTone(s.soon()))
			s.marked(sim.ID(), "failed", request("subscribeToTone"))
			require.NoError(s.t, s.held(sim.ID()).SubscribeToTone(s.soon()))
			sim.PressKey(resources.Tone1)
			s.noted(sim.ID(), isTone)
		}},
		{"a-handler-is-slow-or-stuck", setup{limits: statefulclient.Limits{SlowHandler: 10 * time.Millisecond, HandlerBacklog: 2}}, func(s *scene) {
			goOn := s.stick(false)
			sim, _ := s.call("Adele Vance")
			s.marked(sim.ID(), "open", handler("Call.OnUpdated"))
			s.logged("handlers are slow")
			for active := range 10 {
				sim.SetMediaActive(active%2 == 0)
			}
			s.counted("HandlerBacklog", func(stats statefulclient.Stats) int { return stats.HandlerBacklog })
			require.NoError(s.t, s.platform.WaitIdle(s.soon()))
			s.eventually(func() bool { return s.client.Stats().InboxBacklog == 0 }, "all is in the state")
			s.says("*Updates waiting*")
			d, _ := s.look(sim.ID())
			require.NotZero(s.t, d.Updates)
			require.Equal(s.t, 1, d.Running)
			close(goOn)
			s.counted("FoldedUpdates", func(stats statefulclient.Stats) int { return int(stats.FoldedUpdates) })
			s.marked(sim.ID(), "folded", handler("Call.OnUpdated"))
		}},
		{"a-handler-panics", setup{}, func(s *scene) {
			statefulclient.On(s.client.Calls(), func(context.Context, statefulclient.ToneReceived) { panic("nobody thought of it") })
			sim, _ := s.call("Adele Vance")
			sim.PressKey(resources.Tone1)
			s.logged("handler panicked")
			s.counted("HandlerPanics", func(stats statefulclient.Stats) int { return int(stats.HandlerPanics) })
			s.marked(sim.ID(), "panicked", handler("ToneReceived"))
		}},
		{"memory-grows", setup{}, func(s *scene) {
			goOn := s.stick(true)
			defer close(goOn)
			sim, _ := s.call("Adele Vance")
			for range 20 {
				sim.PressKey(resources.Tone1)
			}
			s.eventually(func() bool { return s.client.Stats().HandlerBacklog >= 19 }, "they wait")
			s.counted("HandlerBacklog", func(stats statefulclient.Stats) int { return stats.HandlerBacklog })
			s.counted("Calls", func(stats statefulclient.Stats) int { return stats.Calls })
			s.counted("Goroutines", func(stats statefulclient.Stats) int { return stats.Goroutines })
		}},
	}
}

// stick has a handler of the calls that come in wait until the channel is closed.
func (s *scene) stick(atKeys bool) chan struct{} {
	goOn := make(chan struct{})
	if atKeys {
		statefulclient.On(s.client.Calls(), func(context.Context, statefulclient.ToneReceived) { <-goOn })
		return goOn
	}
	statefulclient.On(s.client.Calls(), func(_ context.Context, e statefulclient.StateChanged) {
		if e.New == resources.CallStateEstablished {
			e.Call.OnUpdated(func(context.Context, statefulclient.ResourceEvent[resources.Call]) { <-goOn })
		}
	})
	return goOn
}

// joinWithChanges has the bot join a meeting and be told what changes in its roster.
func (s *scene) joinWithChanges(meeting *simulator.Meeting) *statefulclient.Call {
	s.t.Helper()
	join, err := statefulclient.ParseJoinURL(meeting.JoinURL())
	require.NoError(s.t, err)
	join.CallOptions = &resources.CallOptions{IsDeltaRosterEnabled: true}
	call, err := s.client.Calls().Join(s.soon(), join)
	require.NoError(s.t, err)
	return call
}
