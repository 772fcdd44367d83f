package scenario

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"
)

// process is a program that was started.
type process struct {
	name    string
	command *exec.Cmd
	output  *tail
	stop    context.CancelFunc
	over    chan struct{}
	err     error // how it ended, once over is closed
}

const (
	partingTime = 2 * time.Second // between being asked to end and being killed
	readyTime   = 30 * time.Second
	lookAgain   = 20 * time.Millisecond
)

// launch starts a program. It ends with ctx, or when it is stopped.
func launch(ctx context.Context, name string, command, environment []string, dir string, output *tail) (*process, error) {
	ctx, stop := context.WithCancel(ctx)
	p := &process{name: name, output: output, stop: stop, over: make(chan struct{})}
	p.command = exec.CommandContext(ctx, command[0], command[1:]...) //nolint:gosec // what the scenario or its runner says to start
	p.command.Dir = dir
	p.command.Env = append(os.Environ(), environment...)
	p.command.Stdout, p.command.Stderr = output, output
	p.command.WaitDelay = partingTime
	asGroup(p.command)
	if err := p.command.Start(); err != nil {
		stop()
		return nil, fmt.Errorf("%s cannot be started: %w; commands are looked for in PATH", name, err)
	}
	go func() {
		p.err = p.command.Wait()
		close(p.over)
	}()
	return p, nil
}

// ready waits until the program takes connections.
func (p *process) ready(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, readyTime)
	defer cancel()
	again := time.NewTicker(lookAgain)
	defer again.Stop()
	var dialer net.Dialer
	for {
		connection, err := dialer.DialContext(ctx, "tcp", address)
		if err == nil {
			return connection.Close()
		}
		select {
		case <-again.C:
		case <-p.over:
			return fmt.Errorf("%s has ended before it took connections at %s: %s", p.name, address, p.end())
		case <-ctx.Done():
			return fmt.Errorf("%s does not take connections at %s; it must listen where CALLSIM_BOT_LISTEN or {bot.listen} says: %w", p.name, address, context.Cause(ctx))
		}
	}
}

// close ends the program, and waits for it.
func (p *process) close() {
	p.stop()
	<-p.over
}

// end says how the program ended.
func (p *process) end() string {
	if p.err == nil {
		return "exit status 0"
	}
	return p.err.Error()
}

// Ports a bot may be told to listen at lie below those that systems give to
// connections that go out: one of those can be gone before the bot listens.
const (
	lowestPort = 12000
	portCount  = 20000
	portsToTry = 100
)

// freeAddress finds an address nobody listens at.
func freeAddress(ctx context.Context) (string, error) {
	var config net.ListenConfig
	var why error
	for range portsToTry {
		address := net.JoinHostPort("127.0.0.1", strconv.Itoa(lowestPort+rand.IntN(portCount)))
		listener, err := config.Listen(ctx, "tcp", address)
		if err == nil {
			return address, listener.Close()
		}
		why = err
	}
	return "", fmt.Errorf("no port is free for a bot: %w", why)
}

const tailLength = 16 << 10

// tail keeps the last that programs print, and may pass all of it on.
type tail struct {
	mu   sync.Mutex
	kept []byte
	next io.Writer // may be nil
}

// Write never fails: a program must not end because nobody reads what it prints.
func (t *tail) Write(text []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, text...)
	if surplus := len(t.kept) - tailLength; surplus > 0 {
		t.kept = append(t.kept[:0], t.kept[surplus:]...)
	}
	if t.next != nil {
		_, _ = t.next.Write(text)
	}
	return len(text), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.ToValidUTF8(string(t.kept), "�")
}

var errNoCommand = errors.New("nothing says how to start it: give the line that starts it a command, start NAME: COMMAND, or name one to the runner")
