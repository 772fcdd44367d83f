package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// sender says to the bot what the platform would, and looks at the page.
type sender struct {
	plan   plan
	where  place
	client *http.Client
	sent   atomic.Int64

	events, bytes atomic.Int64 // of the page
	looked        time.Duration
}

func (s *sender) perSecond(n int64) float64 { return float64(n) / s.looked.Seconds() }

const connections = 8

func newSender(where place, p plan) *sender {
	return &sender{plan: p, where: where, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 2 * connections}}}
}

func (s *sender) close() { s.client.CloseIdleConnections() }

// begin has the calls come in and be established.
func (s *sender) begin(ctx context.Context) error {
	return s.each(ctx, s.plan.calls, func(call int) error {
		return errors.Join(s.post(ctx, ringing(call)), s.post(ctx, update(call, 0)), s.post(ctx, roster(call, 0)))
	})
}

// each does something so many times, several at once.
func (s *sender) each(ctx context.Context, times int, do func(int) error) error {
	var all sync.WaitGroup
	var next atomic.Int64
	problems := make([]error, connections)
	for i := range connections {
		all.Go(func() {
			for problems[i] == nil && ctx.Err() == nil {
				at := int(next.Add(1)) - 1
				if at >= times {
					return
				}
				problems[i] = do(at)
			}
		})
	}
	all.Wait()
	return errors.Join(problems...)
}

// round returns how much CPU time the bot used while it was told things.
func (s *sender) round(ctx context.Context, watched bool) (time.Duration, error) {
	path := "/watch"
	if watched {
		path += "?on"
	}
	if _, err := s.get(ctx, path); err != nil {
		return 0, err
	}
	looking, leave := context.WithCancel(ctx)
	defer leave()
	var page sync.WaitGroup
	defer page.Wait()
	defer leave()
	if watched {
		page.Go(func() { s.look(looking) })
		s.looked += s.plan.length + s.plan.settle
	}
	if err := s.talk(ctx, s.plan.settle); err != nil {
		return 0, err
	}
	before, err := s.cpu(ctx)
	if err != nil {
		return 0, err
	}
	if err := s.talk(ctx, s.plan.length); err != nil {
		return 0, err
	}
	after, err := s.cpu(ctx)
	return after - before, err
}

// talk sends so many notifications a second, evenly.
func (s *sender) talk(ctx context.Context, length time.Duration) error {
	count := int(length.Seconds() * float64(s.plan.rate))
	began := time.Now()
	return s.each(ctx, count, func(n int) error {
		due := began.Add(time.Duration(n) * time.Second / time.Duration(s.plan.rate))
		if wait := time.Until(due); wait > 0 {
			select {
			case <-time.After(wait):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		turn := int(s.sent.Load())
		call := turn * 7 % s.plan.calls
		if turn%5 == 0 {
			return s.post(ctx, roster(call, turn))
		}
		return s.post(ctx, update(call, turn))
	})
}

func (s *sender) post(ctx context.Context, body []byte) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.where.Address+"/api/calls", bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+s.where.Token)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Microsoft-Skype-Message-Id", guid(3, int(s.sent.Add(1))))
	reply, err := s.client.Do(request)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	if _, err := io.Copy(io.Discard, reply.Body); err != nil {
		return err
	}
	if reply.StatusCode != http.StatusAccepted {
		return fmt.Errorf("a notification was answered %s", reply.Status)
	}
	return nil
}

func (s *sender) get(ctx context.Context, path string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.where.Address+path, nil)
	if err != nil {
		return "", err
	}
	reply, err := s.client.Do(request)
	if err != nil {
		return "", err
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err == nil && reply.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s was answered %s: %s", path, reply.Status, text)
	}
	return string(text), err
}

func (s *sender) cpu(ctx context.Context) (time.Duration, error) {
	text, err := s.get(ctx, "/cpu")
	if err != nil {
		return 0, err
	}
	used, err := strconv.ParseInt(text, 10, 64)
	return time.Duration(used), err
}

// look is a page that is open.
func (s *sender) look(ctx context.Context) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.where.Address+"/inspector/list", nil)
	if err != nil {
		return
	}
	reply, err := s.client.Do(request)
	if err != nil {
		return
	}
	defer reply.Body.Close()
	buffer := make([]byte, 64<<10)
	for err == nil {
		var n int
		n, err = reply.Body.Read(buffer)
		s.bytes.Add(int64(n))
		s.events.Add(int64(bytes.Count(buffer[:n], []byte("event: list"))))
	}
}
