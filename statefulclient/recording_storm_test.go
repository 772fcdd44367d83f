package statefulclient_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/trace"
)

// A hundred clients in bad weather, each recorded: the trace replays to what its
// handlers were told and to what the client held, and so it does once it is
// sanitized.
func TestRecordedStormsReplayToTheSame(t *testing.T) {
	timed(t)
	lines, edges := 0, 0
	for seed := range uint64(100) {
		s := &storm{seed: seed, dice: rand.New(rand.NewPCG(seed, 5))}
		synctest.Test(t, s.rage)
		lines += bytes.Count(s.text.Bytes(), []byte("\n"))
		for _, told := range s.told {
			edges += len(told)
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	t.Logf("%d lines, %d edges", lines, edges)
	require.Greater(t, edges, 1000)
}

// storm is one client's.
type storm struct {
	*rig

	seed    uint64
	dice    *rand.Rand
	text    bytes.Buffer
	people  []*simulator.Person
	meeting *simulator.Meeting

	mu    sync.Mutex
	told  map[string][]edge
	calls map[string]*statefulclient.Call
}

func (s *storm) rage(t *testing.T) {
	s.rig = newRig(t, rigOptions{
		platform: func(o *simulator.Options) {
			o.InMemory, o.PromptDuration, o.RetryDelay, o.DeliveryTries = true, 300*time.Millisecond, 100*time.Millisecond, 3
		},
		limits: statefulclient.Limits{
			KeepAlive: 20 * time.Second, Sweep: 10 * time.Second, RosterGap: 200 * time.Millisecond, ToneGap: 100 * time.Millisecond, ParkFor: time.Second,
		},
	})
	s.follow(s.client)
	recording, err := s.client.Record(&s.text, statefulclient.TraceOptions{EachState: true})
	require.NoError(t, err)
	s.begin()
	for range 25 {
		s.blow()
		s.happen()
		passTime(time.Duration(s.dice.IntN(400)) * time.Millisecond)
	}
	s.platform.Heal()
	passTime(30 * time.Second)
	for _, call := range s.platform.Calls() {
		if s.dice.IntN(4) > 0 {
			call.End(200, 5001, "The conversation has ended.")
		}
	}
	passTime(time.Minute)
	require.NoError(t, recording.Close())
	require.Zero(t, recording.Missing())
	s.requireReplayed(t)
	s.client.Close()
}

// follow notes what handlers are told.
func (s *storm) follow(client *statefulclient.Client) {
	s.told, s.calls = map[string][]edge{}, map[string]*statefulclient.Call{}
	client.Calls().OnIncoming(func(ctx context.Context, e statefulclient.IncomingCall) {
		_ = e.Call.Answer(ctx, statefulclient.AnswerOptions{}) // it may have been withdrawn
	})
	statefulclient.On(client.Calls(), func(_ context.Context, e statefulclient.StateChanged) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.calls[e.Call.ID()] = e.Call
		if !e.Initial {
			s.told[e.Call.ID()] = append(s.told[e.Call.ID()], edge{to: e.New})
		}
	})
}

func (s *storm) begin() {
	s.meeting = s.platform.AddMeeting(simulator.Meeting{})
	for n := range 6 {
		s.people = append(s.people, s.platform.AddPerson(fmt.Sprint("Person ", n)))
	}
	for _, p := range s.people[:3] {
		p.Join(s.meeting)
	}
	join, err := statefulclient.ParseJoinURL(s.meeting.JoinURL())
	require.NoError(s.t, err)
	join.CallOptions = &resources.CallOptions{IsDeltaRosterEnabled: s.seed%2 == 0}
	_, err = s.client.Calls().Join(s.context(), join)
	require.NoError(s.t, err)
	s.people[3].Call(s.bot)
	s.place(s.people[4])
}

// blow makes weather until the next.
func (s *storm) blow() {
	s.platform.Heal()
	for range s.dice.IntN(3) {
		switch s.dice.IntN(7) {
		case 0:
			s.platform.DropEvery(func(*resources.Notification) bool { return s.dice.IntN(5) == 0 })
		case 1:
			s.platform.Duplicate(2)
		case 2:
			s.platform.DuplicateAsNew(2)
		case 3:
			s.platform.Scramble(s.seed)
		case 4:
			s.platform.Batch(2 + s.dice.IntN(3))
		case 5:
			s.platform.FailNext(simulator.Failure{Times: 2, Status: 503, AfterEffect: s.dice.IntN(2) == 0})
		case 6:
			s.platform.NotifyBeforeReply()
		}
	}
}

func (s *storm) happen() {
	calls := s.platform.Calls()
	call := calls[s.dice.IntN(len(calls))]
	person := s.people[s.dice.IntN(len(s.people))]
	switch s.dice.IntN(10) {
	case 0:
		call.PressKey(resources.Tone4)
		call.PressKey(resources.Tone7)
	case 1:
		call.SetState(resources.CallStateHold)
		call.SetState(resources.CallStateEstablished)
	case 2:
		call.SetMediaActive(s.dice.IntN(2) == 0)
	case 3, 4:
		person.Mute()
	case 5:
		person.Unmute()
	case 6:
		s.people[5].Join(s.meeting)
	case 7:
		s.people[5].Leave()
	case 8, 9:
		if held, known := s.client.Calls().Get(call.ID()); known {
			go s.operate(held)
		}
	}
}

func (s *storm) operate(call *statefulclient.Call) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	_, _ = call.PlayPrompt(ctx, resources.NewMediaPrompt("https://bot.contoso.com/prompt.wav")) // the call may be over
}

// requireReplayed plays the trace, and its sanitized copy.
func (s *storm) requireReplayed(t *testing.T) {
	replayed, err := trace.Replay(bytes.NewReader(s.text.Bytes()))
	require.NoError(t, err)
	require.Nil(t, replayed.Difference, "%v", replayed.Difference)
	lives := map[string]*trace.Call{}
	for _, call := range replayed.Calls {
		lives[call.ID] = call
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	require.Len(t, lives, len(s.calls))
	for id, call := range s.calls {
		require.Equal(t, states(s.told[id]), lives[id].States())
		held, err := call.Snapshot()
		require.NoError(t, err)
		played, err := lives[id].Snapshot()
		require.NoError(t, err)
		require.JSONEq(t, string(held), string(played))
		require.Equal(t, string(held), string(played))
	}
	s.requireSanitized(t, replayed)
}

func (s *storm) requireSanitized(t *testing.T, plain *trace.Result) {
	var clean bytes.Buffer
	require.NoError(t, trace.Sanitize(&clean, bytes.NewReader(s.text.Bytes())))
	replayed, err := trace.Replay(&clean)
	require.NoError(t, err)
	require.Nil(t, replayed.Difference, "%v", replayed.Difference)
	require.Equal(t, plain.Lines, replayed.Lines)
	for i, call := range plain.Calls {
		require.Equal(t, call.States(), replayed.Calls[i].States())
		require.Len(t, replayed.Calls[i].Participants(), len(call.Participants()))
		require.NotEqual(t, call.ID, replayed.Calls[i].ID)
	}
}
