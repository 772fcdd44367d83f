package statefulclient_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

func question() []*resources.MediaPrompt {
	return []*resources.MediaPrompt{resources.NewMediaPrompt("https://bot.contoso.com/question.wav")}
}

// askRig has prompts that play so long, on a platform that tells keys only to
// who has subscribed.
func askRig(t *testing.T, prompt time.Duration) (*rig, *statefulclient.Call, *simulator.Call) {
	t.Helper()
	r := newRig(t, rigOptions{platform: func(o *simulator.Options) {
		o.PromptDuration, o.RequireToneSubscription = prompt, true
	}})
	call := r.call(r.platform.AddPerson("Adele Vance"))
	return r, call, r.platform.Call(call.ID())
}

// sent are the actions the bot has asked for, in their order.
func sent(leg *simulator.Call) []string {
	var actions []string
	for _, e := range leg.Exchanges() {
		if !e.ToBot && e.Method == "POST" && !strings.HasSuffix(e.URL, "/calls") {
			actions = append(actions, e.URL[strings.LastIndexByte(e.URL, '/')+1:])
		}
	}
	return actions
}

func playing(leg *simulator.Call) func() bool {
	return func() bool { return slices.Contains(sent(leg), "playPrompt") }
}

type answer struct {
	digits string
	err    error
}

func ask(ctx context.Context, call *statefulclient.Call, collect statefulclient.CollectOptions) <-chan answer {
	answers := make(chan answer, 1)
	go func() {
		digits, err := call.Ask(ctx, statefulclient.AskOptions{Prompts: question(), Collect: collect})
		answers <- answer{digits, err}
	}()
	return answers
}

// Who knows the menu does not listen to it.
func TestKeysPressedDuringAPromptCutItShortAndCount(t *testing.T) {
	r, call, leg := askRig(t, time.Hour)
	played := newInbox[statefulclient.OperationCompleted]()
	statefulclient.On(call, played.put)
	answers := ask(r.context(), call, statefulclient.CollectOptions{Max: 3})
	require.NoError(t, r.platform.WaitUntil(r.context(), playing(leg)))
	for _, key := range []resources.Tone{resources.Tone4, resources.ToneStar, resources.Tone2} {
		leg.PressKey(key)
	}
	require.Equal(t, answer{"4*2", nil}, <-answers)
	require.Equal(t, []string{"subscribeToTone", "playPrompt", "cancelMediaProcessing"}, sent(leg))
	played.until(r, func(e statefulclient.OperationCompleted) bool {
		_, prompt := e.Operation.(*resources.PlayPromptOperation)
		return prompt && e.Failed
	})
	require.Zero(t, call.Subscribers()-1, "only the test's own")

	stopped := ask(r.context(), call, statefulclient.CollectOptions{Stop: []resources.Tone{resources.TonePound}})
	require.NoError(t, r.platform.WaitUntil(r.context(), func() bool { return len(sent(leg)) == 5 }))
	leg.PressKey(resources.TonePound)
	require.Equal(t, answer{"", nil}, <-stopped)
}

func TestKeysAreCollectedWhenThePromptIsOver(t *testing.T) {
	r, call, leg := askRig(t, time.Millisecond)
	played := newInbox[statefulclient.OperationCompleted]()
	statefulclient.On(call, played.put)
	prompt := func(e statefulclient.OperationCompleted) bool {
		_, is := e.Operation.(*resources.PlayPromptOperation)
		return is
	}
	answers := ask(statefulclient.WithClientContext(r.context(), "the question"), call, statefulclient.CollectOptions{Max: 2, Between: time.Millisecond})
	require.Equal(t, "the question", played.until(r, prompt).Operation.Common().ClientContext)
	leg.PressKey(resources.Tone7)
	got := <-answers
	require.Equal(t, "7", got.digits)
	require.ErrorIs(t, got.err, statefulclient.ErrNoKey)
	require.NotContains(t, sent(leg), "cancelMediaProcessing")

	got = <-ask(r.context(), call, statefulclient.CollectOptions{First: time.Millisecond})
	require.Empty(t, got.digits)
	require.ErrorIs(t, got.err, statefulclient.ErrNoKey)
	played.until(r, prompt)
}

// The wait for the first key begins when the caller has heard what to press.
func TestFirstKeyIsWaitedForFromTheEndOfThePrompt(t *testing.T) {
	r, call, leg := askRig(t, 200*time.Millisecond)
	begun := time.Now()
	got := <-ask(r.context(), call, statefulclient.CollectOptions{First: time.Millisecond})
	require.ErrorIs(t, got.err, statefulclient.ErrNoKey)
	require.GreaterOrEqual(t, time.Since(begun), 200*time.Millisecond)
	require.NotContains(t, sent(leg), "cancelMediaProcessing")
}

func TestAskEndsWithTheCallAndTheContext(t *testing.T) {
	r, call, leg := askRig(t, time.Hour)
	ctx, cancel := context.WithCancelCause(r.context())
	answers := ask(ctx, call, statefulclient.CollectOptions{})
	require.NoError(t, r.platform.WaitUntil(r.context(), playing(leg)))
	cancel(errors.New("changed its mind"))
	require.ErrorIs(t, (<-answers).err, context.Canceled)

	require.NoError(t, call.CancelMediaProcessing(r.context()))
	answers = ask(call.Context(), call, statefulclient.CollectOptions{})
	require.NoError(t, r.platform.WaitUntil(r.context(), func() bool { return len(sent(leg)) == 5 }))
	keys := make(chan error, 5)
	for range cap(keys) {
		go func() { keys <- second(call.CollectDigits(call.Context(), statefulclient.CollectOptions{})) }()
	}
	r.until(func(statefulclient.Stats) bool { return call.Subscribers() == 1+cap(keys) })
	leg.End(200, 4521, "")
	require.ErrorIs(t, (<-answers).err, statefulclient.ErrCallEnded)
	for range cap(keys) {
		require.ErrorIs(t, <-keys, statefulclient.ErrCallEnded)
	}
	require.Zero(t, call.Subscribers())
}

func TestAskThatCannotBeAsked(t *testing.T) {
	r, call, leg := askRig(t, time.Millisecond)
	for _, prompts := range [][]*resources.MediaPrompt{nil, {nil}, make([]*resources.MediaPrompt, 21)} {
		_, err := call.Ask(r.context(), statefulclient.AskOptions{Prompts: prompts})
		require.ErrorIs(t, err, statefulclient.ErrInvalid)
	}
	require.Empty(t, sent(leg))
	r.platform.FailNext(simulator.Failure{Path: "/playPrompt", Status: 400})
	_, err := call.Ask(r.context(), statefulclient.AskOptions{Prompts: question()})
	require.Error(t, err)
	r.platform.FailNext(simulator.Failure{Path: "/subscribeToTone", Status: 500})
	_, err = call.Ask(r.context(), statefulclient.AskOptions{Prompts: question()})
	require.Error(t, err)

	// A prompt that is not cut short costs the caller nothing but patience.
	r.platform.FailNext(simulator.Failure{Path: "/cancelMediaProcessing", Status: 400})
	leg.Hold() // the prompt's end is not heard of
	answers := ask(r.context(), call, statefulclient.CollectOptions{})
	r.until(func(statefulclient.Stats) bool {
		pending := call.PendingOperations()
		return len(pending) == 1 && pending[0].ID != ""
	})
	r.tell(tone(call.ID(), 1))
	require.Equal(t, answer{"1", nil}, <-answers)
}
