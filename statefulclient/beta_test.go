package statefulclient_test

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

// TestBetaActionsAreSentToBeta sends each action, and each way of asking for
// one, that only Graph's beta endpoint has, from a client made for v1.0.
//
// long: a table.
func TestBetaActionsAreSentToBeta(t *testing.T) {
	const beep = "https://cdn.contoso.com/beep.wav"
	const prompt = `{"@odata.type":"#microsoft.graph.mediaPrompt","mediaInfo":{"uri":"` + beep + `"},"loop":3}`
	thrice := resources.NewMediaPrompt(beep)
	thrice.Loop = 3
	for name, example := range map[string]struct {
		path, body string
		act        func(context.Context, *statefulclient.Call) error
	}{
		"mute all": {"/participants/muteAll", `{"clientContext":"mark"}`, func(ctx context.Context, c *statefulclient.Call) error {
			return c.Participants().MuteAll(ctx)
		}},
		"mute some": {
			"/participants/muteAll", `{"clientContext":"mark","participants":["` + lidiaInCall + `","` + miriamThere + `"]}`,
			func(ctx context.Context, c *statefulclient.Call) error {
				return c.Participants().MuteAll(ctx, lidiaInCall, miriamThere)
			},
		},
		"admit all": {"/participants/admitAllFromLobby", `{"clientContext":"mark"}`, func(ctx context.Context, c *statefulclient.Call) error {
			return completed(c.Participants().AdmitAllFromLobby(ctx))
		}},
		"admit": {"/participants/" + lidiaInCall + "/admitFromLobby", `{"clientContext":"mark"}`, func(ctx context.Context, c *statefulclient.Call) error {
			return completed(lidiaIn(c).AdmitFromLobby(ctx))
		}},
		"turn away": {"/participants/" + lidiaInCall + "/removeFromLobby", `{"clientContext":"mark"}`, func(ctx context.Context, c *statefulclient.Call) error {
			return completed(lidiaIn(c).RemoveFromLobby(ctx))
		}},
		"record the meeting": {"/startRecording", `{"clientContext":"mark"}`, func(ctx context.Context, c *statefulclient.Call) error {
			return completed(c.StartRecording(ctx))
		}},
		"stop recording": {"/stopRecording", `{"clientContext":"mark"}`, func(ctx context.Context, c *statefulclient.Call) error {
			return completed(c.StopRecording(ctx))
		}},
		"transcribe": {"/startTranscription", `{"clientContext":"mark","language":"de-DE"}`, func(ctx context.Context, c *statefulclient.Call) error {
			return completed(c.StartTranscription(ctx, "de-DE"))
		}},
		"transcribe in any language": {"/startTranscription", `{"clientContext":"mark"}`, func(ctx context.Context, c *statefulclient.Call) error {
			return completed(c.StartTranscription(ctx, ""))
		}},
		"stop transcribing": {"/stopTranscription", `{"clientContext":"mark"}`, func(ctx context.Context, c *statefulclient.Call) error {
			return completed(c.StopTranscription(ctx))
		}},
		"play three times": {"/playPrompt", `{"clientContext":"mark","prompts":[` + prompt + `]}`, func(ctx context.Context, c *statefulclient.Call) error {
			return completed(c.PlayPrompt(ctx, thrice))
		}},
		"play endlessly": {
			"/playPrompt", `{"clientContext":"mark","loop":true,"prompts":[{"@odata.type":"#microsoft.graph.mediaPrompt","mediaInfo":{"uri":"` + beep + `"}}]}`,
			func(ctx context.Context, c *statefulclient.Call) error {
				return completed(c.PlayPromptEndlessly(ctx, resources.NewMediaPrompt(beep)))
			},
		},
		"hold music three times": {
			"/participants/" + lidiaInCall + "/startHoldMusic", `{"clientContext":"mark","customPrompt":` + prompt + `}`,
			func(ctx context.Context, c *statefulclient.Call) error {
				return completed(lidiaIn(c).StartHoldMusic(ctx, thrice))
			},
		},
		"ask three times, then record": {"/recordResponse", `{"clientContext":"mark","prompts":[` + prompt + `]}`, func(ctx context.Context, c *statefulclient.Call) error {
			return completed(c.RecordResponse(ctx, statefulclient.RecordOptions{Prompt: thrice}))
		}},
		"stream a recording": {"/recordResponse", `{"clientContext":"mark","streamWhileRecording":true}`, func(ctx context.Context, c *statefulclient.Call) error {
			return completed(c.RecordResponse(ctx, statefulclient.RecordOptions{StreamWhileRecording: true}))
		}},
		"redirect masked": {
			"/redirect", `{"targets":[{"@odata.type":"#microsoft.graph.invitationParticipantInfo","identity":{"user":{"id":"` + miriam + `"}}}],` +
				`"callbackUri":"` + documentedCallback + `","maskCaller":true}`,
			func(ctx context.Context, c *statefulclient.Call) error {
				return c.Redirect(ctx, statefulclient.RedirectOptions{MaskCaller: true}, statefulclient.UserIdentity(miriam))
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDocumentedRig(t, statefulclient.Limits{})
			call := d.live("c1")
			d.tell(about("updated", "c1/participants", `[{"id":"`+lidiaInCall+`"}]`))
			d.settled()
			require.NoError(t, example.act(statefulclient.WithClientContext(d.context(), "mark"), call))
			d.requireSent("/beta/communications/calls/c1"+example.path, example.body)
		})
	}
}

