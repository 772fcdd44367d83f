package statefulclient

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
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
	if i.ID == "" || len(i.ID) > 64 || strings.ContainsFunc(i.ID, outsideName) {
		problems = append(problems, errors.New("SetInstance: the ID must be of letters, digits, - and _, 64 at most"))
	}
	if len(i.Key) < 32 {
		problems = append(problems, fmt.Errorf("SetInstance: the Key has %d bytes; it needs 32 random ones, the same for all instances", len(i.Key)))
	}
	return errors.Join(problems...)
}

func outsideName(r rune) bool {
	return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r != '-' && r != '_'
}

// routeParameter is the part of a callback address's query that the route is in.
// A path would have to be served as well; a query reaches whatever serves the
// path.
const routeParameter = "route"

// route is what a callback address tells of the call it was given out for.
type route struct {
	instance string
	scenario string // of the call
}

// routes gives out callback addresses, and reads them.
type routes struct {
	appID string
	own   string // the instance; empty where there is only one
	key   []byte
}

// address is a callback address with the route of a call.
func (r *routes) address(callback, scenario string) string {
	if r.own == "" {
		return callback
	}
	parsed, err := url.Parse(callback)
	if err != nil {
		return callback
	}
	query := parsed.Query()
	query.Set(routeParameter, r.own+"."+scenario+"."+r.signature(r.own, scenario))
	parsed.RawQuery = query.Encode()
	return parsed.String()
}

// read returns the route in an address that was called, or none. An address that
// was not given out so is transport.ErrNoRoute.
func (r *routes) read(called string) (route, error) {
	_, query, _ := strings.Cut(called, "?")
	if r.own == "" || !strings.Contains(query, routeParameter+"=") {
		return route{}, nil
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return route{}, transport.ErrNoRoute
	}
	text := values.Get(routeParameter)
	first, last := strings.IndexByte(text, '.'), strings.LastIndexByte(text, '.')
	if first == last {
		return route{}, transport.ErrNoRoute
	}
	to := route{text[:first], text[first+1 : last]}
	if !hmac.Equal([]byte(text[last+1:]), []byte(r.signature(to.instance, to.scenario))) {
		return route{}, transport.ErrNoRoute
	}
	return to, nil
}

func (r *routes) signature(instance, scenario string) string {
	mac := hmac.New(sha256.New, r.key)
	_, _ = fmt.Fprintf(mac, "callback\n%s\n%s\n%s", r.appID, instance, scenario) // never fails
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}
