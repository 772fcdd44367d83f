package inspector

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

// Whatever is added and changed, a ring holds the newest, in order, and tells each
// change once.
func TestRingKeepsTheNewest(t *testing.T) {
	for seed := range uint64(50) {
		random := rand.New(rand.NewPCG(seed, seed))
		r := ring{most: 1 + random.IntN(9)}
		told := map[uint64]note{}
		version := uint64(0)
		added := int64(0)
		for range 200 {
			switch random.IntN(3) {
			case 0, 1:
				r.add(entry{kind: ofClient, at: added * int64(time.Millisecond)})
				added++
			default:
				at := (added - 1 - random.Int64N(12)) * int64(time.Millisecond)
				found := r.change(func(e *entry) bool { return e.at == at }, func(e *entry) { e.code++ })
				require.Equal(t, at/int64(time.Millisecond) >= int64(r.first()) && at >= 0 && added > 0, found)
			}
			if random.IntN(4) == 0 {
				for _, n := range r.since(version) {
					told[n.Number] = n
				}
				version = r.version
				require.Empty(t, r.since(version))
			}
		}
		for _, n := range r.since(version) {
			told[n.Number] = n
		}
		require.LessOrEqual(t, cap(r.entries), r.most)
		require.EqualValues(t, added, r.added)
		for number := r.first(); number < r.added; number++ {
			require.Equal(t, r.at(number).note(number), told[number])
		}
	}
}

// What the documentation says a note takes.
func TestNoteIsSmall(t *testing.T) {
	require.LessOrEqual(t, unsafe.Sizeof(entry{}), uintptr(184))
}

func TestPeopleAreBounded(t *testing.T) {
	p := newPeople()
	who := func(n int) string {
		return p.pseudonym(&resources.IdentitySet{User: &resources.Identity{ID: fmt.Sprint("user-", n)}}, "")
	}
	require.Equal(t, "person 1", who(0))
	for n := range mostPeople {
		who(n)
	}
	require.Equal(t, "person 1", who(0))
	for n := range 10 {
		who(mostPeople + n)
	}
	require.Len(t, p.numbers, mostPeople)
	require.Len(t, p.order, mostPeople)
	require.Equal(t, fmt.Sprint("person ", mostPeople+11), who(0), "it was forgotten, and no number is given twice")
	require.Equal(t, "person 100", who(99))
	require.Equal(t, "somebody", p.pseudonym(nil, ""))
	require.Regexp(t, `^phone \d+$`, p.pseudonym(&resources.IdentitySet{Phone: &resources.Identity{ID: "+14255550199"}}, ""))
}

// A call that is put on hold for ever keeps a bounded path.
func TestPathIsBounded(t *testing.T) {
	r := &record{ring: ring{most: 10}}
	states := []resources.CallState{resources.CallStateEstablished, resources.CallStateHold}
	r.passed(&statefulclient.StateChanged{New: resources.CallStateIncoming}, time.Unix(1, 0), false, false)
	for i := range 1000 {
		r.passed(&statefulclient.StateChanged{Old: states[(i+1)%2], New: states[i%2]}, time.Unix(int64(i), 0), false, false)
	}
	require.Len(t, r.path, mostSteps)
	require.Equal(t, resources.CallStateIncoming, r.path[0].State)
	require.EqualValues(t, 999_000, r.path[mostSteps-1].At)
	require.Len(t, r.edges, 3)
	require.Equal(t, 500, r.edges[1].Times)
}

func TestSlowHandlersAreMarked(t *testing.T) {
	b := &book{elsewhere: &record{ring: ring{most: 10}}}
	run := statefulclient.HandlerRun{Event: "OnUnmatched", Started: time.Unix(1, 0), Missed: 2}
	recorder{b}.HandlerStarted(t.Context(), run)
	require.Equal(t, open|folded, b.elsewhere.ring.at(0).marks)
	recorder{b}.HandlerEnded(t.Context(), run, statefulclient.HandlerEnd{Duration: slowAfter})
	require.Equal(t, slow|folded, b.elsewhere.ring.at(0).marks)
	require.Equal(t, slowAfter, b.elsewhere.ring.at(0).took)
	require.EqualValues(t, 2, b.elsewhere.odd)
}

// In a fleet a POST comes in at any process, and the queue hands it to the one that
// has its call.
func TestQueuedDeliveriesAreNotedOnce(t *testing.T) {
	b := &book{elsewhere: &record{ring: ring{most: 10}}}
	mine := &record{key: "mine", ring: ring{most: 10}}
	b.records.Store(mine.key, mine)
	deliver := func(message, call string, fromQueue bool) {
		recorder{b}.DeliveryStarted(t.Context(), statefulclient.ObservedDelivery{FromQueue: fromQueue, Delivery: &transport.Delivery{
			MessageID: message, Received: time.Unix(1, 0),
			Notifications: &resources.Notifications{Value: []resources.Notification{{ResourceURL: "/communications/calls/" + call}}},
		}})
	}
	deliver("1", "mine", true)
	deliver("2", "mine", false)
	deliver("2", "mine", true)
	require.EqualValues(t, 2, mine.ring.added)
	require.Zero(t, mine.odd)
	deliver("3", "another's", false)
	require.Zero(t, b.elsewhere.ring.added)
	deliver("4", "nobody's", true)
	require.EqualValues(t, 1, b.elsewhere.ring.added)
	deliver("2", "mine", false)
	require.Equal(t, redelivered, mine.ring.at(2).marks)
}

func TestTextsAreShort(t *testing.T) {
	require.Equal(t, "one line", short("one\nline"))
	require.Len(t, short(strings.Repeat("é", longest)), longest)
	require.Equal(t, strings.Repeat("é", longest/2), short(strings.Repeat("é", longest)))
	require.Equal(t, "a"+strings.Repeat("é", longest/2-1), short("a"+strings.Repeat("é", longest)))
}

// The page draws the steps of the rule book, but for those that end a call from
// anywhere.
func TestDiagramIsTheRuleBook(t *testing.T) {
	picture, err := os.ReadFile(filepath.Join("..", "docs", "states.md"))
	require.NoError(t, err)
	script, err := files.ReadFile("page/diagram.js")
	require.NoError(t, err)
	want, got := map[string]bool{"terminating terminated": true, "established terminating": true}, map[string]bool{}
	for _, step := range regexp.MustCompile(`(?m)^    (\w+) --> (\w+):`).FindAllStringSubmatch(string(picture), -1) {
		if step[2] != "terminated" && step[2] != "terminating" {
			want[step[1]+" "+step[2]] = true
		}
	}
	for _, step := range regexp.MustCompile(`\["(\w+)", "(\w+)"\]`).FindAllStringSubmatch(string(script), -1) {
		got[step[1]+" "+step[2]] = true
	}
	require.Greater(t, len(want), 10)
	require.Equal(t, want, got)
	for _, state := range resources.Values[resources.CallState]() {
		require.Contains(t, string(script), " "+string(state)+": [")
	}
}
