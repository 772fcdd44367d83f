package statefulclient

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/graphcalls/graphcalls-go/transport"
)

// Instance says which of several processes this is that share a bot's
// notification URL. The callback address of each call it places or answers then
// carries its ID, signed, so that the call's notifications find their way to
// it. It also tells a client that restarts which calls are its own.
type Instance struct {
	// ID names the process among the others. Calls that are to survive a restart
	// need the same one after it. Letters, digits, - and _ only; 64 at most.
	ID string
	// Key signs. It must be the same for all instances, and known to nobody else;
	// 32 random bytes will do.
	Key []byte
	// Forwarder takes what belongs to another instance. Without one it is
	// answered with 503, so that the platform tries again and may reach the right
	// instance.
	Forwarder Forwarder
}

// Forwarder hands a notification on to the instance it belongs to, whose
// Webhook().DeliverTrusted takes it, and returns what that returned. The
// platform waits for it: ctx ends after five seconds. It may be called by
// several goroutines at once.
type Forwarder interface {
	Forward(ctx context.Context, instanceID string, delivery transport.TrustedDelivery) (transport.Answer, error)
}

func (i Instance) check() error {
	var problems []error
	if !isName(i.ID) {
		problems = append(problems, errors.New("SetInstance: the ID must be of letters, digits, - and _, 64 at most"))
	}
	if len(i.Key) < minKey {
		problems = append(problems, fmt.Errorf("SetInstance: the Key has %d bytes; it needs %d random ones, the same for all instances", len(i.Key), minKey))
	}
	return errors.Join(problems...)
}

// minKey is the length in bytes of the shortest key that signs.
const minKey = 32

// isName reports whether a text can be part of a callback address.
func isName(text string) bool {
	return text != "" && len(text) <= 64 && !strings.ContainsFunc(text, outsideName)
}

func outsideName(r rune) bool {
	return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r != '-' && r != '_'
}
