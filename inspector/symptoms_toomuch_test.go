package inspector_test

import (
	"net/http"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

// long: a table.
func symptomsOfTooMuch() []symptom {
	return []symptom{
		{"the-platform-throttles", setup{}, func(s *scene) {
			sim, _ := s.call("Adele Vance")
			s.platform.Throttle(1, 0)
			require.NoError(s.t, s.held(sim.ID()).SubscribeToTone(s.soon()))
			require.EqualValues(s.t, 2, s.marked(sim.ID(), "retried", request("subscribeToTone")).Count)
			s.logged("request answered")
			s.platform.FailNext(simulator.Failure{Path: "/mute", Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"3600"}}, Times: 100})
			err := s.held(sim.ID()).Mute(s.soon())
			require.ErrorIs(s.t, err, transport.ErrThrottled)
			s.says("`ErrThrottled`")
		}},
		{"the-bot-answers-503", setup{limits: statefulclient.Limits{HandlerEvents: 1}}, func(s *scene) {
			goOn := s.stick(true)
			defer close(goOn)
			sim, _ := s.call("Adele Vance")
			sim.PressKey(resources.Tone1)
			s.noted(sim.ID(), handler("ToneReceived"))
			sim.PressKey(resources.Tone1)
			s.eventually(func() bool { return s.client.Stats().HandlerBacklog > 0 }, "it waits")
			sim.PressKey(resources.Tone1)
			s.refused("busy")
			s.marked(sim.ID(), "refused", func(n note) bool { return n.What == "tone" })
		}},
		{"one-call-was-placed-several-times", setup{instance: &statefulclient.Instance{ID: "one", Key: make([]byte, 32)}, limits: statefulclient.Limits{ParkFor: 50 * time.Millisecond}}, func(s *scene) {
			s.platform.FailAfterEffect(1)
			_, err := s.place(s.platform.AddPerson("Adele Vance"))
			var failed *transport.Error
			require.ErrorAs(s.t, err, &failed)
			s.says("`Error.EffectUnknown`")
			require.True(s.t, failed.EffectUnknown)
			s.eventually(func() bool { return s.client.Calls().Len() == 1 }, "it shows itself")
			require.Len(s.t, s.platform.Calls(), 1, "the client does not repeat it")
			s.says("*by resync*")
			s.noted(s.platform.Calls()[0].ID(), edgeTo("established", "resync"))
			s.says("*failed*")
			s.until(s.platform.Calls()[0].ID(), func(_ detail, notes []note) bool {
				_, here := find(notes, request("createCall"))
				return here
			})
		}},
		{"notifications-come-twice", setup{}, func(s *scene) {
			sim, _ := s.call("Adele Vance")
			sim.Duplicate(1)
			sim.SetMediaActive(false)
			s.marked(sim.ID(), "redelivered", anyNote)
			s.counted("Redelivered", func(stats statefulclient.Stats) int { return int(stats.Redelivered) })
			sim.Heal()
			sim.DuplicateAsNew(1)
			sim.SetMediaActive(true)
			s.marked(sim.ID(), "duplicate", anyNote)
			s.counted("Unchanged", func(stats statefulclient.Stats) int { return int(stats.Unchanged) })
		}},
		{"notifications-of-unknown-calls", setup{limits: statefulclient.Limits{ParkFor: 20 * time.Millisecond}}, func(s *scene) {
			_, err := s.platform.Post(s.t.Context(), s.account, []byte(`{"value":[{"changeType":"updated","resourceUrl":"/communications/calls/stranger","resourceData":{"@odata.type":"#microsoft.graph.call","state":"established"}}]}`), simulator.PostOptions{})
			require.NoError(s.t, err)
			s.logged("notification found no place")
			s.counted("Unmatched", func(stats statefulclient.Stats) int { return int(stats.Unmatched) })
			require.Equal(s.t, "stranger", s.marked("", "unmatched", anyNote).About)
		}},
	}
}
