package reduce_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"
	"unsafe"
	"weak"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/resources"
)

// listening feeds a state with what was decoded, and remembers the texts.
type listening struct {
	t       *testing.T
	reducer *reduce.Reducer
	state   *reduce.State
	texts   []weak.Pointer[byte]
}

// hear takes an input and any string of the text it comes from.
func (l *listening) hear(input reduce.Input, part string) {
	l.t.Helper()
	l.texts = append(l.texts, weak.Make(unsafe.StringData(part)))
	l.state = l.reducer.Reduce(l.state, input).State
}

func (l *listening) told(change, below, data string) {
	l.t.Helper()
	batch, err := resources.DecodeNotifications([]byte(fmt.Sprintf(
		`{"value":[{"changeType":"%s","resourceUrl":"/communications/calls/1%s","resourceData":%s}]}`, change, below, data)))
	require.NoError(l.t, err)
	n := &batch.Value[0]
	path, ok := n.Path()
	require.True(l.t, ok)
	l.hear(reduce.Notified{Path: path, Notification: n}, n.ResourceURL)
}

func decoded[T any](t *testing.T, text string) *T {
	t.Helper()
	resource, err := resources.Decode[T]([]byte(text))
	require.NoError(t, err)
	return resource
}

func (l *listening) requireGone() {
	l.t.Helper()
	for i, text := range l.texts {
		require.Eventually(l.t, func() bool { runtime.GC(); return text.Value() == nil }, 5*time.Second, time.Millisecond, "text %d", i)
	}
	runtime.KeepAlive(l.state)
}

// A call that lives for hours must not keep alive all that it was told.
//
// long: a table of what is heard.
func TestStateKeepsNoText(t *testing.T) {
	const (
		group   = `{"@odata.type":"#microsoft.graph.audioRoutingGroup","id":"%s","routingMode":"%s","sources":["one"]}`
		session = `[{"@odata.type":"#microsoft.graph.contentSharingSession","id":"%s","later":%d}]`
		prompt  = `{"@odata.type":"#microsoft.graph.playPromptOperation","id":"%s","clientContext":"%s","status":"%s","resultInfo":{"message":"fine"}}`
		person  = `{"id":"%s","metadata":"%s","info":{"region":"there","later":1}}`
	)
	for name, hear := range map[string]func(l *listening){
		"facts": func(l *listening) {
			l.told("updated", "", `{"state":"establishing","subject":"first","@odata.etag":"one etag","later":1,"chatInfo":{"threadId":"thread"}}`)
			l.told("updated", "", `{"state":"established","subject":"second","@odata.etag":"another etag","later":2,"latest":3,"terminationReason":"none"}`)
		},
		"keys": func(l *listening) {
			for _, id := range []int{1, 2, 7, 5, 3, 2} {
				l.told("updated", "", fmt.Sprintf(`{"state":"established","toneInfo":{"sequenceId":%d,"tone":"strange","later":1}}`, id))
			}
		},
		"end": func(l *listening) {
			l.told("deleted", "", `{"state":"terminated","terminationReason":"because","resultInfo":{"code":500,"message":"broken"}}`)
		},
		"reply": func(l *listening) {
			call := decoded[resources.Call](l.t, `{"id":"1","state":"established","subject":"first","myParticipantId":"me"}`)
			l.hear(reduce.Replied{Call: call}, call.ID)
		},
		"fetched": func(l *listening) {
			l.told("updated", "", `{"state":"established","meetingInfo":{"@odata.type":"#microsoft.graph.tokenMeetingInfo","token":"secret"}}`)
			call := decoded[resources.Call](l.t, `{"id":"1","state":"established","subject":"first","tenantId":null}`)
			people := decoded[resources.ParticipantsReply](l.t, `{"value":[`+fmt.Sprintf(person, "a", "new")+`]}`).Value
			l.hear(reduce.Fetched{Since: l.state, Call: call}, call.ID)
			l.hear(reduce.Fetched{Since: l.state, Listed: true, People: people}, people[0].ID)
		},
		"roster": func(l *listening) {
			l.told("updated", "/participants", `[`+fmt.Sprintf(person, "a", "new")+`,`+fmt.Sprintf(person, "b", "new")+`,{"info":{"identity":{"phone":{"id":"+1"}}}}]`)
			l.told("updated", "/participants", `[`+fmt.Sprintf(person, "a", "other")+`,`+fmt.Sprintf(person, "b", "new")+`,`+fmt.Sprintf(person, "c", "new")+`]`)
		},
		"changes of the roster": func(l *listening) {
			for _, number := range []int{1, 4, 2} {
				l.told("updated", "/participants", fmt.Sprintf(`{"@odata.type":"#microsoft.graph.deltaParticipants","sequenceNumber":%d,"participants":[%s,%s]}`,
					number, fmt.Sprintf(person, "a", fmt.Sprint("then", number)), fmt.Sprintf(person, fmt.Sprint("p", number), "new")))
			}
		},
		"operations": func(l *listening) {
			l.told("deleted", "/operations/early", fmt.Sprintf(prompt, "early", "mark", "completed"))
			l.state = l.reducer.Reduce(l.state, reduce.Asked{ClientContext: "asked"}).State
			operation, err := resources.DecodeOperation([]byte(fmt.Sprintf(prompt, "granted", "asked", "running")))
			require.NoError(l.t, err)
			l.hear(reduce.Granted{ClientContext: "asked", Operation: operation}, operation.Common().ID)
		},
		"sessions": func(l *listening) {
			l.told("created", "/contentSharingSessions", fmt.Sprintf(session, "s", 1))
			l.told("created", "/contentSharingSessions", fmt.Sprintf(session, "t", 1))
			l.told("updated", "/contentSharingSessions", fmt.Sprintf(session, "t", 2))
			l.told("created", "/contentSharingSessions", fmt.Sprintf(session, "u", 1))
			l.told("deleted", "/contentSharingSessions", fmt.Sprintf(session, "s", 1))
		},
		"groups": func(l *listening) {
			l.told("created", "/audioRoutingGroups", `[`+fmt.Sprintf(group, "g", "oneToOne")+`]`)
			l.told("updated", "/audioRoutingGroups", `[`+fmt.Sprintf(group, "g", "strange")+`]`)
			replied := decoded[resources.AudioRoutingGroup](l.t, fmt.Sprintf(group, "h", "multicast"))
			l.hear(reduce.Grouped{Group: replied}, replied.ID)
			listed := decoded[resources.AudioRoutingGroup](l.t, fmt.Sprintf(group, "g", "multicast"))
			l.hear(reduce.GroupsListed{Groups: []resources.AudioRoutingGroup{*listed}}, listed.ID)
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := &listening{t: t, reducer: reduce.NewReducer(), state: reduce.New("1")}
			hear(l)
			l.requireGone()
		})
	}
}
