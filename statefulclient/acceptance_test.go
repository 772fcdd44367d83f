package statefulclient_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// What has hurt bots in the field, and must not hurt those of this client. The
// fifth such test, of a process that is killed, is in internal/chaos.

// A full roster of a hundred is as much as the platform lists; somebody leaving
// is told once; and where a change is missing the roster is fetched.
func TestAcceptanceRosterTruncatedPhoneLeavesGapHeals(t *testing.T) {
	r := newRig(t, rigOptions{limits: statefulclient.Limits{RosterGap: 50 * time.Millisecond}})
	meeting := r.platform.AddMeeting(simulator.Meeting{})
	call := r.join(meeting)
	require.NoError(t, r.platform.WaitIdle(r.context()))
	r.settled()

	hundred := make([]string, 100)
	for i := range hundred {
		hundred[i] = fmt.Sprintf(`{"id":"p%d"}`, i)
	}
	r.tell(about("updated", call.ID()+"/participants", "["+strings.Join(hundred, ",")+"]"))
	r.until(func(statefulclient.Stats) bool { return call.Participants().Trust() == statefulclient.RosterTruncated })
	require.GreaterOrEqual(t, call.Participants().Len(), 100)

	// The list that was asked for because of it is the simulator's, and whole.
	r.until(func(s statefulclient.Stats) bool {
		return s.Resyncs > 0 && s.InDoubt == 0 && call.Participants().Len() == 1
	})

	told := newInbox[participantsEvent]()
	call.Participants().OnUpdated(told.put)
	told.next(r) // the present
	phone := `{"id":"phone-1","info":{"identity":{"phone":{"id":"+12065550100"}}}}`
	r.tell(changed(call.ID(), 1, phone))
	require.Len(t, told.next(r).Added, 1)
	gone := `{"id":"phone-1","removedState":{"reason":"Removed"}}`
	r.tell(changed(call.ID(), 2, gone), changed(call.ID(), 2, gone))
	require.Len(t, told.next(r).Removed, 1)
	r.tell(changed(call.ID(), 2, gone))
	r.settled()
	require.Empty(t, told, "left once")

	before := r.client.Stats().Resyncs
	r.tell(changed(call.ID(), 9, phone))
	r.until(func(s statefulclient.Stats) bool { return s.Resyncs > before })
	require.NotEmpty(t, fetches(r, call))
}

// Nothing is ever heard of an established call again, and the platform does not
// know it: it ends once, as lost, and a late end adds nothing.
func TestAcceptanceGhostCallEndsOnceAsLost(t *testing.T) {
	const beat = 200 * time.Millisecond
	r := newRig(t, rigOptions{limits: statefulclient.Limits{KeepAlive: beat}})
	changes := newInbox[statefulclient.StateChanged]()
	removed := newInbox[callsEvent]()
	call := r.call(r.platform.AddPerson("Adele Vance"))
	statefulclient.On(call, changes.put)
	changes.next(r) // the present
	r.client.Calls().OnUpdated(func(ctx context.Context, e callsEvent) {
		if len(e.Removed) > 0 {
			removed.put(ctx, e)
		}
	})
	platformCall := r.platform.Call(call.ID())
	platformCall.Hold() // the end of the prompt, too
	operation, err := call.PlayPrompt(r.context(), resources.NewMediaPrompt("https://bot.contoso.com/prompt.wav"))
	require.NoError(t, err)
	before := platformCall.KeepAlives()
	platformCall.Vanish()

	edge := changes.next(r)
	require.Equal(t, resources.CallStateTerminated, edge.New)
	require.True(t, edge.Cause.Inferred())
	require.Equal(t, statefulclient.EndLost, ended(r.context(), t, call).Cause)
	require.LessOrEqual(t, platformCall.KeepAlives()-before, 2, "within two heartbeats")
	_, err = operation.Wait(r.context())
	var end *statefulclient.EndedError
	require.ErrorAs(t, err, &end)
	require.Len(t, removed.next(r).Removed, 1)

	r.tell(terminated(call.ID()))
	stats := r.settled()
	require.Empty(t, changes)
	require.Empty(t, removed)
	require.EqualValues(t, 1, stats.Late)
	require.EqualValues(t, 1, stats.CallsLost)
	require.Zero(t, stats.Calls)
	require.Zero(t, stats.Scheduled)
}

// The result of an invitation comes long after whoever waited for it gave up, and
// is not lost.
func TestAcceptanceLateInviteResultIsKept(t *testing.T) {
	r := newRig(t)
	meeting := r.platform.AddMeeting(simulator.Meeting{})
	call := r.join(meeting)
	done := newInbox[statefulclient.OperationCompleted]()
	statefulclient.On(call, done.put)
	r.platform.Hold()
	who := statefulclient.UserIdentity(r.platform.AddPerson("Alex Wilber").ID)
	operation, err := call.Participants().Invite(r.context(), resources.InvitationParticipantInfo{Identity: &who})
	require.NoError(t, err)
	impatient, cancel := context.WithTimeout(r.context(), 20*time.Millisecond)
	defer cancel()
	_, err = operation.Wait(impatient)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	r.platform.Release()
	result, err := operation.Wait(r.context())
	require.NoError(t, err)
	require.Equal(t, resources.OperationStatusCompleted, result.Status)
	require.Equal(t, operation.ClientContext(), done.next(r).Operation.Common().ClientContext)
}

// TestAcceptanceTraceInEveryOrder plays all orders of a call's first six
// notifications, each doubled, through the client, a call each: one established,
// one media active, the same roster. The reducer's own tests go further; this one
// shows that nothing on the way to the handlers undoes what it does.
func TestAcceptanceTraceInEveryOrder(t *testing.T) {
	trace := func(id string) []string {
		return []string{
			updated(id, `{"state":"establishing","subject":"old"}`),
			updated(id, `{"state":"established","subject":"new"}`),
			updated(id, `{"state":"established","mediaState":{"audio":"active"}}`),
			updated(id, `{"state":"established","chatInfo":{"threadId":"19:x"}}`),
			updated(id, `{"state":"established","meetingInfo":{"token":"j"}}`),
			about("updated", id+"/participants", `[{"id":"me"},{"id":"a","isMuted":false}]`),
		}
	}
	r := newRig(t)
	told := newEdgeLog(t, r.client)
	var mu sync.Mutex
	media := map[string]int{}
	statefulclient.On(r.client.Calls(), func(_ context.Context, e statefulclient.MediaStateChanged) {
		mu.Lock()
		defer mu.Unlock()
		media[e.Call.ID()]++
	})
	var ids []string
	for order := range permutations(6) {
		id := fmt.Sprint(order)
		ids = append(ids, id)
		r.ringing(id)
		for _, i := range order {
			r.tell(trace(id)[i], trace(id)[i])
		}
	}
	r.settled()
	require.Len(t, ids, 720)
	for _, id := range ids {
		call, ok := r.client.Calls().Get(id)
		require.True(t, ok)
		now := call.Resource()
		require.Equal(t, "new", now.Subject, id)
		require.Equal(t, resources.MediaStateActive, now.MediaState.Audio)
		require.Equal(t, "19:x", now.ChatInfo.ThreadID)
		require.Equal(t, "j", now.MeetingInfo.(*resources.TokenMeetingInfo).Token)
		require.Equal(t, 2, call.Participants().Len())
		told.requireForwardOnce(id, resources.CallStateEstablished)
		require.Equal(t, 1, media[id])
	}
}
