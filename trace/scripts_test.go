package trace_test

import (
	"fmt"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/resources"
)

// The whole specification of what calls make of what they hear can be recorded,
// replayed and sanitized, also by a recording that begins in the middle.
func TestScriptsReplay(t *testing.T) {
	played := 0
	for joins := range 3 {
		datadriven.Walk(t, "../internal/reduce/testdata/scripts", func(t *testing.T, path string) {
			s := &script{recorded: newRecorded(t, "c1"), marks: map[string]*reduce.State{}, joins: joins}
			datadriven.RunTest(t, path, s.play)
			if s.heard == 0 {
				return
			}
			played++
			s.requireReplayed()
			s.requireSanitized()
		})
	}
	require.Greater(t, played, 100)
}

// script is one of them, recorded from the line joins on.
type script struct {
	*recorded

	marks        map[string]*reduce.State
	joins, heard int
}

func (s *script) play(t *testing.T, d *datadriven.TestData) string {
	switch d.Cmd {
	case "show":
		return d.Expected
	case "mark":
		s.marks[d.CmdArgs[0].Key] = s.state
		return d.Expected
	}
	for _, input := range s.inputs(t, d) {
		if s.joins > 0 {
			if s.joins--; s.joins == 0 {
				s.begun, s.present = true, true
			}
			s.state = reducer.Reduce(s.state, input).State
			continue
		}
		s.heard++
		s.hear(input)
	}
	return d.Expected
}

func (s *script) inputs(t *testing.T, d *datadriven.TestData) []reduce.Input {
	switch d.Cmd {
	case "reply":
		return []reduce.Input{reduce.Replied{Call: decode[resources.Call](t, d.Input)}}
	case "notify":
		path, data := "", ""
		d.MaybeScanArgs(t, "path", &path)
		if d.Input != "" {
			data = `,"resourceData":` + d.Input
		}
		return deliver(t, `{"value":[{"changeType":"`+d.CmdArgs[0].Key+`","resourceUrl":"/communications/calls/c1`+path+`"`+data+`}]}`)
	case "deliver":
		return deliver(t, d.Input)
	case "list":
		people := decode[resources.ParticipantsReply](t, `{"value":`+d.Input+`}`).Value
		return []reduce.Input{reduce.Fetched{Since: s.since(t, d), Listed: true, People: people}}
	case "fetch":
		return []reduce.Input{reduce.Fetched{Since: s.since(t, d), Call: decode[resources.Call](t, d.Input)}}
	case "ask":
		return []reduce.Input{reduce.Asked{ClientContext: arg(t, d, "mark")}}
	case "grant":
		return []reduce.Input{reduce.Granted{ClientContext: arg(t, d, "mark"), Operation: decode[resources.PlayPromptOperation](t, d.Input)}}
	case "refuse":
		return []reduce.Input{reduce.Refused{ClientContext: arg(t, d, "mark")}}
	case "wait":
		return []reduce.Input{reduce.Waited{For: reduce.Gap(arg(t, d, "for"))}}
	case "gone":
		return []reduce.Input{reduce.Gone{Cause: reduce.Cause(arg(t, d, "cause"))}}
	default:
		panic(fmt.Sprint("no such command: ", d.Cmd))
	}
}

func (s *script) since(t *testing.T, d *datadriven.TestData) *reduce.State {
	mark := ""
	d.MaybeScanArgs(t, "since", &mark)
	if mark == "" {
		return s.state
	}
	return s.marks[mark]
}

func arg(t *testing.T, d *datadriven.TestData, name string) string {
	var value string
	d.ScanArgs(t, name, &value)
	return value
}

func deliver(t *testing.T, body string) []reduce.Input {
	batch, err := resources.DecodeNotifications([]byte(body))
	require.NoError(t, err)
	var inputs []reduce.Input
	for i := range batch.Value {
		path, _ := batch.Value[i].Path()
		inputs = append(inputs, reduce.Notified{Path: path, Notification: &batch.Value[i]})
	}
	return inputs
}

func decode[T any](t *testing.T, text string) *T {
	value, err := resources.Decode[T]([]byte(text))
	require.NoError(t, err)
	return value
}
