package statefulclient_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/statefulclient"
)

func inConversation(id, chain string) string {
	return about("created", id, `{"state":"incoming","direction":"incoming","callChainId":"`+chain+`"}`)
}

func TestCallsOfOneConversationAreFoundTogether(t *testing.T) {
	r := newRig(t)
	r.tell(inConversation("c1", "chain-1"), inConversation("c2", "chain-1"), inConversation("c3", "chain-2"))
	first, _ := r.client.Calls().Get("c1")
	second, _ := r.client.Calls().Get("c2")
	third, _ := r.client.Calls().Get("c3")
	require.Equal(t, []*statefulclient.Call{first, second}, first.Conversation())
	require.Equal(t, []*statefulclient.Call{third}, third.Conversation())
	r.tell(terminated("c2"))
	r.settled()
	require.Equal(t, []*statefulclient.Call{first}, first.Conversation())
}

// The platform gives up on a recording that is not answered in time, and calls
// again under another id.
func TestReinvitationIsRecognised(t *testing.T) {
	r := newRig(t)
	ringing := newInbox[statefulclient.IncomingCall]()
	r.client.Calls().OnIncoming(func(ctx context.Context, e statefulclient.IncomingCall) { ringing.put(ctx, e) })
	r.tell(inConversation("c1", "chain-1"), about("deleted", "c1", `{"state":"terminated"}`))
	require.Empty(t, ringing.next(r).Replaces)
	r.settled()
	r.tell(inConversation("c2", "chain-1"))
	require.Equal(t, "c1", ringing.next(r).Replaces)
}
