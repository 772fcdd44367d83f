package statefulclient_test

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/media"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

var errStackDown = errors.New("the stack is down")

// session is the near end of a media stack that is down, or not.
type session struct {
	down   error
	asked  atomic.Int32
	closed chan struct{}
	close  func() error
}

func newSession() *session { return &session{closed: make(chan struct{}, 10)} }

func (s *session) Blob(ctx context.Context) (string, error) {
	s.asked.Add(1)
	return "opaque", errors.Join(s.down, ctx.Err())
}

func (*session) Modalities() []resources.Modality {
	return []resources.Modality{resources.ModalityAudio, resources.ModalityVideo}
}

func (s *session) Close() error {
	s.closed <- struct{}{}
	if s.close != nil {
		return s.close()
	}
	return nil
}

// requireSpent checks that the session was asked so often, and closed once.
func (s *session) requireSpent(r *rig, asked int) {
	r.t.Helper()
	inbox[struct{}](s.closed).next(r)
	r.settled()
	require.Empty(r.t, s.closed, "closed once")
	require.EqualValues(r.t, asked, s.asked.Load())
}

// withSession are the ways to bring a session into a call: by an answer, into a
// meeting, and with a call placed.
func withSession(r *rig) map[string]func(media.Session) (*statefulclient.Call, error) {
	r.t.Helper()
	ringing := newInbox[statefulclient.IncomingCall]()
	r.client.Calls().OnIncoming(ringing.put)
	adele := r.platform.AddPerson("Adele Vance")
	coordinates, err := statefulclient.ParseJoinURL(r.platform.AddMeeting(simulator.Meeting{Organizer: adele}).JoinURL())
	require.NoError(r.t, err)
	return map[string]func(media.Session) (*statefulclient.Call, error){
		"answer": func(s media.Session) (*statefulclient.Call, error) {
			r.platform.AddPerson("Alex Wilber").Call(r.bot)
			call := ringing.next(r).Call
			return call, call.Answer(r.context(), statefulclient.AnswerOptions{MediaSession: s})
		},
		"join": func(s media.Session) (*statefulclient.Call, error) {
			meeting := coordinates
			meeting.MediaSession = s
			return r.client.Calls().Join(r.context(), meeting)
		},
		"add": func(s media.Session) (*statefulclient.Call, error) {
			return r.client.Calls().AddWithMedia(r.context(), statefulclient.CallTo(adele.TenantID, statefulclient.UserIdentity(adele.ID)), s)
		},
	}
}

func TestMediaSessionLivesAsLongAsItsCall(t *testing.T) {
	r := newRig(t)
	for name, bring := range withSession(r) {
		s := newSession()
		call, err := bring(s)
		require.NoError(t, err, name)
		require.NoError(t, call.WaitFor(r.context(), resources.CallStateEstablished))
		var asked string
		for _, e := range r.platform.Call(call.ID()).Exchanges() {
			if !e.ToBot {
				asked += string(e.RequestBody)
			}
		}
		require.Contains(t, asked, `"blob":"opaque"`, name)
		require.Contains(t, asked, `odalities":["audio","video"]`, name)
		require.Empty(t, s.closed, name)
		require.NoError(t, call.Hangup(r.context()))
		ended(r.context(), t, call)
		s.requireSpent(r, 1)
	}
}

func TestMediaSessionOfACallThatNeverCameToBeIsClosed(t *testing.T) {
	r := newRig(t)
	for name, bring := range withSession(r) {
		down := newSession()
		down.down = errStackDown
		_, err := bring(down)
		require.ErrorIs(t, err, errStackDown, name)
		require.Len(t, down.closed, 1, "before the error is returned")
		down.requireSpent(r, 1)

		refused := newSession()
		for _, path := range []string{"/answer", "/calls"} {
			r.platform.FailNext(simulator.Failure{Path: path, Status: http.StatusForbidden})
		}
		_, err = bring(refused)
		require.ErrorAs(t, err, new(interface{ Remedy() string }), name)
		refused.requireSpent(r, 1)
		r.platform.Heal()
	}
}

func TestMediaSessionIsNotAskedInVain(t *testing.T) {
	r := newRig(t)
	call := r.ringing("c1")
	both, nowhere, wrong := newSession(), newSession(), newSession()
	require.ErrorIs(t, call.Answer(r.context(), statefulclient.AnswerOptions{
		MediaSession: both, MediaConfig: &resources.ServiceHostedMediaConfig{},
	}), statefulclient.ErrInvalid)
	both.requireSpent(r, 0)
	_, err := r.client.Calls().Join(r.context(), statefulclient.JoinMeeting{MediaSession: nowhere})
	require.ErrorIs(t, err, statefulclient.ErrInvalid)
	nowhere.requireSpent(r, 0)
	_, err = r.client.Calls().AddWithMedia(r.context(), resources.Call{}, wrong)
	require.ErrorIs(t, err, statefulclient.ErrInvalid)
	wrong.requireSpent(r, 0)
	_, err = r.client.Calls().AddWithMedia(r.context(), resources.Call{}, nil)
	require.ErrorIs(t, err, statefulclient.ErrInvalid)
}

// The call is over before the reply to its answer is back: nobody else would
// close the session.
func TestMediaSessionOfACallThatIsOverBeforeTheReply(t *testing.T) {
	r, _ := newEchoRig(t, `{}`)
	call := r.ringing("c1")
	r.tell(terminated("c1"))
	ended(r.context(), t, call)
	s := newSession()
	require.NoError(t, call.Answer(r.context(), statefulclient.AnswerOptions{MediaSession: s}))
	s.requireSpent(r, 1)
}

// The trouble of a stack that is asked to give a session up is logged, counted
// and told, and disturbs nothing.
func TestMediaSessionThatDoesNotClose(t *testing.T) {
	r := newRig(t)
	panics := newInbox[statefulclient.HandlerPanic]()
	r.client.OnHandlerPanic(panics.put)
	for _, trouble := range []func() error{func() error { return errStackDown }, func() error { panic("not today") }} {
		s := newSession()
		s.close = trouble
		call, err := withSession(r)["add"](s)
		require.NoError(t, err)
		require.NoError(t, call.Hangup(r.context()))
		s.requireSpent(r, 1)
	}
	require.Equal(t, "MediaSession.Close", panics.next(r).Handler)
	require.EqualValues(t, 1, r.client.Stats().HandlerPanics)
}

func TestMediaSessionsEndWithTheClient(t *testing.T) {
	t.Run("close", func(t *testing.T) {
		r := newRig(t)
		s := newSession()
		_, err := withSession(r)["add"](s)
		require.NoError(t, err)
		r.client.Close()
		s.requireSpent(r, 1)
	})
	t.Run("shutdown waits", func(t *testing.T) {
		r := newRig(t)
		s := newSession()
		var gone atomic.Bool
		release := make(chan struct{})
		s.close = func() error { <-release; gone.Store(true); return nil }
		_, err := withSession(r)["join"](s)
		require.NoError(t, err)
		down := make(chan error, 1)
		go func() { down <- r.client.Shutdown(r.context()) }()
		inbox[struct{}](s.closed).next(r)
		require.Empty(t, down)
		close(release)
		require.NoError(t, <-down)
		require.True(t, gone.Load())
	})
}