// What beta no longer has is no sign that the call has ended.
func TestBetaActionThatIsGoneLeavesTheCall(t *testing.T) {
	r := newRig(t)
	call := r.join(r.platform.AddMeeting(simulator.Meeting{}))
	r.platform.FailNext(simulator.Failure{Path: "/startRecording", Status: http.StatusNotFound})
	_, err := call.StartRecording(r.context())
	var refused *transport.Error
	require.ErrorAs(t, err, &refused)
	require.Contains(t, refused.Remedy(), "may no longer have it")
	r.settled()
	require.Equal(t, resources.CallStateEstablished, call.State())
	require.NoError(t, completed(call.StartRecording(r.context())))
}

func TestMuteAllOnThePlatform(t *testing.T) {
	r := newRig(t)
	adele, alex := r.platform.AddPerson("Adele Vance"), r.platform.AddPerson("Alex Wilber")
	meeting := r.platform.AddMeeting(simulator.Meeting{Organizer: adele})
	adele.Join(meeting)
	alex.Join(meeting)
	call := r.join(meeting)
	muted := newInbox[statefulclient.ParticipantUpdated]()
	statefulclient.On(call, muted.put)
	require.NoError(t, call.Participants().MuteAll(r.context(), alex.ParticipantID()))
	require.Equal(t, "Alex Wilber", muted.next(r).Participant.DisplayName())
	require.NoError(t, call.Participants().MuteAll(r.context()))
	require.Equal(t, "Adele Vance", muted.next(r).Participant.DisplayName())
	require.ErrorAs(t, call.Participants().MuteAll(r.context(), "nobody"), new(*transport.Error))
}

// The bot is in the meeting, and comes three times more, which the meeting's
// lobby holds up.
func TestLobbyIsManagedOnThePlatform(t *testing.T) {
	r := newRig(t)
	adele := r.platform.AddPerson("Adele Vance")
	meeting := r.platform.AddMeeting(simulator.Meeting{Organizer: adele, Lobby: simulator.LobbyForAll})
	adele.Join(meeting)
	host := r.join(meeting)
	require.True(t, meeting.AdmitFromLobby(r.bot))
	admitted, turnedAway, last := r.join(meeting), r.join(meeting), r.join(meeting)
	waiting := func(call *statefulclient.Call) (p *statefulclient.Participant) {
		r.until(func(statefulclient.Stats) bool {
			var listed bool
			p, listed = host.Participants().Get(call.Resource().MyParticipantID)
			return listed && p.Resource().IsInLobby
		})
		return p
	}
	entered := newInbox[statefulclient.LobbyChanged]()
	statefulclient.On(admitted, entered.put)
	statefulclient.On(last, entered.put)
	in := func(e statefulclient.LobbyChanged) bool { return !e.Waiting }

	require.NoError(t, completed(waiting(admitted).AdmitFromLobby(r.context())))
	require.Same(t, admitted, entered.until(r, in).Call)
	require.NoError(t, completed(waiting(turnedAway).RemoveFromLobby(r.context())))
	require.EqualValues(t, 5300, ended(r.context(), t, turnedAway).Subcode)
	require.NoError(t, completed(host.Participants().AdmitAllFromLobby(r.context())))
	require.Same(t, last, entered.until(r, in).Call)
}

