package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/simulator/scenario"
)

const message = `scenario A caller leaves a message
speed 20
person Diego
bot Reception

Diego calls Reception
Diego speaks for 3s
Reception must play *menu.wav to Diego within 5s
Diego presses 2
Reception must record Diego within 5s
Reception must hang up on Diego within 10s
`

func TestMessage(t *testing.T) {
	story, err := scenario.Parse("message", message)
	require.NoError(t, err)
	l, bot := open(t, func(o *simulator.Options) { *o = story.Options() })
	report := story.Run(t.Context(), l.platform, l.bot)
	require.True(t, report.Passed(), report)
	bot.atWork.Wait()
}
