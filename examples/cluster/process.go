package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
)

// process is one life of an instance.
type process struct {
	name    string
	address string
	command *exec.Cmd
	in      io.WriteCloser
	gone    chan struct{} // closed when it has ended and all it said was heard
	drained chan string   // how its draining went
}

// startProcess returns when the instance is a member of the fleet. What it reports
// is handed on one by one.
func startProcess(ctx context.Context, s settings, hear func(*process, report)) (*process, error) {
	executable, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p := &process{name: s.Name, gone: make(chan struct{}), drained: make(chan string, 1)}
	p.command = exec.CommandContext(context.WithoutCancel(ctx), executable) //nolint:gosec // it is this very program
	p.command.Env = append(os.Environ(), instanceProcess+"=1")
	p.command.Stderr = os.Stderr
	if p.in, err = p.command.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	joined := make(chan string, 1)
	go p.listen(out, joined, hear)
	err = json.NewEncoder(p.in).Encode(s) //nolint:gosec // the secret is the simulator's, and goes to the bot alone
	if err == nil {
		select {
		case p.address = <-joined:
			return p, nil
		case <-p.gone:
			err = errors.New("it ended")
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	p.kill()
	return nil, fmt.Errorf("start instance %s: %w", p.name, err)
}

func (p *process) listen(out io.Reader, joined chan<- string, hear func(*process, report)) {
	defer close(p.gone)
	said := json.NewDecoder(out)
	for {
		var r report
		switch said.Decode(&r) {
		case nil:
		default:
			_ = p.command.Wait() // it was killed, or told to end
			return
		}
		switch {
		case r.Address != "":
			joined <- r.Address
		case r.Drained:
			p.drained <- r.Err
		default:
			hear(p, r)
		}
	}
}

// kill ends it without a warning.
func (p *process) kill() {
	_ = p.command.Process.Kill() // it may be dead already
	p.end()
}

// drain has it hand its calls over to the others.
func (p *process) drain(ctx context.Context) error {
	if _, err := io.WriteString(p.in, "drain\n"); err != nil {
		return err
	}
	select {
	case problem := <-p.drained:
		if problem != "" {
			return errors.New(problem)
		}
		return nil
	case <-p.gone:
		return errors.New("it died while it drained")
	case <-ctx.Done():
		return ctx.Err()
	}
}

// end lets it end.
func (p *process) end() {
	_ = p.in.Close() // by which it ends
	<-p.gone
}
