// Crowd has a bot follow a meeting of ten thousand people in which somebody
// comes, goes, mutes or shares a hundred times a second, and shows what that
// costs: first the platform alone, with a bot that takes everything and looks at
// nothing, then with a client that keeps the roster.
//
//	go run ./conformance/crowd -for 30s
//
// The lag is the time from somebody muting themselves to the bot's handler being
// told. It fails if the client's roster is not the platform's in the end.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"runtime/metrics"
	"slices"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

func main() {
	people := flag.Int("people", 10_000, "how many are in the meeting")
	perSecond := flag.Int("changes", 100, "how many changes a second")
	length := flag.Duration("for", 30*time.Second, "how long, each time")
	flag.Parse()
	if err := compare(context.Background(), *people, *perSecond, *length); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func compare(ctx context.Context, people, perSecond int, length time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, 4*length+time.Minute)
	defer cancel()
	fmt.Printf("%-24s %10s %8s %10s %14s %14s\n", fmt.Sprintf("%d people, %d/s, %v", people, perSecond, length), "changes", "CPU, %", "heap, MiB", "lag, median", "lag, 99 of 100")
	for _, bot := range []bot{&deaf{}, &listener{}} {
		if err := measure(ctx, bot, people, perSecond, length); err != nil {
			return err
		}
	}
	return nil
}

// bot is who is in the meeting.
type bot interface {
	name() string
	// join serves the bot and has it join; it returns when it is told of all.
	join(ctx context.Context, platform *simulator.Platform, meeting *simulator.Meeting) error
	// told is where it is told of somebody's mute; nil if it does not look.
	told() <-chan string
	// check compares what it knows with the truth.
	check(meeting *simulator.Meeting) error
	close()
}

func measure(ctx context.Context, b bot, people, perSecond int, length time.Duration) error {
	platform, err := simulator.Start(simulator.Options{Remember: 100})
	if err != nil {
		return err
	}
	defer platform.Close()
	defer b.close()
	before := heap()
	meeting := platform.AddMeeting(simulator.Meeting{})
	crowd := meeting.Crowd(people)
	if err := b.join(ctx, platform, meeting); err != nil {
		return fmt.Errorf("%s: %w", b.name(), err)
	}
	used, began := processor(), time.Now()
	churn := meeting.Churn(1, float64(perSecond))
	lags := probe(ctx, b, platform, meeting, length)
	churn.Stop()
	share := 100 * (processor() - used).Seconds() / time.Since(began).Seconds()
	if err := platform.WaitIdle(ctx); err != nil {
		return err
	}
	fmt.Printf("%-24s %10d %8.1f %10.1f %14s %14s\n", b.name(), churn.Changes(), share, float64(heap()-before)/(1<<20), at(lags, 50), at(lags, 99))
	runtime.KeepAlive(crowd)
	return b.check(meeting)
}

// probe has somebody mute and unmute themselves four times a second, and times
// how long the bot takes to be told.
func probe(ctx context.Context, b bot, platform *simulator.Platform, meeting *simulator.Meeting, length time.Duration) []time.Duration {
	witness := platform.AddPerson("Witness")
	witness.Join(meeting)
	ticker := time.NewTicker(250 * time.Millisecond)
	defer ticker.Stop()
	var lags []time.Duration
	for began, muted := time.Now(), false; time.Since(began) < length; muted = !muted {
		<-ticker.C
		sent := time.Now()
		if muted {
			witness.Unmute()
		} else {
			witness.Mute()
		}
		for name := ""; b.told() != nil && name != witness.DisplayName; {
			select {
			case name = <-b.told():
			case <-ctx.Done():
				return lags
			}
		}
		if b.told() != nil {
			lags = append(lags, time.Since(sent))
		}
	}
	return lags
}

func at(lags []time.Duration, percent int) string {
	if len(lags) == 0 {
		return "-"
	}
	slices.Sort(lags)
	return lags[min(len(lags)*percent/100, len(lags)-1)].Round(10 * time.Microsecond).String()
}

func heap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// processor is the time this process has used, up to the collection that brings
// the figure up to date.
func processor() time.Duration {
	runtime.GC()
	samples := []metrics.Sample{{Name: "/cpu/classes/total:cpu-seconds"}, {Name: "/cpu/classes/idle:cpu-seconds"}}
	metrics.Read(samples)
	return time.Duration((samples[0].Value.Float64() - samples[1].Value.Float64()) * float64(time.Second))
}

// joinByDelta has a client join a meeting whose changes come one by one.
func joinByDelta(ctx context.Context, client *statefulclient.Client, meeting *simulator.Meeting) (*statefulclient.Call, error) {
	join, err := statefulclient.ParseJoinURL(meeting.JoinURL())
	if err != nil {
		return nil, err
	}
	join.CallOptions = &resources.CallOptions{IsDeltaRosterEnabled: true}
	call, err := client.Calls().Join(ctx, join)
	if err != nil {
		return nil, err
	}
	want := len(meeting.Participants())
	return call, call.Participants().WaitFor(ctx, func(p *statefulclient.Participants) bool { return p.Len() >= want })
}

var errWrongRoster = errors.New("the client's roster is not the platform's")

// accepts takes everything and looks at nothing.
func accepts(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) }
