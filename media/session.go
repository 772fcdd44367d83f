package media

import (
	"context"
	"errors"
	"fmt"

	"github.com/graphcalls/graphcalls-go/resources"
)

// Session is one call's share of a bot's own media stack: what the stack has to
// offer for the call to be placed, joined or answered with app-hosted media. A
// session serves one call.
//
// This module has no implementation. The only stack the platform talks to is
// Microsoft's (Microsoft.Skype.Bots.Media), which is closed, native and for
// Windows servers; it owns the sockets, the codecs, the certificate's private
// key and the contents of the blob. A bot in Go reaches it in a process of its
// own, over whatever suits both, and implements Session as the near end of
// that. A bot that is content with playing, recording and keys pressed needs
// none of this: see [resources.ServiceHostedMediaConfig].
//
// Media cannot outlive its process: when the stack restarts, its calls have to
// be placed anew.
//
// It mirrors the .NET SDK's IMediaSession. Methods may be called from any
// goroutine, Close while another runs.
type Session interface {
	// Blob returns the session's configuration as the stack serialised it; the
	// SDK passes it on unread. It is asked for once, right before the request
	// that needs it is sent, with that request's context: an incoming call
	// has to be answered within 15 seconds, under a recording policy within 5.
	Blob(ctx context.Context) (string, error)
	// Modalities are the kinds of media the session can carry, which the call
	// will ask for. They do not change.
	Modalities() []resources.Modality
	// Close gives the session up, because the call has ended or never came to
	// be. A second Close does nothing. Nobody can act upon its error but those
	// who read the log.
	Close() error
}

// ErrNoBlob is returned where a session has no blob to offer.
var ErrNoBlob = errors.New("media: the session gave no blob; is the media stack running, with its platform initialized?")

// Config asks a session for its blob, and returns it as the media configuration
// of a call. It fails with the session's own error, which it wraps, or with
// [ErrNoBlob]; the session is then as it was, and still to be closed.
func Config(ctx context.Context, session Session) (*resources.AppHostedMediaConfig, error) {
	blob, err := session.Blob(ctx)
	if err != nil {
		return nil, fmt.Errorf("media: the session's blob: %w", err)
	}
	if blob == "" {
		return nil, ErrNoBlob
	}
	return &resources.AppHostedMediaConfig{Blob: blob}, nil
}
