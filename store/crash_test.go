package store_test

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/store"
)

const crashFolder = "STORE_TEST_CRASH_FOLDER"

// saying is what the process that gets killed says of a step, before ("try") and after ("done") it.
type saying struct {
	what     string
	callID   string
	revision uint64 // before the step, or after it; 0 when there is no record
	step     int    // grows by one with each of a call; its record holds it
	present  bool
}

// TestKilledWhileSaving saves and deletes at random, in a process of its own, until that is killed.
func TestKilledWhileSaving(t *testing.T) {
	dir := os.Getenv(crashFolder)
	if dir == "" {
		return // TestNothingAcknowledgedIsLostByKill starts it
	}
	s := open(t, dir, store.FilesOptions{})
	records, failures := loadAll(t, s)
	require.Empty(t, failures)
	var savers sync.WaitGroup
	for n := range 8 {
		savers.Go(func() {
			id := fmt.Sprint("call-", n)
			at := saying{what: "done", callID: id, revision: records[id].Revision}
			if r, ok := records[id]; ok {
				at.step, at.present = stepOf(t, r), true
			}
			for at.what == "done" {
				at = takeStep(t, s, at)
			}
		})
	}
	savers.Wait()
}

func takeStep(t *testing.T, s store.Store, at saying) saying {
	t.Helper()
	at.step++
	deletes := at.present && rand.IntN(4) == 0
	at.what, at.present = "try", !deletes
	say(at)
	var err error
	if deletes {
		err = s.Delete(t.Context(), at.callID, at.revision)
		at.revision = 0
	} else {
		at.revision, err = s.Save(t.Context(), at.callID, at.revision, content(at.callID, at.step))
	}
	at.what = "done"
	if err != nil {
		at.what = "failed"
	}
	say(at)
	return at
}

// say writes a line at once: what is said before the kill is heard.
func say(s saying) {
	fmt.Fprintf(os.Stdout, "step %s %s %d %d %t\n", s.what, s.callID, s.revision, s.step, s.present)
}

// content can be told from any other step's, and from half of its own.
func content(callID string, step int) []byte {
	line := fmt.Sprintf("%s %d\n", callID, step)
	return []byte(strings.Repeat(line, 1+(step*997)%3000))
}

func stepOf(t *testing.T, r store.Record) int {
	t.Helper()
	var callID string
	var step int
	_, err := fmt.Sscanf(string(r.Data[:min(len(r.Data), 80)]), "%s %d\n", &callID, &step)
	require.NoError(t, err)
	require.Equal(t, r.CallID, callID)
	require.Equal(t, string(content(callID, step)), string(r.Data), "the record is whole")
	return step
}

func TestNothingAcknowledgedIsLostByKill(t *testing.T) {
	dir := t.TempDir()
	last := map[string]saying{}
	revisions := map[string]uint64{} // the highest each call has had
	steps, underWay := 0, 0
	for range 25 {
		heard := saveUntilKilled(t, dir, 1+rand.IntN(120))
		tried := map[string]saying{}
		for _, said := range heard {
			require.NotEqual(t, "failed", said.what, "of call %s, step %d", said.callID, said.step)
			if said.what == "try" {
				tried[said.callID] = said
				continue
			}
			steps++
			delete(tried, said.callID)
			last[said.callID] = said
			if said.present {
				require.Greater(t, said.revision, revisions[said.callID], "revisions grow from process to process")
				revisions[said.callID] = said.revision
			}
		}
		underWay += len(tried)
		requireAsSaid(t, dir, last, tried, revisions)
	}
	require.Greater(t, steps, 100)
	require.Positive(t, underWay, "some steps were cut off")
	t.Logf("%d steps, %d cut off", steps, underWay)
}

// saveUntilKilled runs TestKilledWhileSaving in another process, kills it when it has said enough, and returns all it
// said.
func saveUntilKilled(t *testing.T, dir string, enough int) []saying {
	t.Helper()
	program, err := os.Executable()
	require.NoError(t, err)
	command := exec.CommandContext(t.Context(), program, "-test.run=^TestKilledWhileSaving$")
	command.Env = append(os.Environ(), crashFolder+"="+dir)
	command.Stderr = os.Stderr
	out, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	var heard []saying
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var s saying
		_, err := fmt.Sscanf(lines.Text(), "step %s %s %d %d %t", &s.what, &s.callID, &s.revision, &s.step, &s.present)
		require.NoError(t, err, lines.Text())
		if heard = append(heard, s); len(heard) == enough {
			require.NoError(t, command.Process.Kill())
		}
	}
	require.NoError(t, lines.Err())
	require.Error(t, command.Wait(), "it was killed")
	require.GreaterOrEqual(t, len(heard), enough)
	return heard
}

// requireAsSaid requires that every record is as after the last step that was acknowledged, or as after the step that
// was cut off. It brings last up to what it finds.
func requireAsSaid(t *testing.T, dir string, last, tried map[string]saying, revisions map[string]uint64) {
	t.Helper()
	s := open(t, dir, store.FilesOptions{})
	require.Empty(t, matches(t, dir, "*.tmp"), "unfinished files are removed")
	records, failures := loadAll(t, s)
	require.Empty(t, failures, "no record is torn")
	require.Empty(t, matches(t, dir, "*.damaged"))
	for n := range 8 {
		id := fmt.Sprint("call-", n)
		found := saying{callID: id}
		if r, ok := records[id]; ok {
			found = saying{callID: id, revision: r.Revision, step: stepOf(t, r), present: true}
		}
		try, cutOff := tried[id]
		switch {
		case found.present == last[id].present && found.revision == last[id].revision && (!found.present || found.step == last[id].step):
		case cutOff && try.present && found.present:
			require.Equal(t, try.step, found.step)
			require.Greater(t, found.revision, revisions[id])
			revisions[id] = found.revision
		default:
			require.True(t, cutOff && !try.present && !found.present, "%v was lost: %v found", last[id], found)
		}
		last[id] = found
	}
	require.NoError(t, s.Close())
}
