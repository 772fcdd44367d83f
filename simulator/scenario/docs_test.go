package scenario_test

import (
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/simulator/scenario"
)

// TestScenariosInTheDocs plays every example of the page and of the package's
// own documentation.
func TestScenariosInTheDocs(t *testing.T) {
	withBots(t)
	page, err := os.ReadFile("../../docs/scenarios.md")
	require.NoError(t, err)
	blocks := regexp.MustCompile("(?s)```callsim( fails)?\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	require.Len(t, blocks, 6)
	for _, block := range blocks {
		report := new(scenario.Runner).Run(t.Context(), parse(t, block[2]))
		require.Equal(t, block[1] == "", report.Passed(), report)
	}
}

func TestTheExampleOfThePackageIsPlayed(t *testing.T) {
	withBots(t)
	text, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	example := regexp.MustCompile(`(?s)//\t(scenario .*?)\n//\n// docs`).FindStringSubmatch(string(text))
	require.NotNil(t, example)
	story := regexp.MustCompile(`(?m)^//\t?`).ReplaceAllString(example[1], "")
	report := new(scenario.Runner).Run(t.Context(), parse(t, story))
	require.True(t, report.Passed(), report)
}
