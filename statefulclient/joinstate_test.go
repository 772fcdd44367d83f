package statefulclient_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// joinedMeeting is what the platform replies to whatever it is asked about a
// meeting the bot has joined; its list of people does not name the bot.
const joinedMeeting = `{"id":"c1","state":"establishing","direction":"outgoing","targets":[],"chatInfo":{"threadId":"19:x"},
	"meetingInfo":{"@odata.type":"#microsoft.graph.tokenMeetingInfo","token":"t"},"value":[{"id":"a"}]`

// joins has a bot in a meeting of which the test tells all there is.
func joins(t *testing.T, reply string, rosterWithin time.Duration) (*rig, *echoService, *statefulclient.Call) {
	t.Helper()
	r, service := newEchoRig(t, reply, statefulclient.Limits{RosterWithin: rosterWithin})
	call, err := r.client.Calls().Join(r.context(), statefulclient.JoinByMeetingID(r.platform.Tenant().ID, "123 456 789", ""))
	require.NoError(t, err)
	return r, service, call
}

func TestMeetingIsConnectingUntilTheRosterNamesTheBot(t *testing.T) {
	r, _, call := joins(t, joinedMeeting+`,"myParticipantId":"me"}`, time.Hour)
	waits := map[statefulclient.JoinState]chan error{}
	for _, state := range []statefulclient.JoinState{statefulclient.JoinStateLobby, statefulclient.JoinStateIn, statefulclient.JoinStateOut} {
		wait := make(chan error, 1)
		waits[state] = wait
		go func() { wait <- call.WaitForJoinState(t.Context(), state) }()
	}
	for _, step := range []struct {
		tell string
		then statefulclient.JoinState
	}{
		{about("updated", "c1/participants", `[{"id":"me","isInLobby":false}]`), statefulclient.JoinStateConnecting}, // not established yet
		{about("updated", "c1/participants", `[]`), statefulclient.JoinStateConnecting},
		{updated("c1", `{"state":"established"}`), statefulclient.JoinStateConnecting},
		{about("updated", "c1/participants", `[{"id":"a"}]`), statefulclient.JoinStateConnecting}, // somebody else
		{about("updated", "c1/participants", `[{"id":"me","isInLobby":true}]`), statefulclient.JoinStateLobby},
		{about("updated", "c1/participants", `[{"id":"a"}]`), statefulclient.JoinStateLobby}, // nothing about the bot
		{about("updated", "c1/participants", `[{"id":"me"},{"id":"a"}]`), statefulclient.JoinStateIn},
		{about("updated", "c1/participants", `[{"id":"a"}]`), statefulclient.JoinStateIn},
		{updated("c1", `{"state":"hold"}`), statefulclient.JoinStateIn},
		{about("updated", "c1/participants", `[{"id":"me","isInLobby":true}]`), statefulclient.JoinStateLobby}, // sent back
		{updated("c1", `{"state":"terminating"}`), statefulclient.JoinStateOut},
		{terminated("c1"), statefulclient.JoinStateOut},
	} {
		r.tell(step.tell)
		stats := r.settled()
		require.Equal(t, step.then, call.JoinState(), step.tell)
		if wait, awaited := waits[step.then]; awaited {
			require.NoError(t, <-wait)
			delete(waits, step.then)
		}
		if step.then == statefulclient.JoinStateIn {
			require.Equal(t, 3, stats.Scheduled, "nothing but the keep-alive, the sweep and the rest")
		}
	}
	require.Empty(t, waits)
	require.Zero(t, r.client.Stats().Scheduled)
	require.NoError(t, call.WaitForJoinState(r.context(), statefulclient.JoinStateOut))
	require.ErrorIs(t, call.WaitForJoinState(r.context(), "upstairs"), statefulclient.ErrInvalid)
}

