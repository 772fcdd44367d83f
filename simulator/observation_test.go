package simulator_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

// recorded is a meeting of somebody whose recorder has answered with a
// capacity.
func (b *handBot) recorded(capacity int, people ...*simulator.Person) (*simulator.Call, *simulator.Meeting) {
	b.t.Helper()
	b.platform.Tenant().SetRecordingPolicy(b.bot, people...)
	meeting := b.platform.AddMeeting(simulator.Meeting{Organizer: people[0]})
	people[0].Join(meeting)
	call := b.platform.Calls()[0]
	b.settle()
	body := b.answering()
	if capacity > 0 {
		body["participantCapacity"] = capacity
	}
	require.Equal(b.t, http.StatusAccepted, b.act(call, "/answer", body).status)
	b.settle()
	return call, meeting
}

// joining answers joining participants with this body, and others with 202.
func (b *handBot) decide(body string) {
	b.respondWith(func(w http.ResponseWriter, _ *http.Request, p post) {
		if p.data()["@odata.type"] != "#microsoft.graph.participantJoiningNotification" {
			w.WriteHeader(http.StatusAccepted)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, body)
	})
}

func TestRecordingByPolicyBeginsWithACall(t *testing.T) {
	b := newHandBot(t)
	adele := b.platform.AddPerson("Adele Vance")
	call, meeting := b.recorded(0, adele)
	invitation := b.received()[0]
	require.Equal(t, "/api/calls", invitation.path)
	data := invitation.data()
	require.Equal(t, "incoming", data["state"])
	require.Equal(t, "#microsoft.graph.tokenMeetingInfo", at(data, "meetingInfo", "@odata.type"))
	require.Equal(t, meeting.JoinToken, at(data, "meetingInfo", "token"))
	require.Equal(t, adele.ParticipantID(), at(data, "incomingContext", "observedParticipantId"))
	require.Equal(t, adele.ParticipantID(), at(data, "incomingContext", "sourceParticipantId"))
	require.Equal(t, []any{"PolicyBasedRecording"}, at(data, "applicationMetadata", "botData", "inviteReasons"))
	target := data["targets"].([]any)[0].(map[string]any)
	require.Equal(t, b.bot.InstanceID, at(target, "identity", "applicationInstance", "id"))
	require.Len(t, meeting.Participants(), 1, "recorders are hidden")
	require.Equal(t, []string{adele.ParticipantID()}, call.Facts().Observed)

	answer := b.act(call, "/updateRecordingStatus", map[string]any{"status": "recording", "clientContext": "mine"})
	require.Equal(t, http.StatusOK, answer.status, string(answer.body))
	require.Equal(t, "completed", answer.text("status"))
	require.Contains(t, answer.value, "resultInfo")
	require.NotEmpty(t, answer.header.Get("Location"))
	require.Equal(t, resources.RecordingStatusRecording, call.Facts().RecordingStatus)
	require.Equal(t, resources.RecordingStatusRecording, meeting.Participants()[0].RecordingInfo.RecordingStatus)

	adele.Leave()
	<-call.Done()
}

func TestRecordersHaveFiveSeconds(t *testing.T) {
	b := newHandBot(t, func(o *simulator.Options) { o.RecordingAnswerWindow = 30 * time.Millisecond })
	adele := b.platform.AddPerson("Adele Vance")
	b.platform.Tenant().SetRecordingPolicy(b.bot, adele)
	adele.Join(b.platform.AddMeeting(simulator.Meeting{}))
	<-b.platform.Calls()[0].Done()
}

func TestCapacityBringsJoiningNotifications(t *testing.T) {
	b := newHandBot(t)
	adele, alex, megan := b.platform.AddPerson("Adele Vance"), b.platform.AddPerson("Alex Wilber"), b.platform.AddPerson("Megan Bowen")
	call, meeting := b.recorded(2, adele, alex, megan)
	b.decide(`{"@odata.type":"#microsoft.graph.acceptJoinResponse"}`)
	heard := len(b.received())

	alex.Join(meeting)
	b.settle()
	joining := b.received()[heard]
	require.Equal(t, "created", joining.value["changeType"])
	require.Equal(t, "/communications/calls/"+call.ID(), joining.value["resourceUrl"])
	require.Equal(t, alex.ParticipantID(), at(joining.data(), "call", "incomingContext", "observedParticipantId"))
	require.Equal(t, []string{adele.ParticipantID(), alex.ParticipantID()}, call.Facts().Observed)
	require.Len(t, b.platform.Calls(), 1)

	megan.Join(meeting)
	b.settle()
	require.Len(t, b.platform.Calls(), 2, "the capacity is reached: a new incoming call")

	left := alex.ParticipantID()
	alex.Leave()
	b.settle()
	found := false
	for _, delivery := range call.Deliveries() {
		if data, ok := delivery.Notification().Data.(*resources.ParticipantLeftNotification); ok {
			found = true
			require.Equal(t, left, data.ParticipantID)
		}
	}
	require.True(t, found)
	require.Equal(t, []string{adele.ParticipantID()}, call.Facts().Observed)
	adele.Leave()
	<-call.Done()
}

func TestRefusingAParticipantOrSendingAnotherBot(t *testing.T) {
	b := newHandBot(t)
	adele, alex, megan := b.platform.AddPerson("Adele Vance"), b.platform.AddPerson("Alex Wilber"), b.platform.AddPerson("Megan Bowen")
	call, meeting := b.recorded(5, adele, alex, megan)
	b.decide(`{"@odata.type":"#microsoft.graph.rejectJoinResponse","reason":"busy"}`)
	alex.Join(meeting)
	b.settle()
	require.Len(t, call.Facts().Observed, 1)
	require.Len(t, b.platform.Calls(), 1)

	b.decide(`{"@odata.type":"#microsoft.graph.inviteNewBotResponse","inviteUri":"` + b.url + `/elsewhere"}`)
	megan.Join(meeting)
	b.settle()
	require.Len(t, b.platform.Calls(), 2)
	found := false
	for _, p := range b.received() {
		found = found || strings.HasSuffix(p.path, "/elsewhere") && p.data()["state"] == "incoming"
	}
	require.True(t, found)
}

func TestRecordersOfOneMeetingShareItsChain(t *testing.T) {
	b := newHandBot(t)
	adele, alex, megan := b.platform.AddPerson("Adele Vance"), b.platform.AddPerson("Alex Wilber"), b.platform.AddPerson("Megan Bowen")
	b.platform.Tenant().SetRecordingPolicy(b.bot, adele, alex, megan)
	meeting := b.platform.AddMeeting(simulator.Meeting{})
	adele.Join(meeting)
	alex.Join(meeting)
	megan.Join(b.platform.AddMeeting(simulator.Meeting{}))
	b.settle()
	chains := map[string]string{}
	for _, p := range b.received() {
		chains[at(p.data(), "source", "identity", "user", "id").(string)] = p.data()["callChainId"].(string)
	}
	require.Len(t, chains, 3)
	require.Equal(t, chains[adele.ID], chains[alex.ID])
	require.NotEqual(t, chains[adele.ID], chains[megan.ID])
}

func TestAPolicyCanBeLifted(t *testing.T) {
	b := newHandBot(t)
	adele := b.platform.AddPerson("Adele Vance")
	b.platform.Tenant().SetRecordingPolicy(b.bot, adele)
	b.platform.Tenant().SetRecordingPolicy(b.bot)
	adele.Join(b.platform.AddMeeting(simulator.Meeting{}))
	require.Empty(t, b.platform.Calls())
}
