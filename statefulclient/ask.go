package statefulclient

import (
	"context"

	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/resources"
)

// AskOptions say what to ask, and which keys to collect.
type AskOptions struct {
	// Prompts are played one after the other: 1 to 20.
	Prompts []*resources.MediaPrompt
	// Collect says which keys answer. Its First counts from the end of the
	// prompts.
	Collect CollectOptions
}

// Ask plays prompts and collects the keys that are pressed meanwhile and after,
// as CollectDigits does: "1", "42", "*0". The first key cuts the prompts short,
// by CancelMediaProcessing, which also stops whatever else plays, records or is
// queued.
//
// It returns ErrNoKey, with the keys there are, when one did not come in time,
// and an *OperationError when the prompts could not be played. When ctx ends,
// what plays goes on. A mark of WithClientContext is the prompts'. It needs
// service-hosted media, and the platform refuses keys in calls under a recording
// policy.
//
// It must not be called from a handler of the same call, whose turn the keys
// would wait for; call it in a goroutine.
//
// See https://learn.microsoft.com/graph/api/call-subscribetotone.
func (c *Call) Ask(ctx context.Context, options AskOptions) (string, error) {
	if err := checkPrompts(options.Prompts); err != nil {
		return "", err
	}
	mark, _ := ctx.Value(clientContextKey{}).(string)
	return c.withKeys(WithClientContext(ctx, ""), func(ctx context.Context, keys <-chan resources.Tone) (string, error) {
		playing, err := c.PlayPrompt(WithClientContext(ctx, mark), options.Prompts...)
		if err != nil {
			return "", err
		}
		first, err := c.whilePlaying(ctx, keys, playing)
		if err != nil {
			return "", err
		}
		return c.collect(ctx, first, keys, options.Collect)
	})
}

// whilePlaying returns the key that has cut the prompts short, or "" when they
// are over.
func (c *Call) whilePlaying(ctx context.Context, keys <-chan resources.Tone, playing *Operation[*resources.PlayPromptOperation]) (resources.Tone, error) {
	select {
	case key := <-keys:
		if err := c.CancelMediaProcessing(ctx); err != nil { // the key counts all the same
			c.client.logger.Warn("prompts were not cut short by a key", c.fields(zap.Error(err))...)
		}
		return key, nil
	case <-playing.Done():
	case <-c.context.Done():
	case <-ctx.Done():
	}
	_, err := playing.Wait(ctx)
	return "", err
}
