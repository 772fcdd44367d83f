package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// brokerProcess is the variable of the environment by which the program knows that it
// is the NATS server, whose memory is not to be counted with the bot's.
const brokerProcess = "GRAPHCALLS_SCALE_NATS"

// runBroker is its process, which ends when its input does.
func runBroker(in io.Reader, out, problems io.Writer) int {
	folder, err := os.MkdirTemp("", "scale-nats")
	if err != nil {
		_, _ = fmt.Fprintln(problems, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(folder) }() // in the folder for what is temporary
	s, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: folder, NoLog: true, NoSigs: true,
	})
	if err != nil {
		_, _ = fmt.Fprintln(problems, err)
		return 1
	}
	s.Start()
	if !s.ReadyForConnections(10 * time.Second) {
		return 1
	}
	_, _ = fmt.Fprintln(out, s.ClientURL())
	_, _ = io.Copy(io.Discard, in)
	s.Shutdown()
	s.WaitForShutdown()
	return 0
}

// broker is the process, seen from outside.
type broker struct {
	url     string
	command *exec.Cmd
	in      io.Closer
}

func startBroker(ctx context.Context) (*broker, error) {
	executable, err := os.Executable()
	if err != nil {
		return nil, err
	}
	b := &broker{command: exec.CommandContext(context.WithoutCancel(ctx), executable)} //nolint:gosec // it is this very program
	b.command.Env = append(os.Environ(), brokerProcess+"=1")
	b.command.Stderr = os.Stderr
	if b.in, err = b.command.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := b.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := b.command.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if b.url = strings.TrimSpace(line); err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

func (b *broker) close() error { return errors.Join(b.in.Close(), b.command.Wait()) }
