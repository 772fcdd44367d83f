package media_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/media"
	"github.com/graphcalls/graphcalls-go/resources"
)

var errStackDown = errors.New("the stack is down")

// stack is the near end of a media stack.
type stack struct{ blob string }

func (s stack) Blob(ctx context.Context) (string, error) {
	if s.blob == "down" {
		return "", errStackDown
	}
	return s.blob, ctx.Err()
}

func (stack) Modalities() []resources.Modality { return []resources.Modality{resources.ModalityAudio} }
func (stack) Close() error                     { return nil }

func TestConfigPassesTheBlobOnUnread(t *testing.T) {
	for _, blob := range []string{blobText, " { \"spaced\" : 1 } ", "opaque"} {
		config, err := media.Config(t.Context(), stack{blob})
		require.NoError(t, err)
		require.Equal(t, blob, config.Blob)
		text, err := resources.Encode(config)
		require.NoError(t, err)
		back, err := resources.Decode[resources.AppHostedMediaConfig](text)
		require.NoError(t, err)
		require.Equal(t, blob, back.Blob)
	}
}

func TestConfigWithoutABlob(t *testing.T) {
	_, err := media.Config(t.Context(), stack{})
	require.ErrorIs(t, err, media.ErrNoBlob)
	_, err = media.Config(t.Context(), stack{"down"})
	require.ErrorIs(t, err, errStackDown)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = media.Config(ctx, stack{blobText})
	require.ErrorIs(t, err, context.Canceled)
}
