package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

// bot is what is attacked: a client behind the server that is recommended.
type bot struct {
	platform *simulator.Platform
	account  *simulator.Bot
	client   *statefulclient.Client
	address  string // where attackers reach it
	sender   *http.Client
	tokens   struct{ good, forged, stolen string }
	slow     sync.WaitGroup
	closers  []func()
}

func openBot() (*bot, error) {
	b := &bot{sender: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}}
	if err := b.open(); err != nil {
		b.close()
		return nil, err
	}
	return b, nil
}

func (b *bot) onClose(f func()) { b.closers = append(b.closers, f) }

func (b *bot) close() {
	for _, f := range slices.Backward(b.closers) {
		f()
	}
}

func (b *bot) open() error {
	platform, err := simulator.Start(simulator.Options{Remember: 1})
	if err != nil {
		return err
	}
	b.onClose(platform.Close)
	b.platform, b.account = platform, platform.RegisterBot(simulator.Bot{})
	provider, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{
		AppID: b.account.AppID, Secret: b.account.Secret, Tenant: platform.Tenant().ID, HTTPClient: platform.Client(),
		Cloud: auth.Cloud{AuthorityURL: platform.AuthorityURL(), OpenIDConfigurationURL: platform.OpenIDConfigurationURL()},
	})
	if err != nil {
		return err
	}
	b.onClose(provider.Close)
	if err := b.makeTokens(); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	b.address = "http://" + listener.Addr().String() + "/api/calls"
	b.client, err = statefulclient.NewStatefulClientBuilder("Flooded", b.account.AppID).
		SetAuthenticationProvider(provider).
		SetNotificationUrl("https://bot.contoso.com/api/calls").
		SetServiceBaseUrl(platform.ServiceBaseURL()).
		SetHttpClient(platform.Client(), nil).
		SetLimits(statefulclient.Limits{Tombstones: 1024, RememberedDeliveries: 1024, ParkFor: time.Second}).
		Build()
	if err != nil {
		return err
	}
	b.onClose(b.client.Close)
	server := transport.NewServer("", b.client.Handler())
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(listener) })
	b.onClose(func() {
		_ = server.Close()
		serving.Wait()
		b.sender.CloseIdleConnections()
	})
	return b.client.Warm(context.Background())
}

// makeTokens signs beforehand, which takes longer than to attack.
func (b *bot) makeTokens() (err error) {
	lasting := simulator.Claim("exp", time.Now().Add(24*time.Hour).Unix())
	if b.tokens.good, err = b.platform.Token(b.account, lasting); err != nil {
		return err
	}
	if b.tokens.forged, err = b.platform.Token(b.account, lasting, simulator.UnknownKey); err != nil {
		return err
	}
	b.tokens.stolen, err = b.platform.Token(b.account, lasting, simulator.StolenKeyID)
	return err
}

// send posts a body as the platform does, and returns what was answered.
func (b *bot) send(ctx context.Context, body, token, messageID string) (int, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, b.address, strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	request.Header.Set("X-Microsoft-Skype-Message-Id", messageID)
	response, err := b.sender.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body) // so that the connection is used again
	return response.StatusCode, nil
}

// deliver sends a notification until it is taken, and returns how often it was
// asked to come again.
func (b *bot) deliver(ctx context.Context, notification, messageID string) (again int, err error) {
	for ; ; again++ {
		status, err := b.send(ctx, `{"value":[`+notification+`]}`, b.tokens.good, messageID)
		switch {
		case err != nil:
			return again, err
		case status == http.StatusAccepted:
			return again, nil
		case status != http.StatusServiceUnavailable:
			return again, fmt.Errorf("flood: a genuine notification was answered %d", status)
		}
	}
}

func about(id, data string) string {
	return fmt.Sprintf(`{"changeType":"updated","resourceUrl":"/communications/calls/%s","resourceData":%s}`, id, data)
}

func ringing(id string) string {
	return fmt.Sprintf(`{"changeType":"created","resourceUrl":"/communications/calls/%s","resourceData":{"@odata.type":"#microsoft.graph.call","state":"incoming","direction":"incoming"}}`, id)
}

// calls has so many calls come and go, one after the other.
func (b *bot) calls(ctx context.Context, count int) error {
	for i := range count {
		id := "soak-" + strconv.Itoa(i)
		for step, text := range []string{ringing(id), about(id, `{"state":"established"}`), about(id, `{"state":"terminated"}`)} {
			if _, err := b.deliver(ctx, text, fmt.Sprintf("%s-%d-%d", id, count, step)); err != nil {
				return err
			}
		}
	}
	return b.rest(ctx)
}

// rest waits until the client has nothing left to do.
func (b *bot) rest(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		if stats := b.client.Stats(); stats.Calls == 0 && stats.Goroutines == 0 && stats.Parked == 0 && answered(stats.Webhook) {
			return nil
		}
		if err := pause(ctx, 10*time.Millisecond); err != nil {
			return fmt.Errorf("flood: the client does not come to rest: %+v", b.client.Stats())
		}
	}
}

// talk is a genuine call that goes on meanwhile: a notification every few
// milliseconds, each of which must be heard.
func (b *bot) talk(ctx, attacking context.Context, r *report) error {
	if _, err := b.deliver(ctx, ringing("genuine"), "genuine"); err != nil {
		return err
	}
	call, ok := b.client.Calls().Get("genuine")
	if !ok {
		return errors.New("flood: the genuine call was not heard of")
	}
	heard := make(chan string, 1)
	call.OnUpdated(func(_ context.Context, e statefulclient.ResourceEvent[resources.Call]) {
		if e.New.Subject != "" {
			heard <- e.New.Subject
		}
	})
	var waits []time.Duration
	for ; attacking.Err() == nil; r.genuine++ {
		start, subject := time.Now(), strconv.Itoa(r.genuine)
		again, err := b.deliver(ctx, about("genuine", `{"state":"established","subject":"`+subject+`"}`), "genuine-"+subject)
		if err != nil {
			return err
		}
		r.heldUp += again
		select {
		case got := <-heard:
			if got != subject {
				r.unheard++
			}
		case <-time.After(10 * time.Second):
			r.unheard++
		}
		waits = append(waits, time.Since(start))
		_ = pause(attacking, 5*time.Millisecond)
	}
	slices.Sort(waits)
	r.middle, r.slowest = waits[len(waits)/2], waits[len(waits)-1]
	_, err := b.deliver(ctx, about("genuine", `{"state":"terminated"}`), "genuine-end")
	return err
}

// answered reports whether no request is being looked at.
func answered(stats transport.Stats) bool {
	sum := stats.Accepted + stats.Redirected
	for _, n := range stats.Refused {
		sum += n
	}
	return sum == stats.Requests
}

func pause(ctx context.Context, length time.Duration) error {
	select {
	case <-time.After(length):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func heap() uint64 {
	runtime.GC()
	runtime.GC() // pools let go at the second
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// mostResident is the most memory the process ever had, as Linux tells.
func mostResident() uint64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, found := strings.CutPrefix(line, "VmHWM:"); found {
			kilobytes, _ := strconv.ParseUint(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kilobytes << 10
		}
	}
	return 0
}
