package trace_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/trace"
)

const (
	callID = "481F0B00-0000-4000-8000-0123456789AB"
	userID = "2f1b4a5c-1111-4222-8333-944444444444"
)

// told is a story with everything in it that is personal.
func told(t testing.TB) *recorded {
	r := newRecorded(t, callID)
	url := `"changeType":"updated","resource":"/app/calls/` + callID + `","resourceUrl":"https://graph.contoso.com/v1.0/communications/calls/` + callID
	r.notify(
		`{`+url+`","callbackUri":"https://bot.contoso.com/api/calls?route=signed","resourceData":{"@odata.type":"#microsoft.graph.call","state":"incoming","subject":"Salary of Adele","tenantId":"7e7e7e7e-1111-4222-8333-944444444444","@odata.etag":"W/\"17\"",
			"source":{"identity":{"user":{"id":"`+userID+`","displayName":"Adele Vance"},"phone":{"id":"+4930123456"}},"countryCode":"DE","languageId":"de-DE","region":"emea"},
			"chatInfo":{"threadId":"19:meeting_Adele@thread.v2","messageId":"1234567"},"resultInfo":{"code":200,"subcode":0,"message":"Adele is away"},
			"futureThing":{"state":"Adele","code":4930123456,"Adele":["adele@contoso.com",4930123456,true,null]},"phoneOf4930123456":"x","isMuted":"Adele"}}`,
		`{`+url+`/participants","resourceData":[{"@odata.type":"#microsoft.graph.participant","id":"`+userID+`","info":{"identity":{"user":{"id":"`+strings.ToUpper(strings.ReplaceAll(userID, "-", ""))+`","displayName":"Adele Vance"}}},"metadata":"Adele's"},
			{"@odata.type":"#microsoft.graph.participant","info":{"identity":{"phone":{"id":"+4930123456"}}}}]}`,
		`{`+url+`","resourceData":{"@odata.type":"#microsoft.graph.call","state":"established","toneInfo":{"sequenceId":1,"tone":"tone7"}}}`,
		`{`+url+`","resourceData":{"@odata.type":"#microsoft.graph.call","state":"established","toneInfo":{"tone":"TONE7","sequenceId":2}}}`,
		`{`+url+`","resourceData":{"@odata.type":"#microsoft.graph.call","state":"established","toneInfo":{"sequenceId":3,"tone":"pound"}}}`,
		`{`+url+`","resourceData":{"@odata.type":"#microsoft.graph.call","state":"established","toneInfo":{"sequenceId":9,"tone":"tone7"}}}`,
	)
	r.hear(reduce.Asked{ClientContext: "play for Adele"})
	r.hear(reduce.Granted{ClientContext: "play for Adele", Operation: &resources.RecordOperation{
		CommsOperation:    resources.CommsOperation{ID: "Adele-op", ClientContext: "play for Adele", Status: resources.OperationStatusCompleted},
		RecordingLocation: "https://files.contoso.com/Adele.wav?sig=signed", RecordingAccessToken: "tell-nobody",
	}})
	r.hear(reduce.Fetched{Since: r.state, Listed: true, People: []resources.Participant{{ID: userID}, {ID: "Adele-2"}}})
	r.hear(reduce.Grouped{Group: &resources.AudioRoutingGroup{ID: "Adele-group", Receivers: []string{userID}}})
	r.hear(reduce.Ungrouped{ID: "Adele-group"})
	r.present = true
	r.notify(`{` + url + `","resourceData":{"@odata.type":"#microsoft.graph.call","state":"terminated","resultInfo":{"code":487,"message":"by Adele"}}}`)
	require.NoError(t, r.writer.Write(&trace.Entry{Kind: trace.KindUnmatched, Call: "Adele's", Message: "Adele-m", About: "noCall", Data: json.RawMessage(`{"resource":"/app/users/Adele","resourceData":["Adele"]}`)}))
	return r
}

func TestNothingPersonalIsLeft(t *testing.T) {
	r := told(t)
	plain := r.requireReplayed()
	text, clean := r.requireSanitized()
	for _, personal := range []string{"adele", "contoso", "4930123456", "12345", "salary", "emea", "de-de", callID, userID, userID[:8], callID[:8], "7e7e7e7e", "play for", "m-1", "signed", "tell-nobody"} {
		require.NotContains(t, strings.ToLower(text), strings.ToLower(personal))
	}
	for _, kept := range []string{`"sanitized":true`, `"@odata.etag":"W/\"17\""`, `"code":487`, `"sequenceId":9`, `@thread.v2"`, `"changeType":"updated"`, "2027-01-15T08:00:01"} {
		require.Contains(t, text, kept)
	}
	require.Equal(t, plain.Calls[0].States(), clean.Calls[0].States())
	require.Equal(t, plain.Lines, clean.Lines)
	require.Len(t, clean.Calls[0].Participants(), len(plain.Calls[0].Participants()))
}

