package cluster_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/cluster"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

type note struct{ Text string }

type noted struct {
	Call string
	Text string
	Left time.Duration
}

// annotate is a command of a user's own.
func annotate() *cluster.Command[note, noted] {
	return cluster.NewCommand("annotate", func(ctx context.Context, call *statefulclient.Call, n note) (noted, error) {
		switch n.Text {
		case "fail":
			return noted{}, errors.New("no pencil")
		case "panic":
			panic("broken pencil")
		case "ended":
			return noted{}, &statefulclient.EndedError{CallID: call.ID()}
		case "service":
			return noted{}, errors.Join(errors.New("went wrong"), transport.ErrThrottled)
		case "slow":
			<-ctx.Done()
			return noted{}, ctx.Err()
		}
		deadline, _ := ctx.Deadline()
		return noted{call.ID(), n.Text, time.Until(deadline)}, nil
	})
}

func withCommand(o *cluster.Options) { o.Commands = []cluster.Runnable{annotate()} }

func TestACommandRunsWhereTheCallIsOwned(t *testing.T) {
	r := newRig(t, 2, withCommand)
	first, second := r.instances[0], r.instances[1]
	call, command := r.call(first), annotate()
	for _, from := range r.instances {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		reply, err := command.Run(ctx, from.Client, call.ID(), note{"hello"})
		cancel()
		require.NoError(t, err)
		require.Equal(t, call.ID(), reply.Call)
		require.Equal(t, "hello", reply.Text)
		require.InDelta(t, 10*time.Second, reply.Left, float64(time.Second), "the caller's deadline goes with it")
	}
	require.EqualValues(t, 1, first.FleetStats().Commands)
	require.Zero(t, second.FleetStats().Commands)
	require.EqualValues(t, 1, second.FleetStats().Asked)
}

func TestErrorsOfCommandsAreToldApartAcrossInstances(t *testing.T) {
	r := newRig(t, 2, withCommand)
	first, second := r.instances[0], r.instances[1]
	call, command := r.call(first), annotate()
	run := func(text string) error {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		_, err := command.Run(ctx, second.Client, call.ID(), note{text})
		return err
	}
	var failed *cluster.CommandError
	require.ErrorAs(t, run("fail"), &failed)
	require.Equal(t, &cluster.CommandError{Command: "annotate", CallID: call.ID(), Text: "no pencil"}, failed)
	require.ErrorIs(t, run("ended"), statefulclient.ErrCallEnded)
	require.ErrorIs(t, run("service"), transport.ErrThrottled)
	require.NotErrorIs(t, run("service"), statefulclient.ErrCallEnded)
	require.ErrorAs(t, run("panic"), &failed)
	require.NotContains(t, failed.Error(), "broken pencil", "what it panicked with may be anything")

	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err := command.Run(ctx, second.Client, call.ID(), note{"slow"})
	require.ErrorIs(t, err, context.DeadlineExceeded)

	_, err = command.Run(r.context(), second.Client, "nobody", note{})
	require.ErrorIs(t, err, cluster.ErrNoCall)
	unknown := cluster.NewCommand("unknown", func(context.Context, *statefulclient.Call, note) (note, error) { return note{}, nil })
	_, err = unknown.Run(r.context(), second.Client, call.ID(), note{})
	require.ErrorIs(t, err, cluster.ErrUnknownCommand)
}

// A command that the owner took with it is not asked for twice; the next one
// finds the next owner.
func TestACommandWaitsForTheNextOwner(t *testing.T) {
	r := newRig(t, 2, withCommand)
	first, second := r.instances[0], r.instances[1]
	call := r.call(first)
	first.cable.cut()
	began := time.Now()
	_, err := annotate().Run(r.context(), second.Client, call.ID(), note{"early"})
	require.ErrorIs(t, err, cluster.ErrOwnerGone)
	require.Less(t, time.Since(began), 5*time.Second)
	reply, err := annotate().Run(r.context(), second.Client, call.ID(), note{"late"})
	require.NoError(t, err)
	require.Equal(t, "late", reply.Text)
	require.True(t, second.Owns(call.ID()))
}

// While nobody owns the call, a command waits.
func TestACommandWaitsWhileNobodyOwnsTheCall(t *testing.T) {
	r := newRig(t, 2, withCommand)
	first, second := r.instances[0], r.instances[1]
	call := r.call(first)
	first.nc.Close()
	reply, err := annotate().Run(r.context(), second.Client, call.ID(), note{"soon"})
	require.NoError(t, err)
	require.Equal(t, "soon", reply.Text)
	require.True(t, second.Owns(call.ID()))
}

func TestVerbsReachTheCallFromAnywhere(t *testing.T) {
	r := newRig(t, 2)
	first, second := r.instances[0], r.instances[1]
	call := r.call(first)
	foreign, err := second.Find(r.context(), call.ID())
	require.NoError(t, err)
	_, own := foreign.Own()
	require.False(t, own)
	require.Equal(t, "i1", foreign.Owner())
	require.Equal(t, resources.CallStateEstablished, foreign.Resource().State)
	require.Less(t, foreign.Age(), 10*time.Second)
	operation, err := foreign.PlayPrompt(r.context(), resources.NewMediaPrompt("https://bot.contoso.com/hello.wav"))
	require.NoError(t, err)
	require.NotEmpty(t, operation)
	require.ErrorContains(t, foreign.Reject(r.context(), resources.RejectReasonBusy), "not an incoming call")
	require.NoError(t, foreign.Hangup(r.context()))
	r.eventually(func() bool { return first.reached(call.ID(), resources.CallStateTerminated) }, "not hung up")
	r.eventually(func() bool { return r.find(second, call.ID()) != nil }, "the record is still there")
	require.NoError(t, foreign.Hangup(r.context()), "it is over already")
}

func TestAForeignGroupCallHasItsPeople(t *testing.T) {
	r := newRig(t, 2)
	first, second := r.instances[0], r.instances[1]
	meeting := r.platform.AddMeeting(simulator.Meeting{Subject: "Stand-up"})
	join, err := statefulclient.ParseJoinURL(meeting.JoinURL())
	require.NoError(t, err)
	call, err := first.Calls().Join(r.context(), join)
	require.NoError(t, err)
	require.NoError(t, call.WaitFor(r.context(), resources.CallStateEstablished))
	r.platform.AddPerson("Alex Wilber").Join(meeting)
	var foreign *cluster.Foreign
	r.eventually(func() bool {
		foreign, err = second.Find(r.context(), call.ID())
		return err == nil && len(foreign.Participants()) == 2
	}, "the people were not saved")
	require.NoError(t, foreign.Mute(r.context()))
	require.NoError(t, foreign.Unmute(r.context()))
	_, err = foreign.InviteParticipants(r.context(), statefulclient.Invitation(statefulclient.UserIdentity(r.platform.AddPerson("Adele Vance").ID)))
	require.NoError(t, err)
	for _, p := range foreign.Participants() {
		if user := p.Info.Identity.User; user != nil {
			require.NoError(t, foreign.MuteParticipant(r.context(), p.ID))
			require.NoError(t, foreign.RemoveParticipant(r.context(), p.ID))
		}
	}
	require.ErrorIs(t, foreign.RemoveParticipant(r.context(), "nobody"), cluster.ErrNoParticipant)
}
