package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/graphcalls/graphcalls-go/statefulclient"
)

func millionFigures() []Figure {
	return []Figure{
		{"million", "10,000 calls of 100 people each: MiB resident", Bound{AtMost: 900}, million},
		{"million_change", "one person's change in one of these calls: time / the same where there are 100 calls", Bound{AtMost: 1.5}, millionChange},
	}
}

const (
	manyCalls  = 10_000
	fewCalls   = 100
	callPeople = 100
)

// million is what the operating system says that the process has, with no
// garbage in it: the rosters, and all else there is.
func million(*Bench) (Result, error) {
	empty, how, err := resident()
	if err != nil {
		return Result{}, err
	}
	began := time.Now()
	m, err := newMeetings(manyCalls)
	if err != nil {
		return Result{}, err
	}
	defer m.rig.close()
	took := time.Since(began)
	heap := settledHeap()
	debug.FreeOSMemory()
	bytes, _, err := resident()
	if err != nil {
		return Result{}, err
	}
	runtime.KeepAlive(m)
	return Result{
		Ours: fmt.Sprintf("%d people", m.people()), Value: float64(bytes) / (1 << 20),
		Note: fmt.Sprintf("%s, %d MiB before the calls; the heap has %d MiB, which is %d B a person of %d B of text; they came in %s",
			how, empty>>20, heap>>20, heap/(manyCalls*callPeople), len(person{index: 1}.text()), short(took)),
	}, nil
}

// resident is the process's memory as the operating system counts it, where it
// tells, or else as Go's runtime does.
func resident() (bytes uint64, how string, err error) {
	text, err := os.ReadFile("/proc/self/status")
	if errors.Is(err, os.ErrNotExist) {
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return stats.Sys - stats.HeapReleased, "Sys less HeapReleased of runtime.MemStats", nil
	}
	if err != nil {
		return 0, "", err
	}
	for line := range strings.Lines(string(text)) {
		if rest, found := strings.CutPrefix(line, "VmRSS:"); found {
			kilobytes, err := strconv.ParseUint(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kilobytes << 10, "VmRSS of /proc/self/status", err
		}
	}
	return 0, "", errors.New("/proc/self/status has no VmRSS")
}

// millionChange has the same machine, heap and garbage collector for both.
func millionChange(b *Bench) (Result, error) {
	return measureChange(b, manyCalls, fewCalls)
}

func measureChange(b *Bench, many, few int) (Result, error) {
	ctx := context.Background()
	crowded, err := newMeetings(many)
	if err != nil {
		return Result{}, err
	}
	defer crowded.rig.close()
	quiet, err := newMeetings(few)
	if err != nil {
		return Result{}, err
	}
	defer quiet.rig.close()
	slower := *b
	slower.Slice *= 5 // so that each round comes round to most of the many calls
	c, err := slower.Compare(
		func(n int) error { return crowded.change(ctx, n, few) },
		func(n int) error { return quiet.change(ctx, n, few) })
	if err != nil {
		return Result{}, err
	}
	if err := errors.Join(crowded.rig.rest(ctx), quiet.rig.rest(ctx)); err != nil {
		return Result{}, err
	}
	result := c.Inverse()
	result.Note = fmt.Sprintf("ours has %d calls, peer %d, all of %d people; %d changes a round", many, few, callPeople, c.Ours.Operations)
	return result, nil
}

// meetings are calls that many people are in, one after the other of whom is
// muted or not.
type meetings struct {
	rig   *rig
	calls int
	turn  int // whose change is next: each call's first person, then each call's second, …
}

func newMeetings(calls int) (*meetings, error) {
	r, err := newRig(guid(0, 1), anybody{}, statefulclient.Limits{})
	if err != nil {
		return nil, err
	}
	m := &meetings{rig: r, calls: calls}
	if err := m.fill(context.Background()); err != nil {
		r.close()
		return nil, err
	}
	return m, nil
}

// fill has people come into each call by a change of the roster, as the platform
// tells of large meetings: a whole roster of a hundred looks like one that was
// cut short.
func (m *meetings) fill(ctx context.Context) error {
	m.rig.followPeople()
	if err := m.rig.hold(ctx, m.calls); err != nil {
		return err
	}
	for call := range m.calls {
		list := peopleOf(call, callPeople)
		for i := range list {
			list[i].sequence = 1
		}
		if err := m.rig.deliver(ctx, delta(idOf(call), 1, list)); err != nil {
			return err
		}
	}
	if err := m.rig.rest(ctx); err != nil {
		return err
	}
	if there := m.people(); there != m.calls*callPeople {
		return fmt.Errorf("%d people are in %d calls", there, m.calls)
	}
	return nil
}

func (m *meetings) people() int {
	count := 0
	for call := range m.rig.client.Calls().All() {
		count += call.Participants().Len()
	}
	return count
}

// change delivers so many changes, each of one person in another call, and
// waits now and then until handlers were told, so that none has many waiting.
func (m *meetings) change(ctx context.Context, n, together int) error {
	for n > 0 {
		share := min(n, together)
		for range share {
			if err := m.rig.deliver(ctx, m.next()); err != nil {
				return err
			}
		}
		if err := m.rig.heard(ctx, share); err != nil {
			return err
		}
		n -= share
	}
	return nil
}

func (m *meetings) next() []byte {
	call, round := m.turn%m.calls, m.turn/m.calls
	m.turn++
	now := personOf(call, callPeople, round%callPeople)
	if round/callPeople%2 == 0 {
		now.muted = !now.muted
	}
	now.sequence = int64(round + 2)
	return delta(idOf(call), now.sequence, []person{now})
}