// The same is replaced by the same, however it was spelt, and another time by
// something else.
func TestPseudonymsAreConsistentWithinATrace(t *testing.T) {
	r := told(t)
	text, clean := r.requireSanitized()
	again, _ := r.requireSanitized()
	require.NotEqual(t, text, again)
	user := clean.Calls[0].Resource().Source.Identity.User
	require.Regexp(t, `^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`, user.ID)
	require.NotContains(t, again, user.ID)
	var listed *resources.Participant
	for _, person := range clean.Calls[0].Participants() {
		if person.ID == user.ID {
			listed = person
		}
	}
	require.NotNil(t, listed)
	require.Equal(t, user.DisplayName, listed.Info.Identity.User.DisplayName)
	require.Regexp(t, `^[0-9A-F]{32}$`, listed.Info.Identity.User.ID)
	require.Equal(t, user.ID, resources.Key(listed.Info.Identity.User.ID))
	require.Regexp(t, `^[0-9A-F]{8}-`, clean.Calls[0].ID)
	require.Regexp(t, `^\+999[0-9]{11}$`, clean.Calls[0].Resource().Source.Identity.Phone.ID)
}

// A PIN cannot be read out of the keys that are left, nor which of its digits are
// the same; those that are no digits stay.
func TestPressedDigitsTellNothing(t *testing.T) {
	r := told(t)
	digits, alike := map[string]bool{}, 0
	for range 60 {
		_, clean := r.requireSanitized()
		var pressed []string
		for _, e := range clean.Calls[0].Events {
			if e.Kind == "tone" {
				pressed = append(pressed, e.To)
			}
		}
		require.Len(t, pressed, 4)
		require.Equal(t, "pound", pressed[2])
		digits[pressed[0]] = true
		if pressed[0] == pressed[1] {
			alike++
		}
	}
	require.Greater(t, len(digits), 5)
	require.Less(t, alike, 30)
}

// What must be replayed otherwise is not written as if it were the same.
func TestDifferencesSurviveSanitizing(t *testing.T) {
	for _, what := range []string{"state", "verdict"} {
		r := newRecorded(t, "c1")
		r.notify(ringing, people, over)
		text := changed(t, &r.text, 4, func(e *trace.Entry) {
			if what == "state" {
				e.Digest = strings.Repeat("0", 24)
			} else {
				e.Verdict = "stale"
			}
		})
		var clean bytes.Buffer
		require.NoError(t, trace.Sanitize(&clean, text))
		result, err := trace.Replay(&clean)
		require.NoError(t, err)
		require.NotNil(t, result.Difference)
		require.Equal(t, what, result.Difference.What)
	}
}

// Nothing that opens a door gets into a trace, sanitized or not. Whether two
// credentials are the same is all that stays, for facts that change are told.
func TestCredentialsNeverGetIn(t *testing.T) {
	const secret = "T0p-S3cret"
	r := newRecorded(t, "c1")
	url := `{"changeType":"updated","resourceUrl":"/communications/calls/c1`
	r.notify(
		url+`","resourceData":{"@odata.type":"#microsoft.graph.call","state":"established","callbackUri":"https://bot/api?route=7.s.`+secret+`","meetingInfo":{"@odata.type":"#microsoft.graph.tokenMeetingInfo","token":"`+secret+`"},"mediaConfig":{"@odata.type":"#microsoft.graph.appHostedMediaConfig","blob":"`+secret+`"}}}`,
		url+`","resourceData":{"@odata.type":"#microsoft.graph.call","meetingInfo":{"@odata.type":"#microsoft.graph.tokenMeetingInfo","token":"`+secret+`"}}}`,
		url+`","resourceData":{"@odata.type":"#microsoft.graph.call","meetingInfo":{"@odata.type":"#microsoft.graph.tokenMeetingInfo","TOKEN":"another `+secret+`"}}}`,
		url+`","resourceData":{"@odata.type":"#microsoft.graph.call","meetingInfo":{"@odata.type":"#microsoft.graph.joinMeetingIdMeetingInfo","passcode":"`+secret+`"}}}`,
		url+`","resourceData":{"@odata.type":"#microsoft.graph.call","future":{"accessToken":{"value":["`+secret+`",12345678]},"to\u006ben":"`+secret+`"},"note":"Bearer `+secret+`","jwt":"eyJ`+secret+`.eyJ.x"}}`,
		url+`/operations/o1","resourceData":{"@odata.type":"#microsoft.graph.recordOperation","id":"o1","status":"completed","recordingLocation":"https://files/x?sig=`+secret+`","recordingAccessToken":"`+secret+`"}}`,
	)
	r.present = true
	r.notify(over)
	require.NotContains(t, r.text.String(), secret)
	require.NotContains(t, r.text.String(), "12345678")
	require.Contains(t, r.text.String(), "https://files/x?secret-")
	r.requireReplayed()
	text, _ := r.requireSanitized()
	require.NotContains(t, text, "secret-")
}

