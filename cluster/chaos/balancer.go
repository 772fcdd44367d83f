package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
)

// balancer gives what the platform sends to any instance, and to another where
// that one is gone or busy.
type balancer struct {
	dice     *dice
	shuffles bool
	behind   func() []*process // some may be dead
	client   *http.Client
	life     context.Context //nolint:containedctx // of the copies it sends by itself
	end      context.CancelFunc

	busy sync.WaitGroup

	mu    sync.Mutex
	count map[string]int
	takes []take
}

// take is an answer to the platform.
type take struct {
	at     time.Time
	status int
}

// letter is one notification.
type letter struct {
	url    string
	header http.Header
	body   []byte
}

func newBalancer(ctx context.Context, seed uint64, shuffles bool, behind func() []*process) *balancer {
	b := &balancer{
		dice: newDice(seed, streamBalancer), shuffles: shuffles, behind: behind, count: map[string]int{},
		client: &http.Client{Timeout: time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
	}
	b.life, b.end = context.WithCancel(ctx)
	return b
}

// ServeHTTP implements http.Handler.
func (b *balancer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	l := letter{r.URL.RequestURI(), r.Header.Clone(), body}
	if b.dice.percent(5) {
		b.note("doubled")
		b.busy.Go(func() { b.later(l) })
	}
	if b.shuffles && b.mayOvertake(body) && b.dice.percent(30) {
		b.note("overtaken")
		b.busy.Go(func() { b.later(l) })
		w.WriteHeader(http.StatusAccepted)
		return
	}
	if b.dice.percent(20) {
		b.note("late")
		pause(r.Context(), b.dice.between(0, 50*time.Millisecond))
	}
	status, answer := b.deliver(r.Context(), l)
	b.took(status)
	w.WriteHeader(status)
	_, _ = w.Write(answer) // the platform may have given up
}

// later delivers a letter a little later, as often as it takes.
func (b *balancer) later(l letter) {
	for pause(b.life, b.dice.between(0, 50*time.Millisecond)) {
		if status, _ := b.deliver(b.life, l); status != http.StatusServiceUnavailable {
			return
		}
	}
}

// mayOvertake reports whether what follows may come before: of every fifth call,
// but for its first notification.
func (b *balancer) mayOvertake(body []byte) bool {
	all, err := resources.DecodeNotifications(body)
	if err != nil || len(all.Value) == 0 || all.Value[0].ChangeType == resources.ChangeTypeCreated {
		return false
	}
	path, ok := all.Value[0].Path()
	return ok && shuffled(path.CallID)
}

// shuffled reports whether the notifications of a call are put in another order.
func shuffled(callID string) bool {
	sum := 0
	for _, b := range []byte(resources.Key(callID)) {
		sum += int(b)
	}
	return sum%5 == 0
}

// deliver tries one instance after the other, and returns the last one's answer.
func (b *balancer) deliver(ctx context.Context, l letter) (status int, answer []byte) {
	processes := b.behind()
	status = http.StatusServiceUnavailable
	for _, at := range b.dice.order(len(processes)) {
		var err error
		status, answer, err = b.post(ctx, processes[at], l)
		if err == nil && status != http.StatusServiceUnavailable {
			return status, answer
		}
		b.note("tried at another")
		if err != nil {
			status = http.StatusServiceUnavailable
		}
	}
	return status, answer
}

func (b *balancer) post(ctx context.Context, p *process, l letter) (int, []byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.address+l.url, bytes.NewReader(l.body))
	if err != nil {
		return 0, nil, err
	}
	request.Header = l.header.Clone()
	response, err := b.client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	return response.StatusCode, answer, err
}

func (b *balancer) note(what string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.count[what]++
}

func (b *balancer) took(status int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.takes = append(b.takes, take{time.Now(), status})
}

// answers counts those of a status that were given between two moments.
func (b *balancer) answers(status int, from, to time.Time) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	count := 0
	for _, t := range b.takes {
		if t.status == status && t.at.After(from) && t.at.Before(to) {
			count++
		}
	}
	return count
}

func (b *balancer) counted(what string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.count[what]
}

// close gives up what is still to be delivered; rest waits for it first.
func (b *balancer) close() {
	b.end()
	b.busy.Wait()
	b.client.CloseIdleConnections()
}

func (b *balancer) rest() { b.busy.Wait() }
