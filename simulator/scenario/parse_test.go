package scenario_test

import (
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/simulator/scenario"
)

// TestMistakes reads texts that are wrong, each followed by what is said of it.
//
// go test ./simulator/scenario -rewrite writes what is said anew.
func TestMistakes(t *testing.T) {
	datadriven.Walk(t, "testdata/mistakes", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			_, err := scenario.Parse("bot.callsim", d.Input)
			require.Error(t, err)
			return err.Error()
		})
	})
}

func TestMistakesSayWhere(t *testing.T) {
	_, err := scenario.Parse("a.callsim", lines("person Adele", "", "Adele claps", "Adele sings"))
	var mistake *scenario.SyntaxError
	require.ErrorAs(t, err, &mistake)
	require.Equal(t, 3, mistake.Line)
	require.Equal(t, 7, mistake.Column)
	require.Equal(t, "a.callsim", mistake.File)
	require.Contains(t, err.Error(), "a.callsim:4:7: ")
}

func TestManyMistakesAreCutShort(t *testing.T) {
	_, err := scenario.Parse("a.callsim", strings.Repeat("nonsense\n", 1000))
	joined, ok := err.(interface{ Unwrap() []error })
	require.True(t, ok)
	require.Len(t, joined.Unwrap(), 20)
}

func TestScenarioSaysWhatItIs(t *testing.T) {
	story, err := scenario.Parse("a.callsim", strings.ReplaceAll(lines(
		"\uFEFFscenario Two bots, one caller: who answers?", "speed 10", "prompts last 3s", "bot A", "bot B", "person Adele", "Adele calls B",
	), "\n", "\r\n"))
	require.NoError(t, err)
	require.Equal(t, "a.callsim", story.Name())
	require.Equal(t, "Two bots, one caller: who answers?", story.Title())
	require.Equal(t, []string{"A", "B"}, story.Bots())
	require.Equal(t, 10.0, story.Options().Speed)
	require.True(t, story.Options().RequireToneSubscription)
	require.Equal(t, "3s", story.Options().PromptDuration.String())
}

// Whatever somebody types, Parse returns a scenario or says where it is wrong.
func FuzzParse(f *testing.F) {
	f.Add(lines("person Adele", "Adele calls bot", "bot must answer within 5s"))
	f.Add("scenario x\nspeed 2\nbot B\nphone P +1425\nmeeting M organized by P lobby for nobody\nstart B: \"a b\" {M.url}, {tenant}\n  {B.port}:")
	f.Add("fault drop ended\nfault delay-up-to 5ms 3 in the call with bot\npolicy bot records A, B and C")
	f.Add("when bot answers: after 2s: wait 1s\nthen bot must play * within 1s\nbot must not be refused with 404 for 3s")
	f.Add("\v")
	f.Add("\ufeff\n\u0085person A\n\f\vB calls")
	f.Fuzz(func(t *testing.T, text string) {
		story, err := scenario.Parse("f", text)
		if err == nil {
			require.NotNil(t, story)
			return
		}
		rows := strings.Split(text, "\n")
		for _, one := range err.(interface{ Unwrap() []error }).Unwrap() {
			var mistake *scenario.SyntaxError
			require.ErrorAs(t, one, &mistake)
			require.NotEmpty(t, mistake.Message)
			require.GreaterOrEqual(t, mistake.Line, 1)
			require.LessOrEqual(t, mistake.Line, len(rows))
			require.GreaterOrEqual(t, mistake.Column, 1)
			require.LessOrEqual(t, mistake.Column, len([]rune(rows[mistake.Line-1]))+1)
		}
	})
}
