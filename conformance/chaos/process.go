package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// errDied is the answer of a process that is no more.
var errDied = errors.New("the bot's process died")

// process is one life of the bot.
type process struct {
	generation int
	began      time.Time
	ended      time.Time // zero while it lives
	killed     bool      // on purpose
	trace      string    // a file; none when empty

	command  *exec.Cmd
	problems *bytes.Buffer // what it said of them
	gone     chan struct{} // closed when it has ended and all it said was heard
	started  chan struct{} // closed when it has restored its calls

	mu      sync.Mutex
	in      io.WriteCloser
	next    int
	answers map[int]chan line
}

// owner keeps the bot's processes, one at a time, and all they said.
type owner struct {
	settings settings

	turn sync.Mutex // of who starts and kills

	mu        sync.Mutex
	processes []*process
	heard     []told
	news      chan struct{} // closed and made anew with each line
}

func newOwner(s settings) *owner { return &owner{settings: s, news: make(chan struct{})} }

// start begins the next process, and returns when it has restored its calls.
func (o *owner) start(ctx context.Context) error {
	o.turn.Lock()
	defer o.turn.Unlock()
	executable, err := os.Executable()
	if err != nil {
		return err
	}
	s := o.settings
	s.Generation = len(o.lives()) + 1
	s.ServeFirst = s.Generation%2 == 0
	if s.Log != "" {
		s.Log = filepath.Join(s.Log, fmt.Sprintf("%d-process%d.log", s.Seed, s.Generation))
	}
	if s.Record != "" {
		s.Record = filepath.Join(s.Record, fmt.Sprintf("%d-process%d.jsonl", s.Seed, s.Generation))
	}
	p := &process{
		trace: s.Record, generation: s.Generation, problems: &bytes.Buffer{}, answers: map[int]chan line{},
		gone: make(chan struct{}), started: make(chan struct{}),
	}
	p.command = exec.CommandContext(context.WithoutCancel(ctx), executable) //nolint:gosec // it is this very program
	p.command.Env = append(os.Environ(), botProcess+"=1")
	p.command.Stderr = p.problems
	if p.in, err = p.command.StdinPipe(); err != nil {
		return err
	}
	out, err := p.command.StdoutPipe()
	if err != nil {
		return err
	}
	p.began = time.Now()
	if err := p.command.Start(); err != nil {
		return err
	}
	o.mu.Lock()
	o.processes = append(o.processes, p)
	o.mu.Unlock()
	go o.listen(p, out)
	if err := json.NewEncoder(p.in).Encode(s); err != nil { //nolint:gosec // the secret is the simulator's, and goes to the bot alone
		return err
	}
	select {
	case <-p.started:
		return nil
	case <-p.gone:
		return fmt.Errorf("%w: %s", errDied, p.problems)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// listen hears a process to its end.
func (o *owner) listen(p *process, out io.Reader) {
	defer close(p.gone)
	said := json.NewDecoder(out)
	for {
		var l line
		if said.Decode(&l) != nil {
			break
		}
		o.hear(p, l)
	}
	_ = p.command.Wait() // it was killed
	o.mu.Lock()
	p.ended = time.Now()
	o.mu.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, waiting := range p.answers {
		close(waiting)
	}
	p.answers = nil
}

func (o *owner) hear(p *process, l line) {
	if l.Kind == saysStarted {
		close(p.started)
	}
	if l.Kind == saysDone {
		p.mu.Lock()
		waiting := p.answers[l.Answers]
		delete(p.answers, l.Answers)
		p.mu.Unlock()
		if waiting != nil {
			waiting <- l
		}
		return
	}
	o.mu.Lock()
	o.heard = append(o.heard, told{l, p.generation, time.Now()})
	close(o.news)
	o.news = make(chan struct{})
	o.mu.Unlock()
}

// kill ends the process there is, without a warning.
func (o *owner) kill() {
	o.turn.Lock()
	defer o.turn.Unlock()
	p := o.current()
	o.mu.Lock()
	p.killed = true
	o.mu.Unlock()
	_ = p.command.Process.Kill() // it may be dead already
	<-p.gone
}

// ask has the bot do something, and returns what it says to that.
func (o *owner) ask(ctx context.Context, c command) (line, error) {
	p := o.current()
	answer := make(chan line, 1)
	p.mu.Lock()
	if p.answers == nil {
		p.mu.Unlock()
		return line{}, errDied
	}
	p.next++
	c.ID = p.next
	p.answers[c.ID] = answer
	err := json.NewEncoder(p.in).Encode(c)
	p.mu.Unlock()
	if err != nil {
		return line{}, errDied
	}
	select {
	case l, ok := <-answer:
		switch {
		case !ok:
			return line{}, errDied
		case l.Err != "":
			return l, errors.New(l.Err)
		}
		return l, nil
	case <-ctx.Done():
		return line{}, ctx.Err()
	}
}

func (o *owner) current() *process {
	lives := o.lives()
	return lives[len(lives)-1]
}

func (o *owner) lives() []*process {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clip(o.processes)
}

// lines are all that was heard so far.
func (o *owner) lines() []told {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clip(o.heard)
}

// until returns the first line, of those from an index on, that is wanted.
func (o *owner) until(ctx context.Context, from int, wanted func(told) bool) (told, error) {
	for {
		o.mu.Lock()
		heard, news := o.heard, o.news
		o.mu.Unlock()
		for ; from < len(heard); from++ {
			if wanted(heard[from]) {
				return heard[from], nil
			}
		}
		select {
		case <-news:
		case <-ctx.Done():
			return told{}, fmt.Errorf("the bot was not told: %w", ctx.Err())
		}
	}
}

// end has the bot close its client, and returns the goroutines that are left.
func (o *owner) end(ctx context.Context) (string, error) {
	answer, err := o.ask(ctx, command{Do: doClose})
	if err != nil {
		return "", err
	}
	p := o.current()
	select {
	case <-p.gone:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	return answer.Leaks, nil
}
