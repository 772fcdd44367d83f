package cluster_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

func TestTheOwnerDecidesWhileThePlatformWaits(t *testing.T) {
	r := newRig(t, 2)
	first, second := r.instances[0], r.instances[1]
	call := r.call(first)
	joins := fmt.Sprintf(`{"value":[{"changeType":"created","resourceUrl":"/communications/calls/%s","resourceData":{"@odata.type":"#microsoft.graph.participantJoiningNotification","call":{"id":"c2","state":"incoming"}}}]}`, call.ID())
	second.Calls().DecideJoining(func(context.Context, statefulclient.ParticipantJoining) resources.ParticipantJoiningResponse {
		return &resources.AcceptJoinResponse{}
	})
	first.Calls().DecideJoining(func(_ context.Context, e statefulclient.ParticipantJoining) resources.ParticipantJoiningResponse {
		if e.Call != call {
			return nil
		}
		return &resources.InviteNewBotResponse{InviteURI: "https://other.contoso.com/api/calls"}
	})
	for _, i := range r.instances {
		r.takenBy(i)
		exchange := r.send(call.ID(), "", joins)
		require.Equal(t, http.StatusOK, exchange.Status)
		require.JSONEq(t, `{"@odata.type":"#microsoft.graph.inviteNewBotResponse","inviteUri":"https://other.contoso.com/api/calls"}`, string(exchange.ResponseBody))
	}
}