// The bot's entry never comes: it has no id, or the list has no room for it.
func TestBotWithoutAnEntryCountsAsIn(t *testing.T) {
	for name, reply := range map[string]string{
		"no id":      joinedMeeting + `}`,
		"not listed": joinedMeeting + `,"myParticipantId":"me"}`,
	} {
		t.Run(name, func(t *testing.T) {
			r, service, call := joins(t, reply, time.Millisecond)
			require.Equal(t, statefulclient.JoinStateConnecting, call.JoinState())
			r.tell(updated("c1", `{"state":"established"}`))
			require.NoError(t, call.WaitForJoinState(r.context(), statefulclient.JoinStateIn))
			require.Contains(t, service.last(), "GET /v1.0/communications/calls/c1/participants", "it was asked for")
			require.Equal(t, 1, call.Participants().Len())
			r.tell(updated("c1", `{"state":"established","myParticipantId":"me"}`), about("updated", "c1/participants", `[{"id":"me","isInLobby":true}]`))
			r.settled()
			require.Equal(t, statefulclient.JoinStateLobby, call.JoinState(), "what comes late is believed")
		})
	}
}

// No roster arrives, and the platform is asked: it says where the bot is, or
// cannot be reached.
func TestBotThatIsToldNothingOfTheRoster(t *testing.T) {
	for state, status := range map[statefulclient.JoinState]int{
		statefulclient.JoinStateLobby: http.StatusOK,
		statefulclient.JoinStateIn:    http.StatusForbidden,
	} {
		r := newRig(t, rigOptions{limits: statefulclient.Limits{RosterWithin: 10 * time.Millisecond}})
		r.platform.DropEvery(simulator.Under(resources.CollectionParticipants))
		if status != http.StatusOK {
			r.platform.FailNext(simulator.Failure{Method: http.MethodGet, Path: "/participants", Status: status})
		}
		meeting := r.platform.AddMeeting(simulator.Meeting{Lobby: simulator.LobbyForAll})
		call := r.join(meeting)
		require.NoError(t, call.WaitForJoinState(r.context(), statefulclient.JoinStateLobby))
		require.Equal(t, state, call.JoinState())
	}
}

func TestCallsToPeopleAreInOnceEstablished(t *testing.T) {
	r := newRig(t, rigOptions{limits: statefulclient.Limits{RosterWithin: time.Hour}})
	r.platform.DropEvery(simulator.Under(resources.CollectionParticipants))
	adele, alex := r.platform.AddPerson("Adele Vance"), r.platform.AddPerson("Alex Wilber")
	one := statefulclient.CallTo(adele.TenantID, statefulclient.UserIdentity(adele.ID))
	two := statefulclient.CallTo(adele.TenantID, statefulclient.UserIdentity(adele.ID), statefulclient.UserIdentity(alex.ID))
	for _, request := range []resources.Call{one, two} {
		call, err := r.client.Calls().Add(r.context(), request)
		require.NoError(t, err)
		require.NoError(t, call.WaitForJoinState(r.context(), statefulclient.JoinStateIn))
		require.Equal(t, resources.CallStateEstablished, call.State())
		require.NoError(t, r.platform.WaitIdle(r.context())) // the platform gives calls of two meeting facts as well
		r.settled()
		require.Equal(t, statefulclient.JoinStateIn, call.JoinState())
	}
	require.Equal(t, statefulclient.JoinStateConnecting, r.ringing("c1").JoinState())
	require.Equal(t, statefulclient.JoinStateIn, r.live("c2").JoinState())
}

// The platform gives a call to one person the facts of a meeting too.
func TestCallOfTwoWithMeetingFactsIsIn(t *testing.T) {
	r, _ := newEchoRig(t, `{"id":"c1","state":"establishing","targets":[{"identity":{"user":{"id":"u"}}}]}`, statefulclient.Limits{RosterWithin: time.Hour})
	call, err := r.client.Calls().Add(r.context(), statefulclient.CallTo(r.platform.Tenant().ID, statefulclient.UserIdentity("u")))
	require.NoError(t, err)
	r.tell(updated("c1", `{"state":"established","chatInfo":{"threadId":"19:x"},"meetingInfo":{"@odata.type":"#microsoft.graph.organizerMeetingInfo"}}`))
	r.settled()
	require.Equal(t, statefulclient.JoinStateIn, call.JoinState())
}

