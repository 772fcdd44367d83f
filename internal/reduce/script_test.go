package reduce_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/graphcalls/graphcalls-go/internal/persistent"
	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/internal/roster"
	"github.com/graphcalls/graphcalls-go/resources"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestScripts plays the specification. A script is a list of things heard of
// one call, each followed by what comes of it:
//
//	reply                     the call as a reply describes it
//	notify CHANGE [path=P]    a notification's data; P is below the call
//	deliver                   the body of a whole POST
//	list                      the participants as a reply lists them
//	fetch [since=MARK]        the call as a reply describes it
//	mark NAME                 remember the state, for requests sent at it
//	ask|grant|refuse mark=M   an operation asked for, granted, refused
//	wait for=roster|tones     the time to wait for what is missing is over
//	gone cause=lost|removed   the call is over though nothing said so
//	show                      all that is known
//
// go test ./internal/reduce -rewrite writes what comes of it anew.
func TestScripts(t *testing.T) {
	datadriven.Walk(t, "testdata/scripts", func(t *testing.T, path string) {
		player := &player{t: t, reducer: reducer, state: reduce.New("c1"), marks: map[string]*reduce.State{}}
		datadriven.RunTest(t, path, player.play)
	})
}

type player struct {
	t       *testing.T
	reducer *reduce.Reducer
	state   *reduce.State
	marks   map[string]*reduce.State
}

// since is the state a request was sent at.
func (p *player) since(d *datadriven.TestData) *reduce.State {
	mark := ""
	d.MaybeScanArgs(p.t, "since", &mark)
	if mark == "" {
		return p.state
	}
	require.Contains(p.t, p.marks, mark)
	return p.marks[mark]
}

func (p *player) play(t *testing.T, d *datadriven.TestData) string {
	p.t = t
	switch d.Cmd {
	case "show":
		return p.show()
	case "mark":
		p.marks[d.CmdArgs[0].Key] = p.state
		return ""
	}
	var out strings.Builder
	for _, input := range p.inputs(d) {
		before := p.state
		outcome := p.reducer.Reduce(p.state, input)
		p.state = outcome.State
		describe(&out, before, outcome)
	}
	return out.String()
}

func (p *player) inputs(d *datadriven.TestData) []reduce.Input {
	switch d.Cmd {
	case "reply":
		return []reduce.Input{reduce.Replied{Call: decode[resources.Call](p.t, d.Input)}}
	case "notify":
		return deliver(p.t, envelope(p.t, d))
	case "deliver":
		return deliver(p.t, d.Input)
	case "list":
		batch := deliver(p.t, `{"value":[{"resourceUrl":"/communications/calls/c1/participants","resourceData":`+d.Input+`}]}`)
		people, _ := batch[0].(reduce.Notified).Notification.Data.(resources.Participants)
		return []reduce.Input{reduce.Fetched{Since: p.since(d), Listed: true, People: people}}
	case "fetch":
		return []reduce.Input{reduce.Fetched{Since: p.since(d), Call: decode[resources.Call](p.t, d.Input)}}
	case "ask":
		return []reduce.Input{reduce.Asked{ClientContext: arg(p.t, d, "mark")}}
	case "grant":
		operation := decode[resources.PlayPromptOperation](p.t, d.Input)
		return []reduce.Input{reduce.Granted{ClientContext: arg(p.t, d, "mark"), Operation: operation}}
	case "refuse":
		return []reduce.Input{reduce.Refused{ClientContext: arg(p.t, d, "mark")}}
	case "wait":
		return []reduce.Input{reduce.Waited{For: reduce.Gap(arg(p.t, d, "for"))}}
	case "gone":
		return []reduce.Input{reduce.Gone{Cause: reduce.Cause(arg(p.t, d, "cause"))}}
	default:
		p.t.Fatalf("no such command: %s", d.Cmd)
		return nil
	}
}

func arg(t *testing.T, d *datadriven.TestData, name string) string {
	var value string
	d.ScanArgs(t, name, &value)
	return value
}

func envelope(t *testing.T, d *datadriven.TestData) string {
	path := ""
	d.MaybeScanArgs(t, "path", &path)
	data := ""
	if d.Input != "" {
		data = `,"resourceData":` + d.Input
	}
	return `{"value":[{"changeType":"` + d.CmdArgs[0].Key + `","resourceUrl":"/communications/calls/c1` + path + `"` + data + `}]}`
}

