package statefulclient

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
)

// CollectOptions say which keys to collect.
type CollectOptions struct {
	// Max is how many keys to collect; 0 means one.
	Max int
	// Stop are keys that end the collection, and are no part of it; nil means
	// the pound key, unless Max is 1.
	Stop []resources.Tone
	// First is how long to wait for the first key, and Between for each next.
	// 0 means as long as the context.
	First, Between time.Duration
}

func (o CollectOptions) withDefaults() CollectOptions {
	o.Max = max(o.Max, 1)
	if o.Stop == nil && o.Max > 1 {
		o.Stop = []resources.Tone{resources.TonePound}
	}
	return o
}

// ErrNoKey is returned by CollectDigits and Ask when a key did not come in time. The
// keys collected before are returned as well.
var ErrNoKey = errors.New("statefulclient: no key was pressed in time")

// CollectDigits collects keys as they are pressed from now on: "1", "42",
// "*0". It subscribes to tones with the platform first. It ends with the call,
// with ctx, when Max keys have come, or at a Stop key. The platform does not say
// who pressed a key.
//
// It must not be called from a handler of the same call, whose turn the keys
// would wait for; call it in a goroutine.
func (c *Call) CollectDigits(ctx context.Context, options CollectOptions) (string, error) {
	return c.withKeys(ctx, func(ctx context.Context, keys <-chan resources.Tone) (string, error) {
		return c.collect(ctx, "", keys, options)
	})
}

// withKeys gives a function the keys that are pressed while it runs.
func (c *Call) withKeys(ctx context.Context, run func(ctx context.Context, keys <-chan resources.Tone) (string, error)) (string, error) {
	keys := make(chan resources.Tone, 64)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	subscription := On(c, func(_ context.Context, e ToneReceived) {
		select {
		case keys <- e.Tone:
		case <-ctx.Done():
		}
	})
	defer subscription.Cancel()
	if err := c.SubscribeToTone(ctx); err != nil {
		return "", err
	}
	return run(ctx, keys)
}

// collect begins with the first key, if there is one already.
func (c *Call) collect(ctx context.Context, first resources.Tone, keys <-chan resources.Tone, options CollectOptions) (string, error) {
	options = options.withDefaults()
	var digits strings.Builder
	key, wait := first, options.First
	for ; digits.Len() < options.Max; key, wait = "", options.Between {
		if key == "" {
			var err error
			if key, err = c.nextKey(ctx, keys, wait); err != nil {
				return digits.String(), err
			}
		}
		if slices.Contains(options.Stop, key) {
			return digits.String(), nil
		}
		digits.WriteString(keyCap(key))
	}
	return digits.String(), nil
}

func (c *Call) nextKey(ctx context.Context, keys <-chan resources.Tone, wait time.Duration) (resources.Tone, error) {
	var late <-chan time.Time
	if wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		late = timer.C
	}
	select {
	case key := <-keys:
		return key, nil
	case <-late:
		return "", ErrNoKey
	case <-ctx.Done():
	case <-c.context.Done():
	}
	if c.context.Err() != nil { // ctx is often the call's own
		return "", context.Cause(c.context)
	}
	return "", ctx.Err()
}

// keyCap is what stands on a key.
func keyCap(tone resources.Tone) string {
	switch tone {
	case resources.ToneStar:
		return "*"
	case resources.TonePound:
		return "#"
	case resources.ToneFlash:
		return "!"
	default:
		return strings.ToUpper(strings.TrimPrefix(string(tone), "tone"))
	}
}
