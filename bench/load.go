package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// loadPlan is how a webhook is put under load.
type loadPlan struct {
	calls       int
	connections int
	length      time.Duration // of all of it
	stretch     time.Duration // how long ours, or bare net/http, works at a time
}

func newLoadPlan(length time.Duration) loadPlan {
	return loadPlan{calls: 5000, connections: 8, length: length, stretch: min(5*time.Second, length/4)}
}

// loadRun has another process post what the platform says of many live calls,
// as fast as it is answered, in turns to our webhook, with tokens and handlers,
// and to one of bare net/http, which reads and answers. It prints how many there
// were in a second, and how long after a request was written its handler was
// run; the two processes share a clock. It fails when anything was refused or
// not told.
func loadRun(ctx context.Context, plan loadPlan, out io.Writer) (err error) {
	l, err := openLoad(ctx, plan)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.close()) }()
	for began := time.Now(); time.Since(began) < plan.length; {
		for _, side := range []*loadSide{l.ours, l.bare} {
			if err := l.stretch(ctx, side); err != nil {
				return err
			}
		}
	}
	return errors.Join(l.print(out), l.webhook.rest(ctx))
}

// load is a webhook under load.
type load struct {
	plan       loadPlan
	webhook    *webhook
	peer       *served
	sender     *player
	ours, bare *loadSide
}

// loadSide is what came of the load on one side.
type loadSide struct {
	name      string
	address   string
	latencies latencies
	heard     *tally // by handlers
	accepted  int64
	errors    int64
	took      time.Duration
	trouble   string
}

func openLoad(ctx context.Context, plan loadPlan) (*load, error) {
	l := &load{
		plan: plan, ours: &loadSide{name: "ours", heard: newTally()}, bare: &loadSide{name: "bare net/http", heard: newTally()},
	}
	if err := l.open(ctx); err != nil {
		return nil, errors.Join(err, l.close())
	}
	return l, nil
}

func (l *load) open(ctx context.Context) (err error) {
	if l.webhook, err = openWebhook(ctx, l.plan.calls); err != nil {
		return err
	}
	for call := range l.plan.calls {
		if err := l.webhook.deliver(ctx, roster(idOf(call), peopleOf(call, storyPeople))); err != nil {
			return err
		}
	}
	if err := l.webhook.rest(ctx); err != nil {
		return err
	}
	l.listen()
	if l.peer, err = serve(http.HandlerFunc(l.takeBare)); err != nil {
		return err
	}
	l.ours.address, l.bare.address = l.webhook.served.address, l.peer.address
	l.sender, err = startPlayer(ctx, partSender)
	return err
}

// listen has the bot be told of all that the sender says.
func (l *load) listen() {
	for call := range l.webhook.client.Calls().All() {
		call.OnUpdated(func(_ context.Context, e statefulclient.ResourceEvent[resources.Call]) {
			if !e.Initial {
				l.ours.hear(e.New.Subject)
			}
		})
	}
	statefulclient.On(l.webhook.client.Calls(), func(_ context.Context, e statefulclient.ParticipantUpdated) {
		l.ours.hear(e.New.Metadata)
	})
}

func (l *load) takeBare(w http.ResponseWriter, r *http.Request) {
	if _, err := io.ReadAll(r.Body); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	l.bare.hear(r.Header.Get(sentHeader))
	w.WriteHeader(http.StatusAccepted)
}

// hear notes that a handler is run.
func (s *loadSide) hear(sent string) {
	now := time.Now()
	moment, err := strconv.ParseInt(sent, 10, 64)
	if err != nil {
		return // then one is missing in the end
	}
	s.latencies.add(now.Sub(time.Unix(0, moment)))
	s.heard.add(1)
}

// stretch lets the sender work on one side, and ends when all was told.
func (l *load) stretch(ctx context.Context, side *loadSide) error {
	began := time.Now()
	err := l.sender.tell(order{
		Address: side.address, Token: l.webhook.authority.token, Calls: l.plan.calls, Connections: l.plan.connections, For: l.plan.stretch,
	})
	if err != nil {
		return err
	}
	var sent sending
	if err := l.sender.hear(&sent); err != nil {
		return err
	}
	side.accepted += sent.Accepted
	side.errors += sent.Errors
	side.trouble = max(side.trouble, sent.Trouble)
	if err := waitFor(ctx, side.heard, side.accepted); err != nil {
		return fmt.Errorf("%w: %+v", err, l.webhook.client.Stats())
	}
	side.took += time.Since(began)
	return nil
}

func (s *loadSide) rate() float64 { return float64(s.accepted) / s.took.Seconds() }

func (l *load) print(out io.Writer) error {
	var text strings.Builder
	fmt.Fprintf(&text, "%d calls, %d connections, %s in turns of %s; from the request being written to the handler being run\n\n",
		l.plan.calls, l.plan.connections, l.plan.length, l.plan.stretch)
	const row = "%-16s %18s %12s %12s %8s\n"
	fmt.Fprintf(&text, row, "LOAD", "NOTIFICATIONS/S", "P50", "P99", "ERRORS")
	var trouble []error
	for _, side := range []*loadSide{l.ours, l.bare} {
		fmt.Fprintf(&text, row, side.name, fmt.Sprintf("%.0f", side.rate()),
			short(side.latencies.at(50)), short(side.latencies.at(99)), strconv.FormatInt(side.errors, 10))
		if side.errors > 0 {
			trouble = append(trouble, fmt.Errorf("%s: %d errors, such as %s", side.name, side.errors, side.trouble))
		}
	}
	fmt.Fprintf(&text, "\nratio: load_throughput %s\n", number(l.ours.rate()/l.bare.rate()))
	_, err := io.WriteString(out, text.String())
	return errors.Join(append(trouble, err)...)
}

func (l *load) close() error {
	var problems []error
	if l.sender != nil {
		problems = append(problems, l.sender.end())
	}
	if l.peer != nil {
		problems = append(problems, l.peer.close())
	}
	if l.webhook != nil {
		problems = append(problems, l.webhook.close())
	}
	return errors.Join(problems...)
}
