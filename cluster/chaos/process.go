package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// errDied is the answer of a process that is no more.
var errDied = errors.New("the instance died")

// process is one life of an instance.
type process struct {
	name    string
	address string
	log     *text

	command *exec.Cmd
	in      io.Closer
	said    *json.Decoder
	client  *http.Client

	mu     sync.Mutex
	frozen bool
	killed time.Time // zero while it lives
	left   bool      // it was drained
	thawed time.Time // zero unless it was frozen
}

// text is what a process logs.
type text struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

// Write implements io.Writer.
func (t *text) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.buffer.Write(p)
}

func (t *text) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.buffer.String()
}

// startProcess returns when the instance has joined.
func startProcess(ctx context.Context, s settings) (*process, error) {
	executable, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p := &process{name: s.Process, log: &text{}, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}}
	p.command = exec.CommandContext(context.WithoutCancel(ctx), executable) //nolint:gosec // it is this very program
	p.command.Env = append(os.Environ(), instanceProcess+"=1")
	p.command.Stderr = p.log
	in, err := p.command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	p.in, p.said = in, json.NewDecoder(out)
	var h hello
	if err := json.NewEncoder(in).Encode(s); err != nil { //nolint:gosec // the secret is the simulator's, and goes to the bot alone
		p.kill()
		return nil, err
	}
	if err := p.said.Decode(&h); err != nil {
		p.kill()
		return nil, fmt.Errorf("%w: %s", errDied, p.log)
	}
	p.address = "http://" + h.Address
	return p, nil
}

// kill ends it without a warning.
func (p *process) kill() {
	p.mu.Lock()
	p.killed = time.Now()
	p.mu.Unlock()
	_ = p.command.Process.Kill() // it may be dead already
	_ = p.in.Close()
	_ = p.command.Wait() // it was killed
	p.client.CloseIdleConnections()
}

func (p *process) freeze() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.frozen = true
	return p.command.Process.Signal(syscall.SIGSTOP)
}

func (p *process) thaw() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.frozen, p.thawed = false, time.Now()
	return p.command.Process.Signal(syscall.SIGCONT)
}

// up reports whether it can be asked for something.
func (p *process) up() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.killed.IsZero() && !p.frozen && !p.left
}

// alive reports whether it was neither killed nor drained.
func (p *process) alive() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.killed.IsZero() && !p.left
}

// failedBefore reports whether it was killed before a moment, or ever frozen.
func (p *process) failedBefore(at time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.killed.IsZero() && p.killed.Before(at) || p.frozen || !p.thawed.IsZero()
}

// ask has the instance do something, and returns what it says to that.
func (p *process) ask(ctx context.Context, c command) (answer, error) {
	body, err := json.Marshal(c)
	if err != nil {
		return answer{}, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.address+"/do", bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	response, err := p.client.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	var a answer
	if err := json.NewDecoder(response.Body).Decode(&a); err != nil {
		return answer{}, err
	}
	if a.Err != "" {
		return a, errors.New(a.Err)
	}
	return a, nil
}

// end has the instance close its client, and returns the goroutines that are left.
func (p *process) end(ctx context.Context) (leaks string, err error) {
	if _, err := p.ask(ctx, command{Do: doClose}); err != nil {
		return "", err
	}
	g, err := p.bye()
	return g.Leaks, err
}

// drain has the instance hand its calls over to the others and leave, and returns
// when it is gone.
func (p *process) drain() (goodbye, error) {
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		return goodbye{}, err
	}
	g, err := p.bye()
	p.mu.Lock()
	p.left = true
	p.mu.Unlock()
	p.client.CloseIdleConnections()
	return g, err
}

// bye hears the last it says, and lets it end.
func (p *process) bye() (g goodbye, err error) {
	err = p.said.Decode(&g)
	return g, errors.Join(err, p.in.Close(), p.command.Wait())
}
