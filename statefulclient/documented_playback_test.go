package statefulclient_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// playback is one POST of an example and what must come of it.
type playback struct {
	post      string
	status    int      // 202 unless set
	edges     []string // told because of it
	people    []string // in the roster afterwards
	unmatched int      // handed to OnUnmatched because of it
}

type documentedPlayback struct {
	name, script string
	place        placing // what the example begins with, where that is the bot
	posts        []playback
}

var documentedPlaybacks = []documentedPlayback{
	{
		name: "answer, one etag for all", script: "answer-service",
		posts: []playback{
			{post: "incoming", edges: []string{" → incoming"}},
			{post: "establishing", edges: []string{"incoming → establishing"}},
			{post: "established", edges: []string{"establishing → established"}},
		},
	},
	{
		name: "answer, everything sent twice", script: "answer-service",
		posts: []playback{
			{post: "incoming", edges: []string{" → incoming"}},
			{post: "incoming"},
			{post: "establishing", edges: []string{"incoming → establishing"}},
			{post: "establishing"},
			{post: "established", edges: []string{"establishing → established"}},
			{post: "established"},
			{post: "establishing"},
			{post: "incoming"},
		},
	},
	{
		name: "answer, established and establishing out of order", script: "answer-service",
		posts: []playback{
			{post: "incoming", edges: []string{" → incoming"}},
			{post: "established", edges: []string{"incoming → established [establishing]"}},
			{post: "establishing"},
		},
	},
	{
		name: "answer, content shared", script: "answer-app",
		posts: []playback{
			{post: "incoming", edges: []string{" → incoming"}},
			{post: "establishing", edges: []string{"incoming → establishing"}},
			{post: "established", edges: []string{"establishing → established"}},
			{post: "content sharing started"},
			{post: "content sharing ended"},
		},
	},
	{
		name: "answer, content shared among other news in one POST", script: "answer-app",
		posts: []playback{
			{post: "incoming", edges: []string{" → incoming"}},
			{
				post:   "content sharing among others",
				edges:  []string{"incoming → establishing", "establishing → established"},
				people: []string{lidiaInCall, botInCall},
			},
		},
	},
	{
		name: "answer, policy-based recording", script: "answer-recording",
		posts: []playback{
			{post: "incoming", edges: []string{" → incoming"}},
			{post: "establishing", edges: []string{"incoming → establishing"}},
			{post: "established", edges: []string{"establishing → established"}},
		},
	},
	{
		name: "incoming call, legacy format, then Graph's", script: "incoming",
		posts: []playback{
			{post: "legacy", status: http.StatusNoContent},
			{post: "incoming", edges: []string{" → incoming"}},
			{post: "established", edges: []string{"incoming → established [establishing]"}},
		},
	},
	{
		name: "incoming call, not JSON as the page prints it", script: "incoming",
		posts: []playback{{post: "as printed", status: http.StatusBadRequest}},
	},
	{
		name: "peer-to-peer call", script: "create-peer-service", place: callPeer(nil, serviceHosted(), nil),
		posts: []playback{
			{post: "establishing"},
			{post: "established", edges: []string{"establishing → established"}},
		},
	},
	{
		name: "peer-to-peer call, content shared, with data", script: "create-peer-options", place: callPeer(nil, serviceHosted(), nil),
		posts: []playback{
			{post: "established", edges: []string{"establishing → established"}},
			{post: "content sharing started"},
			{post: "content sharing changed"},
			{post: "content sharing ended"},
		},
	},
	{
		name: "group call", script: "create-group-app", place: callGroup("Stand-up", appHosted()),
		posts: []playback{
			{post: "establishing"},
			{post: "established", edges: []string{"establishing → established"}},
			{post: "roster", people: []string{miriamThere, lidiaInCall, botInCall}},
		},
	},
	{
		name: "scheduled meeting, roster before the state", script: "join-scheduled-service", place: join(meetingChat(), prefetching()),
		posts: []playback{
			{post: "roster", people: []string{lidiaInCall, botInCall}},
			{post: "established", people: []string{lidiaInCall, botInCall}, edges: []string{"establishing → established"}},
			{post: "establishing", people: []string{lidiaInCall, botInCall}},
		},
	},
	{
		name: "channel meeting as guest", script: "join-channel-guest", place: joinAsGuest(channelChat(), prefetching()),
		posts: []playback{
			{post: "establishing"},
			{post: "established", edges: []string{"establishing → established"}},
			{post: "roster", people: []string{botInCall}},
			{post: "roster once admitted", people: []string{lidiaInCall, botInCall}},
		},
	},
}

func TestDocumentedPlayback(t *testing.T) {
	for _, example := range documentedPlaybacks {
		t.Run(example.name, func(t *testing.T) {
			d, s := newDocumentedRig(t, statefulclient.Limits{}), readScript(t, example.script)
			if example.place != nil {
				d.service.replyWith(s["reply"])
				_, err := example.place(d.context(), d.client.Calls(), documentedCast)
				require.NoError(t, err)
				d.settled()
				require.Equal(t, []string{" → establishing"}, d.told())
			}
			for _, want := range example.posts {
				d.play(s, want)
			}
		})
	}
}

func (d *documentedRig) play(s script, want playback) {
	d.t.Helper()
	if want.status == 0 {
		want.status = http.StatusAccepted
	}
	got := playback{post: want.post, status: d.post(s[want.post]), edges: d.told(), people: d.people()}
	for len(d.unmatched) > 0 {
		<-d.unmatched
		got.unmatched++
	}
	require.Equal(d.t, want, got)
}