// Whoever adds a property to a resource says here whether it is personal.
func TestEveryPropertyOfTheWireHasItsKind(t *testing.T) {
	known := trace.KnownProperties()
	seen := map[reflect.Type]bool{}
	var look func(of reflect.Type)
	look = func(of reflect.Type) {
		switch of.Kind() {
		case reflect.Pointer, reflect.Slice:
			look(of.Elem())
		case reflect.Struct:
			if seen[of] || !strings.HasSuffix(of.PkgPath(), "/resources") {
				return
			}
			seen[of] = true
			for field := range of.Fields() {
				if name := field.Tag.Get("json"); name != "" {
					require.True(t, slices.Contains(known, strings.ToLower(name)), "%s.%s", of, name)
				}
				look(field.Type)
			}
		}
	}
	for _, of := range []any{
		resources.Notification{}, resources.Call{}, resources.Participants{}, resources.DeltaParticipants{}, resources.OperationData{},
		resources.PlayPromptOperation{}, resources.RecordOperation{}, resources.InviteParticipantsOperation{}, resources.SendDtmfTonesOperation{},
		resources.MuteParticipantsOperation{}, resources.ContentSharingSessions{}, resources.AudioRoutingGroups{}, resources.ParticipantJoiningNotification{},
		resources.ParticipantLeftNotification{}, resources.RealTimeTranscript{}, resources.CallEvent{}, resources.OrganizerMeetingInfo{},
		resources.TokenMeetingInfo{}, resources.JoinMeetingIDMeetingInfo{}, resources.ServiceHostedMediaConfig{}, resources.AppHostedMediaConfig{},
	} {
		look(reflect.TypeOf(of))
	}
	require.Greater(t, len(seen), 40)
}

func TestSanitizedTextIsStillJSON(t *testing.T) {
	text, _ := told(t).requireSanitized()
	for line := range strings.Lines(text) {
		require.True(t, json.Valid([]byte(line)))
	}
	require.NotRegexp(t, `"displayName":"[^x"]`, text)
}

// Whatever the platform sends replays as it was, and does so without what is
// personal in it.
func FuzzSanitize(f *testing.F) {
	f.Add(`{"@odata.type":"#microsoft.graph.call","state":"established","subject":"a","future":[1,"b"]}`, `{"state":"hold","subject":"a","future":[1,"c"]}`)
	f.Add(`[{"id":"p1","isMuted":"true","rosterSequenceNumber":"3"}]`, `[{"id":"P1","info":{"identity":{"phone":{"id":"+1"}}}}]`)
	f.Add(`[{"sequenceNumber":2,"participants":[{"id":"p1"}]}]`, `[{"sequenceNumber":1,"participants":[{"id":"p1","removedState":{"reason":"Removed"}}]}]`)
	f.Add(`{"status":"completed","clientContext":"m","resultInfo":{"code":"200"}}`, `{"@odata.etag":"W/\"abc\"","toneInfo":{"sequenceId":1,"tone":"tone1"}}`)
	f.Fuzz(func(t *testing.T, one, two string) {
		r := newRecorded(t, "c1")
		for _, path := range []string{"", "/participants", "/operations/o1"} {
			for _, data := range []string{one, two, one} {
				batch, err := resources.DecodeNotifications([]byte(`{"value":[{"changeType":"updated","resourceUrl":"/communications/calls/c1` + path + `","resourceData":` + data + `}]}`))
				if err != nil || len(batch.Value) != 1 {
					return
				}
				at, ok := batch.Value[0].Path()
				if !ok {
					return
				}
				r.hear(reduce.Notified{Path: at, Notification: &batch.Value[0]})
			}
		}
		r.requireReplayed()
		r.requireSanitized()
	})
}