func TestMeetingThatEndsBeforeTheRosterComesLeavesNothing(t *testing.T) {
	r, _, call := joins(t, joinedMeeting+`,"myParticipantId":"me"}`, time.Hour)
	r.tell(updated("c1", `{"state":"established"}`))
	require.Equal(t, 4, r.settled().Scheduled, "keep-alive, sweep, rest, and the wait for the roster")
	r.tell(terminated("c1"))
	require.Zero(t, r.settled().Scheduled)
	require.Equal(t, statefulclient.JoinStateOut, call.JoinState())
	require.ErrorIs(t, call.WaitForJoinState(r.context(), statefulclient.JoinStateIn), statefulclient.ErrCallEnded)
}

// Both ends have the same code: who was turned away in the lobby is told apart
// from who was removed later, also to who waits.
func TestTurnedAwayInTheLobbyIsNotRemoved(t *testing.T) {
	r := newRig(t)
	meeting := r.platform.AddMeeting(simulator.Meeting{Lobby: simulator.LobbyForAll})
	denied := r.join(meeting)
	require.NoError(t, denied.WaitForJoinState(r.context(), statefulclient.JoinStateLobby))
	waiting := make(chan error, 1)
	go func() { waiting <- denied.WaitForJoinState(r.context(), statefulclient.JoinStateIn) }()
	require.True(t, meeting.DenyFromLobby(r.bot))
	var end *statefulclient.EndedError
	require.ErrorAs(t, <-waiting, &end)
	require.True(t, end.Reason.InLobby)
	require.Equal(t, statefulclient.EndClassRejected, end.Reason.Class())
	require.Contains(t, end.Reason.Hint(), "turned away in the lobby")
	require.Contains(t, end.Error(), "in the lobby")
	requireHint(t, end.Reason)

	removed := r.join(meeting)
	require.NoError(t, removed.WaitForJoinState(r.context(), statefulclient.JoinStateLobby))
	require.True(t, meeting.AdmitFromLobby(r.bot))
	require.NoError(t, removed.WaitForJoinState(r.context(), statefulclient.JoinStateIn))
	r.platform.Call(removed.ID()).End(end.Reason.Code, end.Reason.Subcode, end.Reason.Message)
	reason := ended(r.context(), t, removed)
	require.False(t, reason.InLobby)
	require.Equal(t, statefulclient.EndClassNormal, reason.Class())
	require.Contains(t, reason.Hint(), "removed the bot")
}

func TestWaitForJoinStateInsideHandler(t *testing.T) {
	r := newRig(t)
	adele := r.platform.AddPerson("Adele Vance")
	in := make(chan error, 1)
	r.client.Calls().OnIncoming(func(ctx context.Context, e statefulclient.IncomingCall) {
		err := e.Call.Answer(ctx, statefulclient.AnswerOptions{})
		if err == nil {
			err = e.Call.WaitForJoinState(ctx, statefulclient.JoinStateIn)
		}
		in <- err
	})
	adele.Call(r.bot)
	require.NoError(t, <-in)
	meeting := r.platform.AddMeeting(simulator.Meeting{Lobby: simulator.LobbyForAll})
	states := make(chan statefulclient.JoinState, 10)
	statefulclient.On(r.client.Calls(), func(_ context.Context, e statefulclient.LobbyChanged) { states <- e.Call.JoinState() })
	call := r.join(meeting)
	require.Equal(t, statefulclient.JoinStateLobby, <-states)
	impatient, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, call.WaitForJoinState(impatient, statefulclient.JoinStateIn), context.Canceled)
	meeting.AdmitFromLobby(r.bot)
	require.Equal(t, statefulclient.JoinStateIn, <-states)
	r.client.Close()
	require.ErrorIs(t, call.WaitForJoinState(r.context(), statefulclient.JoinStateOut), statefulclient.ErrClosed)
}