func deliver(t *testing.T, body string) []reduce.Input {
	batch, err := resources.DecodeNotifications([]byte(body))
	require.NoError(t, err)
	var inputs []reduce.Input
	for i := range batch.Value {
		path, ok := batch.Value[i].Path()
		require.True(t, ok)
		inputs = append(inputs, reduce.Notified{Path: path, Notification: &batch.Value[i]})
	}
	return inputs
}

func decode[T any](t *testing.T, text string) *T {
	value, err := resources.Decode[T]([]byte(text))
	require.NoError(t, err)
	return value
}

func describe(out *strings.Builder, before *reduce.State, outcome reduce.Outcome) {
	fmt.Fprintln(out, outcome.Verdict)
	for _, event := range outcome.Events {
		fmt.Fprintln(out, " ", describeEvent(event))
	}
	if before.Call != outcome.State.Call {
		_, changed := resources.Merge(before.Call, outcome.State.Call, ^resources.Fields(0), nil)
		fmt.Fprintln(out, "  facts:", strings.Join(resources.FieldNames[resources.Call](changed), " "))
	}
	var people []string
	for change := range roster.Changes(before.Roster, outcome.State.Roster) {
		switch {
		case !change.InOld:
			people = append(people, "  joined: "+change.Key)
		case !change.InNew:
			people = append(people, "  left: "+change.Key)
		default:
			people = append(people, "  changed: "+change.Key)
		}
	}
	for change := range persistent.Changes(before.Sessions, outcome.State.Sessions) {
		people = append(people, fmt.Sprintf("  sharing: %s, was there: %v, is there: %v", change.Key, change.InOld, change.InNew))
	}
	slices.Sort(people)
	for _, line := range people {
		fmt.Fprintln(out, line)
	}
	for _, effect := range outcome.Effects {
		fmt.Fprintf(out, "  asks: %T %v\n", effect, effect)
	}
}

func describeEvent(event reduce.Event) string {
	switch e := event.(type) {
	case reduce.StateChanged:
		text := fmt.Sprintf("edge: %s → %s", e.Old, e.New)
		if len(e.Skipped) > 0 {
			text += fmt.Sprintf(", skipped %v", e.Skipped)
		}
		return text + result(e.Result)
	case reduce.TransferFailed:
		return "transfer failed" + result(e.Result)
	case reduce.Pressed:
		if e.Late {
			return fmt.Sprintf("key: %s, number %d, late", e.Tone.Tone, e.Tone.SequenceID)
		}
		return fmt.Sprintf("key: %s, number %d", e.Tone.Tone, e.Tone.SequenceID)
	case reduce.MediaChanged:
		return fmt.Sprintf("audio: %q → %q", e.Old, e.New)
	case reduce.LobbyChanged:
		return fmt.Sprintf("lobby: %v", e.Waiting)
	case reduce.ManagedLeft:
		return "managed participant left: " + e.ParticipantID + result(e.Result)
	case reduce.OperationEnded:
		return fmt.Sprintf("operation ended: %q %s%s", e.ClientContext, e.Operation.Common().Status, result(e.Operation.Common().ResultInfo))
	default:
		return fmt.Sprintf("%T", event)
	}
}

func result(info *resources.ResultInfo) string {
	if info == nil {
		return ""
	}
	return fmt.Sprintf(", result %d/%d", info.Code, info.Subcode)
}

func (p *player) show() string {
	text, err := resources.Encode(p.state.Call)
	require.NoError(p.t, err)
	var people []string
	for person := range p.state.Roster.All() {
		people = append(people, person.Resource().ID)
	}
	slices.Sort(people)
	out := fmt.Sprintf("%s\nroster: %v, trust %d, number %d\npending operations: %d\n",
		text, people, p.state.Roster.Trust, p.state.Roster.Sequence, len(p.state.PendingOperations()))
	if p.state.End != nil {
		out += fmt.Sprintf("ended: %s%s %s\n", p.state.End.Cause, result(p.state.End.Result), p.state.End.Reason)
	}
	return out
}
