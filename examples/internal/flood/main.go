// Flood has ten thousand calls come and go at a bot on the simulator, then
// attacks it as fast as this machine can, and shows what that costs: the heap
// before and after, the most memory the process ever had (attackers included),
// requests per second, what they were answered, and how long genuine
// notifications of a call took meanwhile.
//
//	go run ./examples/internal/flood -for 60s
//
// It fails if an answer is not one of those documented, if a genuine
// notification is lost, or if memory is not given back.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

func main() {
	length := flag.Duration("for", time.Minute, "how long to attack")
	attackers := flag.Int("attackers", 16, "how many at once")
	calls := flag.Int("calls", 10_000, "how many calls come and go before")
	flag.Parse()
	r, err := run(context.Background(), *length, *attackers, *calls)
	if err == nil {
		fmt.Print(r)
		err = r.verdict()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// report is what a flood came to.
type report struct {
	length                   time.Duration
	calls                    int
	heapBefore               uint64
	heapAfterCalls           uint64
	heapAfterFlood           uint64
	most                     uint64 // resident, bytes; 0 where the system does not say
	genuine, unheard, heldUp int
	slowest, middle          time.Duration
	answers                  map[string]map[string]int // by attack and answer
}

func run(ctx context.Context, length time.Duration, attackers, calls int) (*report, error) {
	b, err := openBot()
	if err != nil {
		return nil, err
	}
	defer b.close()
	r := &report{length: length, calls: calls, answers: map[string]map[string]int{}}
	if err := b.calls(ctx, r.calls/4); err != nil { // until tables have their size
		return nil, err
	}
	r.heapBefore = heap()
	if err := b.calls(ctx, r.calls); err != nil {
		return nil, err
	}
	r.heapAfterCalls = heap()
	if err := b.flood(ctx, r, attackers); err != nil {
		return nil, err
	}
	if err := b.rest(ctx); err != nil {
		return nil, err
	}
	b.sender.CloseIdleConnections()
	r.heapAfterFlood, r.most = heap(), mostResident()
	return r, nil
}

// flood attacks until the time is up, while a caller goes on talking.
func (b *bot) flood(ctx context.Context, r *report, attackers int) error {
	attacking, stop := context.WithTimeout(ctx, r.length)
	defer stop()
	attacks := b.attacks()
	var wait sync.WaitGroup
	var mu sync.Mutex
	for i := range attackers {
		wait.Go(func() {
			for n := i; attacking.Err() == nil; n++ {
				a := attacks[n%len(attacks)]
				answer := b.attack(attacking, a, n)
				mu.Lock()
				if r.answers[a.name] == nil {
					r.answers[a.name] = map[string]int{}
				}
				r.answers[a.name][answer]++
				mu.Unlock()
			}
		})
	}
	err := b.talk(ctx, attacking, r)
	stop()
	wait.Wait()
	b.slow.Wait()
	return err
}

func (r *report) String() string {
	var text strings.Builder
	requests := 0
	for _, name := range slices.Sorted(maps.Keys(r.answers)) {
		fmt.Fprintf(&text, "%-28s", name)
		for _, answer := range slices.Sorted(maps.Keys(r.answers[name])) {
			fmt.Fprintf(&text, " %s: %d", answer, r.answers[name][answer])
			requests += r.answers[name][answer]
		}
		text.WriteString("\n")
	}
	fmt.Fprintf(&text, "requests                     %d, %.0f a second\n", requests, float64(requests)/r.length.Seconds())
	fmt.Fprintf(&text, "genuine notifications        %d, of which %d were not heard; %d were sent again\n", r.genuine, r.unheard, r.heldUp)
	fmt.Fprintf(&text, "from sent to heard           %v in the middle, %v at most\n", r.middle.Round(time.Microsecond), r.slowest.Round(time.Microsecond))
	fmt.Fprintf(&text, "heap                         %d KiB; after %d calls came and went %d KiB (%+.1f %%); after the flood %d KiB\n",
		r.heapBefore>>10, r.calls, r.heapAfterCalls>>10, 100*(float64(r.heapAfterCalls)/float64(r.heapBefore)-1), r.heapAfterFlood>>10)
	if r.most > 0 {
		fmt.Fprintf(&text, "resident                     %d MiB at most, attackers and simulator included\n", r.most>>20)
	}
	return text.String()
}

// slack is what may stay of a flood: tables that keep the size they once had.
const slack = 4 << 20

func (r *report) verdict() error {
	var problems []error
	for name, answers := range r.answers {
		for answer := range answers {
			if !slices.Contains(expected(), answer) {
				problems = append(problems, fmt.Errorf("flood: %s: answered %s, which is not documented", name, answer))
			}
		}
	}
	if r.unheard > 0 {
		problems = append(problems, fmt.Errorf("flood: %d genuine notifications were not heard", r.unheard))
	}
	if r.heapAfterFlood > r.heapBefore+slack {
		problems = append(problems, fmt.Errorf("flood: %d KiB of heap before, %d KiB after: memory is not given back", r.heapBefore>>10, r.heapAfterFlood>>10))
	}
	return errors.Join(problems...)
}
