package observe_test

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// story is a bot's day in which all that can be measured happens, with people in it
// who are easily recognised.
type story struct {
	*rig

	wire  *wire
	marks map[string]string // what nobody may be told, by what it is
	live  *statefulclient.Call
	calls []*statefulclient.Call
}

func tell(t *testing.T, with ...rigOptions) *story {
	t.Helper()
	s := &story{wire: &wire{}, marks: map[string]string{}}
	var chosen rigOptions
	if len(with) > 0 {
		chosen = with[0]
	}
	chosen.front, chosen.wire = s.wire.front, s.wire.back
	s.rig = newRig(t, chosen)
	s.marks["client secret"] = s.bot.Secret
	s.listen()
	s.caller()
	s.callee()
	s.meeting()
	s.trouble()
	s.settled()
	return s
}

func (s *story) listen() {
	calls := s.client.Calls()
	calls.OnUpdated(func(context.Context, statefulclient.CollectionEvent[*statefulclient.Call]) {})
	statefulclient.On(calls, func(context.Context, statefulclient.StateChanged) {})
	statefulclient.On(calls, func(context.Context, statefulclient.ParticipantUpdated) {})
	statefulclient.On(calls, func(_ context.Context, e statefulclient.ToneReceived) { panic(s.marks["telephone number"]) })
}

func (s *story) caller() {
	number := "+15550109999"
	s.marks["telephone number"] = number
	answered := s.answers()
	s.platform.AddPhone(number).Call(s.bot)
	call := s.taken(answered)
	s.calls = append(s.calls, call)
	s.platform.Call(call.ID()).PressKey(resources.Tone5)
	s.until(func(stats statefulclient.Stats) bool { return stats.HandlerPanics == 1 })
	s.play(call)
	s.hangUp(call)
}

func (s *story) callee() {
	person := s.platform.AddPerson("Adele Vance")
	s.marks["person's id"] = person.ID
	person.WhenCalled(simulator.Declines)
	call, err := s.client.Calls().Add(s.context(), resources.Call{
		TenantID: person.TenantID,
		Targets:  []resources.InvitationParticipantInfo{{Identity: &resources.IdentitySet{User: &resources.Identity{ID: person.ID}}}},
	})
	require.NoError(s.t, err)
	s.calls = append(s.calls, call)
	s.over(call)
}

func (s *story) meeting() {
	meeting := s.platform.AddMeeting(simulator.Meeting{Subject: "Marked Subject"})
	s.marks["thread"] = meeting.ThreadID
	guest := s.platform.AddPerson("Marked Person")
	s.marks["display name"], s.marks["guest's id"] = guest.DisplayName, guest.ID
	guest.Join(meeting)
	join, err := statefulclient.ParseJoinURL(meeting.JoinURL())
	require.NoError(s.t, err)
	s.live, err = s.client.Calls().Join(s.context(), join)
	require.NoError(s.t, err)
	s.calls = append(s.calls, s.live)
	require.NoError(s.t, s.live.WaitFor(s.context(), resources.CallStateEstablished))
	s.live.OnUpdated(func(context.Context, statefulclient.ResourceEvent[resources.Call]) {})
	s.live.Participants().OnUpdated(func(context.Context, statefulclient.CollectionEvent[*statefulclient.Participant]) {})
	guest.Mute()
	require.NoError(s.t, s.live.Participants().WaitFor(s.context(), func(all *statefulclient.Participants) bool {
		_, there := all.Find(resources.IdentitySet{User: &resources.Identity{ID: guest.ID}})
		return there
	}))
}

func (s *story) trouble() {
	s.platform.FailNext(simulator.Failure{Path: "/keepAlive", Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"0"}}})
	require.NoError(s.t, s.live.KeepAlive(s.context()))
	s.platform.FailNext(simulator.Failure{Path: "/mute", Status: http.StatusForbidden, Message: "Marked Message"})
	s.marks["what the platform says of a failure"] = "Marked Message"
	require.Error(s.t, s.live.Mute(s.context()))
	body := `{"value":[{"changeType":"updated","resourceUrl":"/communications/calls/` + s.live.ID() + `","resourceData":` +
		`{"@odata.type":"#microsoft.graph.call","state":"established"}}]}`
	same := http.Header{"X-Microsoft-Skype-Message-Id": {"m1"}}
	for _, options := range []simulator.PostOptions{{NoToken: true}, {Header: same}, {Header: same}} {
		_, err := s.platform.Post(s.context(), s.bot, []byte(body), options)
		require.NoError(s.t, err)
	}
	maps.Copy(s.marks, s.wire.credentials())
}

// wire keeps what goes over it in both directions.
type wire struct {
	mu      sync.Mutex
	text    bytes.Buffer
	out, in string // the last tokens
}

func (w *wire) front(next http.Handler) http.Handler {
	return http.HandlerFunc(func(writer http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		q.Body = io.NopCloser(bytes.NewReader(body))
		if token, ok := strings.CutPrefix(q.Header.Get("Authorization"), "Bearer "); ok {
			w.keep(&w.in, token, body)
		}
		next.ServeHTTP(writer, q)
	})
}

func (w *wire) back(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(q *http.Request) (*http.Response, error) {
		var body []byte
		if q.Body != nil {
			body, _ = io.ReadAll(q.Body)
			q.Body = io.NopCloser(bytes.NewReader(body))
		}
		token := strings.TrimPrefix(q.Header.Get("Authorization"), "Bearer ")
		w.keep(&w.out, token, body)
		reply, err := next.RoundTrip(q)
		if err == nil {
			body, _ = io.ReadAll(reply.Body)
			_ = reply.Body.Close()
			reply.Body = io.NopCloser(bytes.NewReader(body))
			w.keep(&w.out, token, body)
		}
		return reply, err
	})
}

func (w *wire) keep(token *string, said string, body []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if said != "" {
		*token = said
	}
	w.text.WriteString(said)
	w.text.Write(body)
}

func (w *wire) credentials() map[string]string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return map[string]string{"access token": w.out, "the platform's token": w.in}
}

func (w *wire) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(q *http.Request) (*http.Response, error) { return f(q) }
