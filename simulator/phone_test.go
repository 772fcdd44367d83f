package simulator_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/simulator"
)

func TestCallingAPhone(t *testing.T) {
	b := newHandBot(t)
	phone := b.platform.AddPhone("+12065550100")
	body := b.callTo()
	body["targets"] = []any{map[string]any{"identity": map[string]any{"phone": map[string]any{"id": phone.Phone}}}}
	require.Equal(t, http.StatusForbidden, b.ask(http.MethodPost, "", body).status)
	body["source"] = map[string]any{"identity": map[string]any{"applicationInstance": map[string]any{"id": b.bot.InstanceID}}}
	answer := b.ask(http.MethodPost, "", body)
	require.Equal(t, http.StatusCreated, answer.status, string(answer.body))
	require.Equal(t, b.bot.InstanceID, answer.text("source", "identity", "applicationInstance", "id"))
	call := b.platform.Call(answer.text("id"))
	require.NoError(t, call.WaitForState(b.soon(), "established"))
	phone.Leave()
	<-call.Done()
	require.Equal(t, int32(540000), call.Facts().Result.Subcode)
}

func TestAPhoneCallsTheBot(t *testing.T) {
	b := newHandBot(t)
	phone := b.platform.AddPhone("+12065550100")
	adele := b.platform.AddPerson("Adele Vance")
	call := phone.Call(b.bot)
	b.settle()
	data := b.received()[0].data()
	require.Equal(t, "+12065550100", at(data, "source", "identity", "phone", "id"))
	target := data["targets"].([]any)[0].(map[string]any)
	require.Equal(t, b.bot.InstanceID, at(target, "identity", "applicationInstance", "id"))
	require.Equal(t, http.StatusAccepted, b.act(call.Call, "/answer", b.answering()).status)
	require.Equal(t, http.StatusAccepted, b.act(call.Call, "/transfer", transferTo(adele)).status)
	<-call.Done()
	require.Equal(t, []*simulator.Person{adele}, phone.With())
}

func TestMeetingWithoutPasscode(t *testing.T) {
	b := newHandBot(t)
	meeting := b.platform.AddMeeting(simulator.Meeting{NoPasscode: true})
	require.Empty(t, meeting.Passcode)
	body := b.joining(meeting)
	delete(body, "chatInfo")
	body["meetingInfo"] = map[string]any{"@odata.type": "#microsoft.graph.joinMeetingIdMeetingInfo", "joinMeetingId": meeting.JoinMeetingID, "passcode": nil}
	b.create(body)
}

func TestInvitingAPhone(t *testing.T) {
	b := newHandBot(t)
	call, meeting, _ := b.meet()
	phone := b.platform.AddPhone("+12065550100")
	phone.WhenCalled(simulator.LetsRing)
	body := map[string]any{"participants": []any{map[string]any{"identity": map[string]any{"phone": map[string]any{"id": phone.Phone}}}}}
	id := b.act(call, "/participants/invite", body).text("id")
	require.Equal(t, 1, phone.Rings())
	require.NoError(t, b.platform.WaitUntil(b.soon(), func() bool { return phone.PickUp() > 0 }))
	require.Equal(t, "completed", b.outcome(call, id)["status"])
	require.Equal(t, phone.Phone, meeting.Participants()[2].Info.Identity.Phone.ID)
	list := b.ask(http.MethodGet, "/"+call.ID()+"/participants", nil).value["value"].([]any)
	require.Equal(t, phone.Phone, at(list[2].(map[string]any), "info", "identity", "phone", "id"))

	join := b.joining(meeting)
	join["meetingInfo"] = map[string]any{"@odata.type": "#microsoft.graph.tokenMeetingInfo", "token": meeting.JoinToken}
	byToken := b.create(join)
	id = b.act(byToken, "/participants/invite", body).text("id")
	require.Equal(t, "failed", b.outcome(byToken, id)["status"], "who joins by token cannot bring in phones")
}
