package inspector

import (
	"bytes"
	"context"
	"path"
	"runtime/pprof"
	"strconv"
	"strings"

	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// While a handler runs its goroutine has these labels, by which its stack is found;
// profiles of the process show them too.
const (
	callLabel    = "graphcalls.call"
	handlerLabel = "graphcalls.handler"
)

const (
	mostStacks = 16
	mostFrames = 40
)

// runs is a frame of all handlers; what is below it is no handler's.
const runs = "/statefulclient.audience.run"

// stuck is a handler that has not returned, and where it is, the innermost first.
type stuck struct {
	Handler string   `json:"handler"`
	Stack   []string `json:"stack"`
}

func labelled(ctx context.Context, run *statefulclient.HandlerRun) context.Context {
	if run.Call == nil {
		return ctx
	}
	ctx = pprof.WithLabels(ctx, pprof.Labels(callLabel, run.Call.ID(), handlerLabel, run.Event))
	pprof.SetGoroutineLabels(ctx)
	return ctx
}

func unlabelled(run *statefulclient.HandlerRun) {
	if run.Call != nil {
		pprof.SetGoroutineLabels(context.Background())
	}
}

// handlerOf is the handler whose context, or one made of it, this is; empty where it
// is none's.
func handlerOf(ctx context.Context) string {
	handler, _ := pprof.Label(ctx, handlerLabel)
	return handler
}

// stacks says where the handlers of a call are that run at this moment. Reading
// that stops the process for a moment.
func stacks(callID string) []stuck {
	var profile bytes.Buffer
	if pprof.Lookup("goroutine").WriteTo(&profile, 1) != nil {
		return nil
	}
	var found []stuck
	for block := range strings.SplitSeq(profile.String(), "\n\n") {
		_, labels, _ := strings.Cut(block, "# labels: ")
		labels, frames, _ := strings.Cut(labels, "\n")
		if !strings.Contains(labels, strconv.Quote(callLabel)+":"+strconv.Quote(callID)) || !strings.Contains(frames, runs) {
			continue // a goroutine that a handler began has its labels too
		}
		if found = append(found, stuck{labelOf(labels), framesOf(frames)}); len(found) == mostStacks {
			break
		}
	}
	return found
}

func labelOf(labels string) string {
	_, value, _ := strings.Cut(labels, strconv.Quote(handlerLabel)+`:"`)
	value, _, _ = strings.Cut(value, `"`)
	return value
}

// framesOf reads lines of #, address, function and place. Of the place the file's
// name is enough, and says nothing of the machine it was built on.
func framesOf(text string) []string {
	var frames []string
	for line := range strings.Lines(text) {
		parts := strings.Fields(line)
		if len(parts) < 4 || strings.Contains(parts[2], runs) || len(frames) == mostFrames {
			break
		}
		function, _, _ := strings.Cut(parts[2], "+0x")
		frames = append(frames, function+" "+path.Base(parts[3]))
	}
	return frames
}
