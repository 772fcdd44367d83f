package inspector

import (
	"context"
	"errors"
	"net"
	"strings"
	"syscall"

	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// failureOf says why a request was not answered, without the error's own text,
// which may have addresses in it.
func failureOf(err error) string {
	var lookup *net.DNSError
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return "timed out"
	case errors.Is(err, context.Canceled):
		return "given up by the bot"
	case errors.As(err, &lookup):
		return "name not found"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, net.ErrClosed):
		return "connection lost"
	default:
		return "no answer"
	}
}

// endOf says how a call ended, without the platform's own text.
func endOf(reason statefulclient.EndReason) string {
	text := string(reason.Cause)
	if codes := numbers(reason.Code, reason.Subcode); codes != "" {
		text += " " + codes
	}
	if diag, ok := reason.DiagCode(); ok {
		text += " (DiagCode " + diag.Raw + ")"
	}
	text += ", " + string(reason.Class())
	if hint := reason.Hint(); !strings.HasPrefix(hint, "nothing to do") {
		text += ": " + hint
	}
	return text
}

func isFine(reason statefulclient.EndReason) bool {
	return reason.Class() == statefulclient.EndClassNormal || reason.Class() == statefulclient.EndClassRejected
}
