package main

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

func TestKey1IsSalesWhateverGoesWrong(t *testing.T) {
	for _, fault := range []string{"delay", "scramble", "duplicate", "batch", "lose-end", "throttle", "slow-replies", "expire-tokens", "rotate-keys"} {
		t.Run(fault, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l, bot := open(t, inVirtualTime)
				require.NoError(t, l.platform.Inject(fault))
				alex, adele := l.platform.AddPerson("Alex Wilber"), l.platform.AddPerson("Adele Vance")
				bot.sales = alex.ID
				call := adele.Call(l.bot)
				require.NoError(t, call.WaitListening(t.Context()))
				call.PressKey(resources.Tone1)
				bot.atWork.Wait()
				require.Equal(t, "[Alex Wilber]", fmt.Sprint(adele.With()))
			})
		})
	}
}

func TestCallerIsLetGoWhenTheTransferIsRefused(t *testing.T) {
	l, bot := open(t)
	bot.sales = l.platform.AddPerson("Alex Wilber").ID
	l.platform.FailNext(simulator.Failure{Path: "/transfer", Status: http.StatusForbidden})
	call := l.platform.AddPerson("Adele Vance").Call(l.bot)
	require.NoError(t, call.WaitListening(t.Context()))
	call.PressKey(resources.Tone1)
	bot.atWork.Wait()
	require.Equal(t, int64(1), l.platform.Stats().Injected["fail"])
	require.Zero(t, l.platform.Stats().LiveCalls)
}

func TestCallerIsServedThoughNobodyKnowsWhetherTheyWereAnswered(t *testing.T) {
	l, bot := open(t)
	l.platform.FailNext(simulator.Failure{Path: "/answer", Status: http.StatusInternalServerError, AfterEffect: true})
	call := l.platform.AddPerson("Adele Vance").Call(l.bot)
	require.NoError(t, call.WaitListening(t.Context()))
	call.Hangup()
	bot.atWork.Wait()
}
