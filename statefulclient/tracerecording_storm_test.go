package statefulclient_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/store"
	"github.com/graphcalls/graphcalls-go/trace"
)

// A hundred clients in bad weather (fewer under the race detector), each recorded: the trace replays to what its
// handlers were told and to what the client held, and so it does once it is
// sanitized. Every other is closed in the middle, and another goes on with its calls.
func TestRecordedStormsReplayToTheSame(t *testing.T) {
	timed(t)
	lines, edges := 0, 0
	for seed := range uint64(storms) {
		s := &storm{seed: seed, dice: rand.New(rand.NewPCG(seed, 5))}
		synctest.Test(t, s.rage)
		require.False(t, t.Failed(), "seed %d", seed)
		for _, p := range s.parts {
			lines += bytes.Count(p.text.Bytes(), []byte("\n"))
			for _, told := range p.told {
				edges += len(told)
			}
		}
	}
	t.Logf("%d lines, %d edges", lines, edges)
	require.Greater(t, edges, 10*storms)
}

// storm is one bot's.
type storm struct {
	*rig

	seed    uint64
	dice    *rand.Rand
	options rigOptions
	people  []*simulator.Person
	meeting *simulator.Meeting
	parts   []*part
}

// part is what one client has of it.
type part struct {
	client    *statefulclient.Client
	text      bytes.Buffer
	recording *statefulclient.TraceRecording
	cut       bool // it was closed before its handlers were told everything

	mu    sync.Mutex
	told  map[string][]edge
	calls map[string]*statefulclient.Call
}

func (s *storm) rage(t *testing.T) {
	calls := store.NewMemory()
	s.options = rigOptions{
		platform: func(o *simulator.Options) {
			o.InMemory, o.PromptDuration, o.RetryDelay, o.DeliveryTries = true, 300*time.Millisecond, 100*time.Millisecond, 3
		},
		limits: statefulclient.Limits{
			KeepAlive: 20 * time.Second, Sweep: 10 * time.Second, RosterGap: 200 * time.Millisecond, ToneGap: 100 * time.Millisecond, ParkFor: time.Second,
		},
		build: func(b *statefulclient.StatefulClientBuilder) { b.SetStore(calls) },
	}
	s.rig = newRig(t, s.options)
	s.follow(s.client)
	s.begin()
	for n := range 24 {
		s.blow()
		s.happen()
		passTime(time.Duration(s.dice.IntN(400)) * time.Millisecond)
		if n == 12 && s.seed%2 == 1 {
			s.takeOver()
		}
	}
	s.platform.Heal()
	passTime(30 * time.Second)
	for _, call := range s.platform.Calls() {
		if s.dice.IntN(4) > 0 {
			call.End(200, 5001, "The conversation has ended.")
		}
	}
	passTime(time.Minute)
	for _, p := range s.parts {
		require.NoError(t, p.recording.Close())
		require.Zero(t, p.recording.Missing())
		p.requireReplayed(t)
	}
	s.client.Close()
}

// takeOver has another client go on.
func (s *storm) takeOver() {
	s.client.Close()
	s.parts[0].cut = true
	s.client = s.another(s.options)
	s.takenBy(s.client.Handler())
	s.follow(s.client)
	_, _ = s.client.Rehydrate(s.context()) // the weather is bad
}

// follow records a client, and notes what its handlers are told.
func (s *storm) follow(client *statefulclient.Client) {
	p := &part{client: client, told: map[string][]edge{}, calls: map[string]*statefulclient.Call{}}
	s.parts = append(s.parts, p)
	client.Calls().OnIncoming(func(ctx context.Context, e statefulclient.IncomingCall) {
		_ = e.Call.Answer(ctx, statefulclient.AnswerOptions{}) // it may have been withdrawn
	})
	statefulclient.On(client.Calls(), func(_ context.Context, e statefulclient.StateChanged) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.calls[e.Call.ID()] = e.Call
		if !e.Initial {
			p.told[e.Call.ID()] = append(p.told[e.Call.ID()], edge{to: e.New})
		}
	})
	var err error
	p.recording, err = client.RecordTrace(&p.text, statefulclient.TraceOptions{EachState: true})
	require.NoError(s.t, err)
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
			var sent atomic.Uint64
			s.platform.DropEvery(func(*resources.Notification) bool { return (sent.Add(1)+s.seed)%4 == 0 })
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
	ctx, cancel := context.WithTimeout(call.Context(), 10*time.Second)
	defer cancel()
	_, _ = call.PlayPrompt(ctx, resources.NewMediaPrompt("https://bot.contoso.com/prompt.wav")) // the call may be over
}

// requireReplayed plays the trace, and its sanitized copy.
func (p *part) requireReplayed(t *testing.T) {
	replayed, err := trace.Replay(bytes.NewReader(p.text.Bytes()))
	require.NoError(t, err)
	require.Nil(t, replayed.Difference, "%v", replayed.Difference)
	lives := map[string]*trace.Call{}
	for _, call := range replayed.Calls {
		lives[call.ID] = call
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.cut {
		require.Len(t, lives, len(p.calls))
	}
	for id, call := range p.calls {
		played, told := lives[id].States(), states(p.told[id])
		if p.cut {
			played = played[:min(len(told), len(played))]
		}
		require.Equal(t, told, played)
		requireSame(t, call, lives[id])
	}
	p.requireSanitized(t, replayed)
}

func (p *part) requireSanitized(t *testing.T, plain *trace.Result) {
	var clean bytes.Buffer
	require.NoError(t, trace.Sanitize(&clean, bytes.NewReader(p.text.Bytes())))
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
