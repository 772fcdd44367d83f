package inspector_test

import (
	"context"
	"net/http"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

func transportReason(word string) transport.Reason { return transport.Reason(word) }

func anything(*resources.Notification) bool { return true }

// place has the bot call somebody.
func (s *scene) place(person *simulator.Person) (*statefulclient.Call, error) {
	return s.client.Calls().Add(s.soon(), statefulclient.CallTo(person.TenantID, statefulclient.UserIdentity(person.ID)))
}

// join has the bot join a meeting.
func (s *scene) join(meeting *simulator.Meeting) *statefulclient.Call {
	s.t.Helper()
	join, err := statefulclient.ParseJoinURL(meeting.JoinURL())
	require.NoError(s.t, err)
	call, err := s.client.Calls().Join(s.soon(), join)
	require.NoError(s.t, err)
	return call
}

func symptomsOfArrival() []symptom {
	return []symptom{
		{"nothing-arrives-at-all", setup{limits: statefulclient.Limits{SilentAfter: 30 * time.Millisecond}}, func(s *scene) {
			s.platform.DropEvery(anything)
			call, err := s.place(s.platform.AddPerson("Adele Vance"))
			require.NoError(s.t, err)
			s.logged("nothing is heard of the call: check that the platform can reach its callback")
			s.counted("SilentCalls", func(stats statefulclient.Stats) int { return int(stats.SilentCalls) })
			s.says("*by resync*")
			s.noted(call.ID(), edgeTo("established", "resync"))
			require.Zero(s.t, s.client.Stats().Webhook.Requests)
		}},
		{"every-post-is-answered-401", setup{}, func(s *scene) {
			s.platform.SignWith(func(d *simulator.Draft) { d.Claims["aud"] = "another" })
			s.platform.AddPerson("Adele Vance").Call(s.account)
			s.refused("unauthorized.audience")
			require.NotZero(s.t, s.list("").Refused)
		}},
		{"calls-come-in-and-nothing-happens", setup{platform: simulator.Options{AnswerWindow: 50 * time.Millisecond}}, func(s *scene) {
			s.answering.Cancel()
			call := s.platform.AddPerson("Adele Vance").Call(s.account)
			d := s.ends(call.ID(), "408/10057")
			require.Contains(s.t, d.End, "where the bot is the callee, it did not answer in time")
			_, notes := s.look(call.ID())
			_, handled := find(notes, handler("OnIncoming"))
			require.False(s.t, handled)
			s.says("handler `OnIncoming`")
		}},
	}
}

// long: a table.
func symptomsOfBeginnings() []symptom {
	return []symptom{
		{"answered-too-late", setup{platform: simulator.Options{AnswerWindow: 20 * time.Millisecond}}, func(s *scene) {
			s.answering.Cancel()
			late := make(chan error, 1)
			s.client.Calls().OnIncoming(func(ctx context.Context, e statefulclient.IncomingCall) {
				<-s.platform.Call(e.Call.ID()).Done()
				late <- e.Call.Answer(ctx, statefulclient.AnswerOptions{})
			})
			call := s.platform.AddPerson("Adele Vance").Call(s.account)
			s.says("`ErrCallEnded`")
			require.ErrorIs(s.t, <-late, statefulclient.ErrCallEnded)
			s.marked(call.ID(), "failed", request("answer"))
			s.ends(call.ID(), "408/10057")
			call.Notify([]byte(`{"value":[{"changeType":"updated","resourceUrl":"/communications/calls/` + call.ID() + `","resourceData":{"@odata.type":"#microsoft.graph.call","state":"establishing"}}]}`))
			s.counted("Late", func(stats statefulclient.Stats) int { return int(stats.Late) })
			s.marked(call.ID(), "late", anyNote)
		}},
		{"a-call-cannot-be-placed", setup{permissions: []string{"Calls.JoinGroupCall.All"}}, func(s *scene) {
			_, err := s.place(s.platform.AddPerson("Adele Vance"))
			require.ErrorIs(s.t, err, transport.ErrTenantPermission)
			s.says("403 with code 7504")
			failed := s.marked("", "failed", request("createCall"))
			require.EqualValues(s.t, http.StatusForbidden, failed.Code)
			require.NotEmpty(s.t, failed.ID)
			require.NotEmpty(s.t, failed.Reply)
		}},
		{"stuck-in-establishing", setup{}, func(s *scene) {
			s.platform.SkipEstablished()
			call, err := s.place(s.platform.AddPerson("Adele Vance"))
			require.NoError(s.t, err)
			s.until(call.ID(), func(d detail, _ []note) bool { return d.State == "establishing" })
			s.eventually(func() bool { return s.platform.Call(call.ID()).State() == resources.CallStateEstablished }, "there")
			require.NoError(s.t, call.Refresh(s.soon()))
			s.says("*by resync*")
			s.noted(call.ID(), edgeTo("established", "resync"))
		}},
		{"waiting-in-the-lobby", setup{platform: simulator.Options{LobbyTimeout: 300 * time.Millisecond}}, func(s *scene) {
			call := s.join(s.platform.AddMeeting(simulator.Meeting{Lobby: simulator.LobbyForAll}))
			require.NoError(s.t, call.WaitForJoinState(s.soon(), statefulclient.JoinStateLobby))
			s.says("*this bot*")
			d, _ := s.look(call.ID())
			require.Len(s.t, d.Roster.Seats, 1)
			require.True(s.t, d.Roster.Seats[0].Self && d.Roster.Seats[0].Lobby)
			require.Contains(s.t, s.ends(call.ID(), "200/5855").End, "have it admitted")
		}},
		{"ends-at-once-with-a-code", setup{}, func(s *scene) {
			call, err := s.place(s.platform.AddPerson("Adele Vance"))
			require.NoError(s.t, err)
			s.platform.Call(call.ID()).End(500, 7112, "MediaControllerConversationAddParticipantFailed")
			s.logged("call state")
			s.marked(call.ID(), "failed", edgeTo("terminated", "notification"))
			d := s.ends(call.ID(), "media")
			reason, ok := call.End()
			require.True(s.t, ok)
			require.Contains(s.t, d.End, reason.Hint())
		}},
		{"established-without-sound", setup{}, func(s *scene) {
			call, _ := s.call("Adele Vance")
			call.SetMediaActive(false)
			s.says("*Audio* `inactive`")
			s.until(call.ID(), func(d detail, _ []note) bool { return d.Media == "inactive" })
		}},
	}
}

func anyNote(note) bool { return true }
