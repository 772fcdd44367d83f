package simulator_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/simulator"
)

func inviting(people ...*simulator.Person) map[string]any {
	list := []any{}
	for _, person := range people {
		list = append(list, map[string]any{
			"@odata.type": "#microsoft.graph.invitationParticipantInfo",
			"identity":    map[string]any{"user": map[string]any{"id": person.ID}},
		})
	}
	return map[string]any{"participants": list, "clientContext": "ctx-1"}
}

func TestInvitingSomebodyIntoAMeeting(t *testing.T) {
	b := newHandBot(t)
	call, _, _ := b.meet()
	alex := b.platform.AddPerson("Alex Wilber")
	answer := b.act(call, "/participants/invite", inviting(alex))
	require.Equal(t, http.StatusOK, answer.status, string(answer.body))
	require.Equal(t, "Running", answer.text("status"), "with a capital, here alone")
	require.Equal(t, "ctx-1", answer.text("clientContext"))
	require.NotEmpty(t, answer.header.Get("Location"))
	guest := answer.value["participants"].([]any)[0].(map[string]any)
	require.Contains(t, guest, "replacesCallId")
	require.Contains(t, guest["identity"], "application")
	require.Equal(t, alex.ID, at(guest, "identity", "user", "id"))

	require.Equal(t, []string{"deleted completed", "updated roster of 3"}, b.since(3))
	require.Equal(t, answer.text("id"), b.received()[3].data()["id"])
	require.NotEmpty(t, alex.ParticipantID())
}

func TestInvitedPeopleWhoDoNotCome(t *testing.T) {
	for name, reaction := range map[string]simulator.Reaction{
		"declines": simulator.Declines, "unreachable": simulator.Unreachable, "rings out": simulator.LetsRing,
	} {
		t.Run(name, func(t *testing.T) {
			b := newHandBot(t, func(o *simulator.Options) { o.RingTimeout = 30 * time.Millisecond })
			call, _, _ := b.meet()
			alex := b.platform.AddPerson("Alex Wilber")
			alex.WhenCalled(reaction)
			data := b.outcome(call, b.act(call, "/participants/invite", inviting(alex)).text("id"))
			require.Equal(t, "failed", data["status"])
			require.Equal(t, 412.0, data["resultInfo"].(map[string]any)["code"])
			require.Equal(t, 9999.0, data["resultInfo"].(map[string]any)["subcode"])
		})
	}
}

func TestInvitingSeveralEndsWhenAllHaveAnswered(t *testing.T) {
	b := newHandBot(t)
	call, meeting, _ := b.meet()
	alex, megan := b.platform.AddPerson("Alex Wilber"), b.platform.AddPerson("Megan Bowen")
	megan.WhenCalled(simulator.LetsRing)
	id := b.act(call, "/participants/invite", inviting(alex, megan)).text("id")
	require.Equal(t, []string{"updated roster of 3"}, b.since(3))
	require.Equal(t, 1, megan.PickUp())
	require.Equal(t, "completed", b.outcome(call, id)["status"])
	require.Len(t, meeting.Participants(), 4)
}

func TestInvitingIntoACallOfTwoMakesItAGroup(t *testing.T) {
	b := newHandBot(t)
	adele, alex := b.platform.AddPerson("Adele Vance"), b.platform.AddPerson("Alex Wilber")
	call := adele.Call(b.bot)
	require.Equal(t, http.StatusAccepted, b.act(call.Call, "/answer", b.answering()).status)
	b.settle()
	require.Equal(t, http.StatusOK, b.act(call.Call, "/participants/invite", inviting(alex)).status)
	require.Equal(t, []string{"deleted completed", "updated roster of 3"}, b.since(4))
	call.Hangup()
	b.settle()
	require.Equal(t, "established", string(call.State()), "the caller left, the others stay")
	require.Len(t, call.Facts().Roster, 2)
}

func TestMovingSomebodyFromACallOfTwo(t *testing.T) {
	b := newHandBot(t)
	group, meeting, _ := b.meet()
	alex := b.platform.AddPerson("Alex Wilber")
	alone := b.create(b.callTo(alex))
	body := inviting(alex)
	body["participants"].([]any)[0].(map[string]any)["replacesCallId"] = alone.ID()
	id := b.act(group, "/participants/invite", body).text("id")
	require.Equal(t, "completed", b.outcome(group, id)["status"])
	<-alone.Done()
	require.Len(t, meeting.Participants(), 3)

	body["participants"].([]any)[0].(map[string]any)["replacesCallId"] = "nothing"
	id = b.act(group, "/participants/invite", body).text("id")
	require.Equal(t, "failed", b.outcome(group, id)["status"])
}

func TestInvitingABot(t *testing.T) {
	b := newHandBot(t)
	call, meeting, adele := b.meet()
	other := b.platform.RegisterBot(simulator.Bot{CallingWebhook: b.url + "/other"})
	id := b.act(call, "/participants/invite", map[string]any{"participants": []any{
		map[string]any{"identity": map[string]any{"application": map[string]any{"id": other.AppID}}},
	}}).text("id")
	b.settle()
	asked := b.received()[3]
	require.Equal(t, "/api/calls/other", asked.path)
	require.Equal(t, "created incoming +chatInfo +meetingInfo", asked.String())
	calls := b.platform.Calls()
	token, err := b.platform.AccessToken(other, other.TenantID)
	require.NoError(t, err)
	answer := b.ask(http.MethodPost, "/"+calls[1].ID()+"/answer", b.answering(), "Authorization", "Bearer "+token)
	require.Equal(t, http.StatusAccepted, answer.status)
	require.Equal(t, "completed", b.outcome(call, id)["status"])
	require.Len(t, meeting.Participants(), 3)

	again := adele.Invite(b.bot)
	require.NotNil(t, again)
	require.Equal(t, http.StatusAccepted, b.act(again.Call, "/reject", nil).status)
	require.ErrorIs(t, again.WaitAnswered(b.soon()), simulator.ErrRejected)
}

func TestInviteIsChecked(t *testing.T) {
	b := newHandBot(t)
	call, _, adele := b.meet()
	long := inviting(adele)
	long["clientContext"] = strings.Repeat("x", 257)
	for name, body := range map[string]any{
		"nobody": inviting(), "six": inviting(adele, adele, adele, adele, adele, adele), "long context": long,
		"no identity": map[string]any{"participants": []any{map[string]any{}}},
	} {
		require.Equal(t, http.StatusBadRequest, b.act(call, "/participants/invite", body).status, name)
	}
	stranger := b.platform.AddTenant().AddPerson("Stranger")
	require.Equal(t, http.StatusForbidden, b.act(call, "/participants/invite", inviting(stranger)).status)
}

func TestABotCanHideFromTheGroup(t *testing.T) {
	b := newHandBot(t)
	adele, alex := b.platform.AddPerson("Adele Vance"), b.platform.AddPerson("Alex Wilber")
	body := b.callTo(adele)
	body["callOptions"] = map[string]any{"hideBotAfterEscalation": true}
	call := b.create(body)
	require.Equal(t, http.StatusOK, b.act(call, "/participants/invite", inviting(alex)).status)
	b.settle()
	require.Len(t, call.Facts().Roster, 2)
	require.Equal(t, "updated roster of 3", b.heard()[6], "it sees itself")
}
