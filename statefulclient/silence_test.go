package statefulclient_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

func TestSilentCallIsTold(t *testing.T) {
	r := newRig(t, rigOptions{limits: statefulclient.Limits{SilentAfter: 100 * time.Millisecond}})
	r.platform.DropEvery(func(*resources.Notification) bool { return true })
	silent, changes := newInbox[statefulclient.SilentCall](), newInbox[statefulclient.StateChanged]()
	r.client.OnSilent(silent.put)
	call := r.place(r.platform.AddPerson("Adele Vance"))
	statefulclient.On(call, changes.put)
	told := silent.next(r)
	require.Same(t, call, told.Call)
	require.True(t, strings.HasSuffix(told.CallbackURI, "/api/calls"))
	established := changes.until(r, func(e statefulclient.StateChanged) bool { return e.New == resources.CallStateEstablished })
	require.Equal(t, statefulclient.CauseResync, established.Cause)
	require.EqualValues(t, 1, r.client.Stats().SilentCalls)
}

func TestAnsweredCallThatFallsSilentIsTold(t *testing.T) {
	r := newRig(t, rigOptions{limits: statefulclient.Limits{SilentAfter: 100 * time.Millisecond}})
	silent := newInbox[statefulclient.SilentCall]()
	r.client.OnSilent(silent.put)
	r.client.Calls().OnIncoming(func(ctx context.Context, e statefulclient.IncomingCall) {
		r.platform.DropEvery(func(*resources.Notification) bool { return true })
		_ = e.Call.Answer(ctx, statefulclient.AnswerOptions{})
	})
	calling := r.platform.AddPerson("Adele Vance").Call(r.bot)
	require.NoError(t, calling.WaitAnswered(r.context()))
	require.NotNil(t, silent.next(r).Call)
}

func TestCallThatIsHeardOfIsNotSilent(t *testing.T) {
	r := newRig(t, rigOptions{limits: statefulclient.Limits{SilentAfter: 300 * time.Millisecond}})
	call := r.call(r.platform.AddPerson("Adele Vance"))
	stats := r.settled()
	require.Equal(t, 3, stats.Scheduled, "keep-alive, sweep and rest; nobody listens for silence any more")
	require.Zero(t, stats.SilentCalls)
	require.Equal(t, resources.CallStateEstablished, call.State())
}
