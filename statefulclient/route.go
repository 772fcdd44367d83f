package statefulclient

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"

	"github.com/graphcalls/graphcalls-go/transport"
)

// routeParameter is the part of a callback address's query that the route is in.
// A path would have to be served as well; a query reaches whatever serves the
// path.
const routeParameter = "route"

// route is what a callback address tells of the call it was given out for.
type route struct {
	place    string // in the fleet; with SetInstance the instance
	scenario string // of the call
}

// routes gives out callback addresses, and reads them.
type routes struct {
	appID string
	key   []byte // nil where there is only one process
}

// address is a callback address with the route of a call.
func (r *routes) address(callback, place, scenario string) string {
	if r.key == nil {
		return callback
	}
	parsed, err := url.Parse(callback)
	if err != nil {
		return callback
	}
	query := parsed.Query()
	query.Set(routeParameter, place+"."+scenario+"."+r.signature(place, scenario))
	parsed.RawQuery = query.Encode()
	return parsed.String()
}

// callbackAddress is where the call's notifications are to be sent: to the address
// given in options of that name, or else to the client's own.
func (c *Call) callbackAddress(options, given string) (string, error) {
	if given == "" {
		given = c.client.callback
	}
	if err := checkHTTPS(given); err != nil {
		return "", invalid("%s.CallbackURI: %v", options, err)
	}
	return c.client.routes.address(given, c.Place(), c.scenario), nil
}

// read returns the route in an address that was called, or none. An address that
// was not given out so is transport.ErrNoRoute.
func (r *routes) read(called string) (route, error) {
	_, query, _ := strings.Cut(called, "?")
	if r.key == nil || !strings.Contains(query, routeParameter+"=") {
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
	if !hmac.Equal([]byte(text[last+1:]), []byte(r.signature(to.place, to.scenario))) {
		return route{}, transport.ErrNoRoute
	}
	return to, nil
}

func (r *routes) signature(place, scenario string) string {
	mac := hmac.New(sha256.New, r.key)
	_, _ = fmt.Fprintf(mac, "callback\n%s\n%s\n%s", r.appID, place, scenario) // never fails
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
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
