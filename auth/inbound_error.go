package auth

import "errors"

var (
	// ErrUnauthorized matches (errors.Is) every error of ValidateInbound: the request is not proven to come from the
	// platform and must not be processed.
	ErrUnauthorized = errors.New("auth: request not authenticated")

	// ErrKeysUnavailable matches the errors of ValidateInbound that are our own trouble: the token could not be
	// checked for want of keys. The sender may be who it claims to be, so answer 503 and let it try again.
	ErrKeysUnavailable = errors.New("auth: signing keys unavailable")

	// ErrClosed is returned once Close was called.
	ErrClosed = errors.New("auth: closed")
)

// InboundError is why ValidateInbound refused a request. It is for counters and logs, not for the sender: its text
// holds nothing of the token.
type InboundError struct {
	Reason Reason

	cause error
}

func refused(reason Reason) error {
	return &InboundError{Reason: reason}
}

func keysUnavailable(cause error) error {
	return &InboundError{Reason: ReasonKeysUnavailable, cause: cause}
}

// Error says what is wrong and, where the bot's owner can help it, what to do.
func (e *InboundError) Error() string {
	text := ErrUnauthorized.Error() + " (" + string(e.Reason) + "): " + e.Reason.explanation()
	if e.cause != nil {
		text += ": " + e.cause.Error()
	}
	return text
}

// Is makes the error match [ErrUnauthorized] and, when the reason is [ReasonKeysUnavailable], [ErrKeysUnavailable].
func (e *InboundError) Is(target error) bool {
	return target == ErrUnauthorized || target == ErrKeysUnavailable && e.Reason == ReasonKeysUnavailable
}

// Unwrap returns why the keys could not be fetched, nil for other reasons.
func (e *InboundError) Unwrap() error { return e.cause }
