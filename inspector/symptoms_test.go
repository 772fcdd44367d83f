package inspector_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/graphcalls/graphcalls-go/inspector"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// symptom is an entry of docs/troubleshooting.md, which scene makes happen. What is
// seen there must be in the entry.
type symptom struct {
	entry string // its heading, as links have it
	setup setup
	scene func(*scene)
}

// scene is a bot on the simulator with an inspector, and the entry that says how it
// shows.
type scene struct {
	*rig

	entry string // the text
	logs  *observer.ObservedLogs
}

func symptoms() []symptom {
	return slices.Concat(symptomsOfArrival(), symptomsOfBeginnings(), symptomsOfEnds(), symptomsOfPeople(), symptomsOfWork(), symptomsOfTooMuch(), symptomsOfRestarts())
}

func TestSymptoms(t *testing.T) {
	entries := entries(t)
	for _, s := range symptoms() {
		t.Run(s.entry, func(t *testing.T) {
			core, logs := observer.New(zap.DebugLevel)
			s.setup.logger = zap.New(core)
			s.scene(&scene{rig: open(t, inspector.Options{}, s.setup), entry: entries[s.entry], logs: logs})
		})
	}
}

// What the page says has a test has one, and the other way round.
func TestSymptomsAreThoseOfTheDocs(t *testing.T) {
	var made, said []string
	for _, s := range symptoms() {
		made = append(made, s.entry)
	}
	for entry, text := range entries(t) {
		if proof := regexp.MustCompile("`TestSymptoms/([a-z0-9-]+)`").FindStringSubmatch(text); proof != nil {
			require.Equal(t, entry, proof[1])
			said = append(said, entry)
		}
	}
	require.ElementsMatch(t, said, made)
}

// entries are the parts of the page below its headings of the third order.
func entries(t *testing.T) map[string]string {
	t.Helper()
	page, err := os.ReadFile("../docs/troubleshooting.md")
	require.NoError(t, err)
	found := map[string]string{}
	for _, part := range strings.Split(string(page), "\n### ")[1:] {
		heading, text, _ := strings.Cut(part, "\n")
		text, _, _ = strings.Cut(text, "\n## ")
		found[strings.ReplaceAll(strings.ToLower(heading), " ", "-")] = strings.Join(strings.Fields(text), " ")
	}
	return found
}

func (s *scene) says(text string) {
	s.t.Helper()
	require.Contains(s.t, s.entry, text, "docs/troubleshooting.md does not say so")
}

// eventually waits for what is seen.
func (s *scene) eventually(seen func() bool, what string) {
	s.t.Helper()
	require.Eventually(s.t, seen, 10*time.Second, 5*time.Millisecond, what)
}

// logged waits for a line of the log.
func (s *scene) logged(message string) {
	s.t.Helper()
	s.says("`log: " + message + "`")
	s.eventually(func() bool { return s.logs.FilterMessage(message).Len() > 0 }, message)
}

// counted waits until a figure of the client's is not 0.
func (s *scene) counted(name string, figure func(statefulclient.Stats) int) {
	s.t.Helper()
	s.says("`Stats()." + name + "`")
	s.eventually(func() bool { return figure(s.client.Stats()) > 0 }, name)
}

// refused waits until a POST was turned away for a reason.
func (s *scene) refused(reason string) {
	s.t.Helper()
	s.says("`" + reason + "`")
	s.logged("notification refused")
	s.counted("Webhook.Refused", func(stats statefulclient.Stats) int {
		return int(stats.Webhook.Refused[transportReason(reason)])
	})
	s.says("*POSTs refused*")
	d, _ := s.look("")
	require.NotZero(s.t, d.Posts.Refused[reason])
}

// marked waits for a note with a mark in a call's timeline.
func (s *scene) marked(callID, mark string, is func(note) bool) note {
	s.t.Helper()
	shown := mark
	if mark == "open" {
		shown = "running"
	}
	s.says("*" + shown + "*")
	return s.noted(callID, func(n note) bool { return n.is(mark) && is(n) })
}

// noted waits for a note in a call's timeline.
func (s *scene) noted(callID string, is func(note) bool) note {
	s.t.Helper()
	var found note
	s.known(callID)
	s.until(callID, func(_ detail, notes []note) bool {
		var ok bool
		found, ok = find(notes, is)
		return ok
	})
	return found
}

// known waits until the inspector has a call.
func (s *scene) known(callID string) {
	s.t.Helper()
	s.eventually(func() bool { return callID == "" || slices.Contains(s.list("").Order, callID) }, "the call is there")
}

// ends waits for a call's end, in the inspector's words.
func (s *scene) ends(callID, word string) detail {
	s.t.Helper()
	s.says("`" + word + "`")
	s.known(callID)
	d, _ := s.until(callID, func(d detail, _ []note) bool { return strings.Contains(d.End, word) })
	return d
}

func request(action string) func(note) bool {
	return func(n note) bool { return n.Kind == "request" && n.What == action }
}

func handler(event string) func(note) bool {
	return func(n note) bool { return n.Kind == "handler" && n.What == event }
}

func edgeTo(state, cause string) func(note) bool {
	return func(n note) bool { return n.Kind == "state" && n.Detail == state && n.More == cause }
}
