package statefulclient_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

func TestJoiningParticipantsAreDecidedOnInTheReply(t *testing.T) {
	r := newRig(t)
	call := r.live("c1")
	joins := `{"value":[` + about("created", "c1", `{"@odata.type":"#microsoft.graph.participantJoiningNotification","call":{"id":"c2","state":"incoming",
		"incomingContext":{"observedParticipantId":"p2"}}}`) + `]}`
	ask := func() simulator.Exchange {
		exchange, err := r.platform.Post(r.context(), r.bot, []byte(joins), simulator.PostOptions{})
		require.NoError(t, err)
		return exchange
	}
	reply := ask()
	require.Equal(t, http.StatusOK, reply.Status)
	require.JSONEq(t, `{"@odata.type":"#microsoft.graph.acceptJoinResponse"}`, string(reply.ResponseBody), "accepted unless decided otherwise")

	r.client.Calls().DecideJoining(func(ctx context.Context, e statefulclient.ParticipantJoining) resources.ParticipantJoiningResponse {
		_, limited := ctx.Deadline()
		require.True(t, limited)
		require.Same(t, call, e.Call)
		require.Equal(t, "p2", e.Joining.IncomingContext.ObservedParticipantID)
		return &resources.RejectJoinResponse{Reason: resources.RejectReasonBusy}
	})
	require.JSONEq(t, `{"@odata.type":"#microsoft.graph.rejectJoinResponse","reason":"busy"}`, string(ask().ResponseBody))

	r.client.Calls().DecideJoining(func(context.Context, statefulclient.ParticipantJoining) resources.ParticipantJoiningResponse {
		return &resources.InviteNewBotResponse{InviteURI: "https://other.contoso.com/api/calls"}
	})
	require.JSONEq(t, `{"@odata.type":"#microsoft.graph.inviteNewBotResponse","inviteUri":"https://other.contoso.com/api/calls"}`, string(ask().ResponseBody))

	panics := newInbox[statefulclient.HandlerPanic]()
	r.client.OnHandlerPanic(panics.put)
	r.client.Calls().DecideJoining(func(context.Context, statefulclient.ParticipantJoining) resources.ParticipantJoiningResponse {
		panic("undecided")
	})
	require.Equal(t, http.StatusInternalServerError, ask().Status)
	require.Equal(t, "DecideJoining", panics.next(r).Handler)
}

func TestManagedParticipantLeft(t *testing.T) {
	r := newRig(t)
	call := r.live("c1")
	left := newInbox[statefulclient.ManagedParticipantLeft]()
	statefulclient.On(call, left.put)
	r.tell(about("deleted", "c1", `{"@odata.type":"#microsoft.graph.participantLeftNotification","participantId":"p1","call":{"resultInfo":{"code":200,"subcode":5000}}}`))
	e := left.next(r)
	require.Equal(t, "p1", e.ParticipantID)
	require.EqualValues(t, 5000, e.Result.Subcode)
}
