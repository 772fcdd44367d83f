package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/models/odataerrors"

	"github.com/graphcalls/graphcalls-go/simulator"
)

// stage is where the scenes play: a platform, a bot on it, and the client the
// bot has.
type stage struct {
	ctx      context.Context //nolint:containedctx // it is all of the program
	platform *simulator.Platform
	bot      *simulator.Bot
	webhook  *webhook
	graph    *graph
	report   *report
}

func openStage(ctx context.Context) (*stage, error) {
	platform, err := simulator.Start(simulator.Options{})
	if err != nil {
		return nil, err
	}
	s := &stage{ctx: ctx, platform: platform, webhook: &webhook{}, report: newReport()}
	address, err := platform.Serve(s.webhook)
	if err == nil {
		s.webhook.url = address + "/api/calls"
		s.bot = platform.RegisterBot(simulator.Bot{DisplayName: "Echo", CallingWebhook: s.webhook.url})
		s.graph, err = newGraph(platform, s.bot)
	}
	if err != nil {
		platform.Close()
		return nil, err
	}
	return s, nil
}

// does has the client do an operation, and files what was wrong about it: what
// work says, the request that was made, its status, and what of the reply the
// client's model does not have.
func (s *stage) does(method, path string, work func(*checks) error) {
	at := slices.IndexFunc(documented(), func(o operation) bool { return o.method == method && o.path == path })
	if at < 0 {
		s.report.other(method+" "+path, errors.New("no such operation is documented"))
		return
	}
	wanted := documented()[at]
	began := time.Now()
	err := s.try(func(c *checks) error {
		if err := work(c); err != nil {
			return err
		}
		sent, err := s.sent(wanted, began)
		if err != nil || c.reply == nil {
			return err
		}
		s.report.statuses += c.whole(sent.ResponseBody, c.reply)
		if c.status != "" {
			var said struct{ Status string }
			if err := json.Unmarshal(sent.ResponseBody, &said); err != nil {
				return err
			}
			c.that(strings.EqualFold(said.Status, c.status), "status is "+c.status)
		}
		return nil
	})
	s.report.operations[wanted.String()].add(err)
}

// also is does for what is no operation of its own.
func (s *stage) also(name string, work func(*checks) error) { s.report.other(name, s.try(work)) }

// try runs work, and says what is wrong, be it a panic.
func (s *stage) try(work func(*checks) error) (err error) {
	c := &checks{}
	defer func() {
		if r := recover(); r != nil {
			err = errors.Join(c.err(), fmt.Errorf("panic: %v", r))
		}
	}()
	err = work(c)
	return errors.Join(c.err(), explain(err))
}

// explain adds what an error of the service says to its text, which the client
// leaves out. Without an error in it the client's own has no text at all.
func explain(err error) error {
	var refused *odataerrors.ODataError
	if !errors.As(err, &refused) {
		return err
	}
	said := refused.GetErrorEscaped()
	if said == nil {
		return fmt.Errorf("status %d, with no error in the body", refused.ResponseStatusCode)
	}
	return fmt.Errorf("%d %s: %s", refused.ResponseStatusCode, value(said.GetCode()), value(said.GetMessage()))
}

// sent checks that an operation went over the wire since then, with the status
// it should have. The platform files a request after it has answered it.
func (s *stage) sent(wanted operation, since time.Time) (simulator.Exchange, error) {
	ctx, cancel := context.WithTimeout(s.ctx, 2*time.Second)
	defer cancel()
	var found simulator.Exchange
	var seen []string
	err := s.platform.WaitUntil(ctx, func() bool {
		seen = nil
		for _, e := range s.platform.Exchanges() {
			if e.ToBot || e.At.Before(since) {
				continue
			}
			path, _, _ := strings.Cut(strings.TrimPrefix(e.URL, s.platform.ServiceBaseURL()), "?")
			if wanted.matches(e.Method, path) && e.Status == wanted.status {
				found = e
				return true
			}
			seen = append(seen, fmt.Sprint(e.Method, " ", path, " ", e.Status))
		}
		return false
	})
	if err != nil {
		return found, fmt.Errorf("no %s with status %d was sent, but %q", wanted, wanted.status, seen)
	}
	return found, nil
}

// until waits for something to be so on the platform.
func (s *stage) until(c *checks, what string, holds func() bool) {
	ctx, cancel := context.WithTimeout(s.ctx, 5*time.Second)
	defer cancel()
	if err := s.platform.WaitUntil(ctx, holds); err != nil {
		c.fail("waited in vain until %s: %w", what, err)
	}
}

// settle waits until all that is to be sent has been sent.
func (s *stage) settle() { _ = s.platform.WaitIdle(s.ctx) }