func TestMeetingIsRecordedAndTranscribedOnThePlatform(t *testing.T) {
	r := newRig(t)
	adele := r.platform.AddPerson("Adele Vance")
	meeting := r.platform.AddMeeting(simulator.Meeting{Organizer: adele})
	adele.Join(meeting)
	call := r.join(meeting)
	recordings := newInbox[statefulclient.RecordingChanged]()
	statefulclient.On(call, recordings.put)
	require.NoError(t, completed(call.StartRecording(r.context())))
	require.Equal(t, resources.RecordingStatusRecording, recordings.next(r).New)
	require.NoError(t, completed(call.StopRecording(r.context())))
	require.Equal(t, resources.RecordingStatusNotRecording, recordings.next(r).New)

	updates := newInbox[statefulclient.ResourceEvent[resources.Call]]()
	call.OnUpdated(updates.put)
	stands := func(state resources.CallTranscriptionState) func(statefulclient.ResourceEvent[resources.Call]) bool {
		return func(e statefulclient.ResourceEvent[resources.Call]) bool {
			return e.New.Transcription != nil && e.New.Transcription.State == state
		}
	}
	require.NoError(t, completed(call.StartTranscription(r.context(), "en-US")))
	updates.until(r, stands(resources.CallTranscriptionStateActive))
	require.NoError(t, completed(call.StopTranscription(r.context())))
	updates.until(r, stands(resources.CallTranscriptionStateInactive))
}

func TestPromptsAreRepeatedOnThePlatform(t *testing.T) {
	r := newRig(t)
	call := r.call(r.platform.AddPerson("Adele Vance"))
	twice := resources.NewMediaPrompt("https://cdn.contoso.com/beep.wav")
	twice.Loop = 2
	require.NoError(t, completed(call.PlayPrompt(r.context(), twice)))

	endless, err := call.PlayPromptEndlessly(r.context(), twice)
	require.NoError(t, err)
	short, cancel := context.WithTimeout(r.context(), 20*time.Millisecond)
	defer cancel()
	_, err = endless.Wait(short)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.NoError(t, call.CancelMediaProcessing(r.context()))
	_, err = endless.Wait(r.context())
	var cancelled *statefulclient.OperationError
	require.ErrorAs(t, err, &cancelled)
	require.EqualValues(t, 8508, cancelled.Result.Subcode)

	endless, err = call.PlayPromptEndlessly(r.context(), twice)
	require.NoError(t, err)
	require.NoError(t, call.Hangup(r.context()))
	_, err = endless.Wait(r.context())
	require.ErrorAs(t, err, new(*statefulclient.EndedError))
}

func TestRecordingIsStreamedOnThePlatform(t *testing.T) {
	r := newRig(t)
	call := r.call(r.platform.AddPerson("Adele Vance"))
	op, err := call.RecordResponse(r.context(), statefulclient.RecordOptions{
		StreamWhileRecording: true, StopTones: []string{"#"}, MaxDuration: 2 * time.Minute,
	})
	require.NoError(t, err)
	running, err := call.GetOperation(r.context(), op.ID())
	require.NoError(t, err)
	require.Equal(t, resources.OperationStatusRunning, running.Common().Status)
	var sound bytes.Buffer
	_, err = r.client.DownloadRecording(r.context(), running.(*resources.RecordOperation), &sound)
	require.NoError(t, err)
	require.True(t, slices.Equal([]byte("RIFF"), sound.Bytes()[:4]))
	r.platform.Call(call.ID()).PressKey(resources.TonePound)
	_, err = op.Wait(r.context())
	require.NoError(t, err)
}

func TestBetaLimitsAreCheckedBeforeSending(t *testing.T) {
	r := newRig(t)
	call := r.live("c1")
	r.tell(about("updated", "c1/participants", `[{"id":"p1"}]`))
	r.settled()
	backwards := resources.NewMediaPrompt("https://cdn.contoso.com/beep.wav")
	backwards.Loop = -1
	long := statefulclient.WithClientContext(r.context(), string(make([]byte, 257)))
	participant, listed := call.Participants().Get("p1")
	require.True(t, listed)
	for text, refused := range map[string][]error{
		"1 to 20 prompts": {
			second(call.PlayPromptEndlessly(r.context())),
			second(call.PlayPromptEndlessly(r.context(), make([]*resources.MediaPrompt, 21)...)),
		},
		"PlayPromptEndlessly": {
			second(call.PlayPrompt(r.context(), backwards)), second(participant.StartHoldMusic(r.context(), backwards)),
			second(call.RecordResponse(r.context(), statefulclient.RecordOptions{Prompt: backwards})),
		},
		"MediaInfo.URI":        {second(call.PlayPromptEndlessly(r.context(), nil))},
		"empty participant id": {call.Participants().MuteAll(r.context(), "p1", "")},
		"256 is the limit": {
			call.Participants().MuteAll(long), second(call.Participants().AdmitAllFromLobby(long)),
			second(participant.AdmitFromLobby(long)), second(participant.RemoveFromLobby(long)),
			second(call.StartRecording(long)), second(call.StopRecording(long)),
			second(call.StartTranscription(long, "en-US")), second(call.StopTranscription(long)),
		},
	} {
		for _, err := range refused {
			require.ErrorIs(t, err, statefulclient.ErrInvalid, text)
			require.ErrorContains(t, err, text)
		}
	}
	require.Zero(t, r.platform.Stats().Requests)
}
