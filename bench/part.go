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

// partVariable names, in the environment, the part that a process of this
// program is to play for another, instead of being a program of its own.
const partVariable = "GRAPHCALLS_BENCH_PART"

// The parts. Whoever plays one reads from the standard input what it has to
// know, answers on the standard output, both in JSON, and ends with its input.
const (
	partBot    = "bot"    // coldstart.go
	partBare   = "bare"   // coldstart.go
	partSender = "sender" // sender.go
)

func play(part string, in io.Reader, out io.Writer) error {
	ctx := context.Background()
	said, answer := json.NewDecoder(in), json.NewEncoder(out)
	switch part {
	case partBot:
		return playBot(ctx, said, answer)
	case partBare:
		return playBare(said, answer)
	case partSender:
		return playSender(ctx, said, answer)
	default:
		return fmt.Errorf("there is no part %q", part)
	}
}

// player is another process of this program, playing a part.
type player struct {
	process *exec.Cmd
	in      io.WriteCloser
	out     *json.Decoder
}

func startPlayer(ctx context.Context, part string) (*player, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	process := exec.CommandContext(ctx, self) //nolint:gosec // itself
	process.Env = append(os.Environ(), partVariable+"="+part)
	process.Stderr = os.Stderr
	in, err := process.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", part, err)
	}
	out, err := process.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", part, err)
	}
	if err := process.Start(); err != nil {
		return nil, fmt.Errorf("%s: %w", part, err)
	}
	return &player{process, in, json.NewDecoder(out)}, nil
}

func (p *player) tell(what any) error {
	if err := json.NewEncoder(p.in).Encode(what); err != nil {
		return fmt.Errorf("tell the other process: %w", err)
	}
	return nil
}

func (p *player) hear(what any) error {
	if err := p.out.Decode(what); err != nil {
		return fmt.Errorf("hear from the other process: %w", err)
	}
	return nil
}

// end lets the part end, and waits for it.
func (p *player) end() error { return errors.Join(p.in.Close(), p.process.Wait()) }
