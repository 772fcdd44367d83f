package main

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) } // no goroutine is left in the end

func TestKey1IsSales(t *testing.T) {
	l, bot := open(t)
	alex, adele := l.platform.AddPerson("Alex Wilber"), l.platform.AddPerson("Adele Vance")
	bot.sales = alex.ID

	call := adele.Call(l.bot)
	require.NoError(t, call.WaitListening(t.Context()))
	call.PressKey(resources.Tone1)
	bot.atWork.Wait()
	require.Equal(t, "[Alex Wilber]", fmt.Sprint(adele.With()))
}

func TestCallerHangsUpInTheMenu(t *testing.T) {
	l, bot := open(t)
	call := l.platform.AddPerson("Diego Siciliani").Call(l.bot)
	require.NoError(t, call.WaitListening(t.Context()))
	call.Hangup()
	bot.atWork.Wait()
	require.Zero(t, bot.client.Calls().Len())
}

// open opens a reception on a laptop of its own, and closes it when the test ends.
func open(t *testing.T, options ...func(*simulator.Options)) (*laptop, *reception) {
	t.Helper()
	l, err := plugIn(simulator.New(t, options...))
	require.NoError(t, err)
	t.Cleanup(l.provider.Close)
	client, err := l.builder().Build()
	require.NoError(t, err)
	bot := &reception{client: client}
	bot.open(t.Context())
	l.bot.Serve(client.Handler())
	t.Cleanup(bot.atWork.Wait)
	t.Cleanup(client.Close)
	return l, bot
}
