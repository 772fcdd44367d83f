package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

// live is a client that is handed POSTs as a Forwarder's other end hands them
// on: read and authenticated, so that no HTTP server and no token is measured.
type live struct {
	client *statefulclient.Client
	told   chan struct{} // by a handler, once for each update
	header http.Header
	ids    []string
	posts  int
}

// rememberedPosts is more than a client remembers by default, so that ids may
// be used again.
const rememberedPosts = 1 << 15

func newLive() (*live, error) {
	client, err := statefulclient.NewStatefulClientBuilder("bench", guid(0, 1)).
		SetAuthenticationProvider(anybody{}).
		SetNotificationUrl("https://bot.contoso.com/api/calls").
		SetHttpClient(&http.Client{Transport: nobody{}}, nil).
		Build()
	if err != nil {
		return nil, fmt.Errorf("build a client: %w", err)
	}
	l := &live{client: client, told: make(chan struct{}, busy), header: http.Header{
		messageIDHeader:              {""},
		"X-Microsoft-Skype-Chain-Id": {guid(3, 0)},
		"Scenario-Id":                {guid(3, 0)},
	}}
	for i := range rememberedPosts {
		l.ids = append(l.ids, guid(6, i))
	}
	return l, nil
}

const messageIDHeader = "X-Microsoft-Skype-Message-Id"

// post delivers a body.
func (l *live) post(body []byte) error {
	l.posts++
	l.header[messageIDHeader][0] = l.ids[l.posts%len(l.ids)]
	_, err := l.client.Webhook().DeliverTrusted(context.Background(), transport.TrustedDelivery{
		TenantID: tenantID, RequestURL: "/api/calls", Header: l.header, Body: body,
	})
	if err != nil {
		return fmt.Errorf("deliver: %w", err)
	}
	return nil
}

// establish has a call come in and be established.
func (l *live) establish(id string) (*statefulclient.Call, error) {
	if err := errors.Join(l.post(callArrives(id)), l.post(callUpdate(id, "established", "active"))); err != nil {
		return nil, err
	}
	call, ok := l.client.Calls().Get(id)
	if !ok {
		return nil, errors.New("the call did not come in")
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := call.WaitFor(ctx, resources.CallStateEstablished); err != nil {
		return nil, fmt.Errorf("establish the call: %w", err)
	}
	return call, nil
}

// patience is how long a handler may take before something is held to be wrong.
const patience = 20 * time.Second

// answering delivers bodies one by one, each when a handler has been told of
// the one before.
func (l *live) answering(next func() []byte) Work { return l.posting(1, next) }

// posting delivers bodies while handlers are told of those before, so many at
// most, and waits until they have been told of all. So many wait that nobody
// idles, and not so many that updates are folded.
func (l *live) posting(atOnce int, next func() []byte) Work {
	return func(n int) error {
		late := time.After(patience)
		for posted, told := 0, 0; told < n; {
			if posted < n && posted-told < atOnce {
				if err := l.post(next()); err != nil {
					return err
				}
				posted++
				continue
			}
			select {
			case <-l.told:
				told++
			case <-late:
				return errors.New("no handler was told of an update")
			}
		}
		return nil
	}
}

// busy is how many POSTs a busy bot has under way.
const busy = 64

// populate fills a call's roster by changes of at most 500 people each, and
// waits until all are there.
func (l *live) populate(call *statefulclient.Call, count int) (sequence int64, err error) {
	everybody := people(count)
	sequence = firstSequence
	first := min(count, 10)
	if err := l.post(roster(call.ID(), everybody[:first])); err != nil {
		return 0, err
	}
	for from := first; from < count; from += 500 {
		sequence++
		if err := l.post(delta(call.ID(), sequence, everybody[from:min(count, from+500)])); err != nil {
			return 0, err
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	all := func(p *statefulclient.Participants) bool { return p.Len() == count }
	if err := call.Participants().WaitFor(ctx, all); err != nil {
		return 0, fmt.Errorf("fill the roster: %w", err)
	}
	return sequence, nil
}

// anybody believes everybody, and sends no tokens.
type anybody struct{}

func (anybody) AuthenticateOutbound(context.Context, *http.Request, string) error { return nil }

func (anybody) ValidateInbound(context.Context, *http.Request) (auth.Identity, error) {
	return auth.Identity{TenantID: tenantID}, nil
}

// nobody is a platform that has nothing to say, at no distance.
type nobody struct{}

func (nobody) RoundTrip(request *http.Request) (*http.Response, error) {
	reply := `{}`
	if strings.HasSuffix(request.URL.Path, "/participants") {
		reply = `{"value":[]}`
	}
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(reply)), Request: request,
	}, nil
}
