package simulator_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/simulator"
)

func transferTo(person *simulator.Person) map[string]any {
	return map[string]any{"transferTarget": map[string]any{
		"endpointType": "default",
		"identity":     map[string]any{"user": map[string]any{"id": person.ID, "displayName": person.DisplayName}},
	}}
}

func TestBlindTransfer(t *testing.T) {
	b := newHandBot(t)
	adele, alex := b.platform.AddPerson("Adele Vance"), b.platform.AddPerson("Alex Wilber")
	call := b.create(b.callTo(adele))
	b.settle()
	answer := b.act(call, "/transfer", transferTo(alex))
	require.Equal(t, http.StatusAccepted, answer.status, string(answer.body))
	require.Empty(t, answer.body)
	require.Equal(t, []string{
		"updated transferring", "updated transferAccepted", "updated transferAccepted +mediaState", "deleted terminated",
	}, b.since(5))
	last := b.received()[8].data()
	require.Equal(t, map[string]any{
		"@odata.type": "#microsoft.graph.resultInfo", "code": 0.0, "subcode": 7015.0, "message": "GracefulTransferCompleted",
	}, last["resultInfo"])
	require.NotContains(t, last, "terminationReason")
	require.Equal(t, []*simulator.Person{alex}, adele.With())
	require.Equal(t, []*simulator.Person{adele}, alex.With())
	alex.Leave()
	require.Empty(t, adele.With())
}

func TestTransferWaitsForTheTarget(t *testing.T) {
	for name, test := range map[string]struct {
		reaction simulator.Reaction
		then     func(*simulator.Person)
		last     string
	}{
		"picks up":    {simulator.LetsRing, func(p *simulator.Person) { p.PickUp() }, "deleted terminated"},
		"declines":    {simulator.LetsRing, func(p *simulator.Person) { p.Decline() }, "updated established"},
		"at once":     {simulator.Declines, func(*simulator.Person) {}, "updated established"},
		"unreachable": {simulator.Unreachable, func(*simulator.Person) {}, "updated established"},
		"rings out":   {simulator.LetsRing, func(*simulator.Person) {}, "updated established"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newHandBot(t, func(o *simulator.Options) {
				if name == "rings out" {
					o.RingTimeout = 30 * time.Millisecond
				}
			})
			adele, alex := b.platform.AddPerson("Adele Vance"), b.platform.AddPerson("Alex Wilber")
			alex.WhenCalled(test.reaction)
			call := b.create(b.callTo(adele))
			b.settle()
			require.Equal(t, http.StatusAccepted, b.act(call, "/transfer", transferTo(alex)).status)
			test.then(alex)
			if test.last != "deleted terminated" {
				require.NoError(t, call.WaitForState(b.soon(), "established"))
			}
			heard := b.since(5)
			require.Equal(t, "updated transferring", heard[0])
			require.Equal(t, test.last, heard[len(heard)-1])
			if test.last == "updated established" {
				info := b.received()[6].data()["resultInfo"].(map[string]any)
				require.Equal(t, 500.0, info["code"])
				require.Equal(t, 7000.0, info["subCode"], "the wire's spelling")
				require.NotContains(t, info, "subcode")
				require.Empty(t, adele.With(), "still in the call with the bot")
			}
		})
	}
}

func TestConsultativeTransfer(t *testing.T) {
	b := newHandBot(t)
	adele, alex := b.platform.AddPerson("Adele Vance"), b.platform.AddPerson("Alex Wilber")
	first, second := b.create(b.callTo(adele)), b.create(b.callTo(alex))
	b.settle()
	body := transferTo(alex)
	body["transferTarget"].(map[string]any)["replacesCallId"] = second.ID()

	alex.WhenCalled(simulator.Declines)
	require.Equal(t, http.StatusAccepted, b.act(first, "/transfer", body).status)
	b.settle()
	failed := b.received()[11].data()
	require.Equal(t, 7700.0, failed["resultInfo"].(map[string]any)["subCode"])
	require.NotEmpty(t, failed["replacesContext"])

	alex.WhenCalled(simulator.LetsRing)
	require.Equal(t, http.StatusAccepted, b.act(first, "/transfer", body).status)
	<-first.Done()
	<-second.Done()
	b.settle()
	deliveries := first.Deliveries()
	require.Contains(t, string(deliveries[len(deliveries)-1].Body), `"terminationReason":"AppTransferred"`)
	require.NotContains(t, string(deliveries[len(deliveries)-1].Body), "resultInfo")
	require.Equal(t, int32(7015), second.Facts().Result.Subcode)
	require.Equal(t, []*simulator.Person{adele}, alex.With())
}

func TestTransferOutOfAGroup(t *testing.T) {
	b := newHandBot(t)
	adele, alex, megan := b.platform.AddPerson("Adele Vance"), b.platform.AddPerson("Alex Wilber"), b.platform.AddPerson("Megan Bowen")
	call := b.create(b.callTo(adele, alex))
	body := transferTo(megan)
	require.Equal(t, http.StatusBadRequest, b.act(call, "/transfer", body).status, "who is transferred?")
	body["transferee"] = map[string]any{"participantId": adele.ParticipantID(), "identity": map[string]any{"user": map[string]any{"id": adele.ID}}}
	require.Equal(t, http.StatusAccepted, b.act(call, "/transfer", body).status)
	<-call.Done()
	require.Equal(t, []*simulator.Person{megan}, adele.With())
	require.Empty(t, alex.With())
}

func TestTransferToAnotherBot(t *testing.T) {
	b := newHandBot(t)
	adele := b.platform.AddPerson("Adele Vance")
	call := b.create(b.callTo(adele))
	b.settle()
	body := map[string]any{"transferTarget": map[string]any{"identity": map[string]any{"application": map[string]any{"id": b.bot.AppID}}}}
	require.Equal(t, http.StatusAccepted, b.act(call, "/transfer", body).status)
	b.settle()
	calls := b.platform.Calls()
	next := calls[len(calls)-1]
	require.Equal(t, http.StatusAccepted, b.act(next, "/answer", b.answering()).status)
	<-call.Done()
	require.Equal(t, int32(7015), call.Facts().Result.Subcode)
	require.NoError(t, next.WaitForState(b.soon(), "established"))
	adele.Leave()
	<-next.Done()
}

func TestTransferIsChecked(t *testing.T) {
	b := newHandBot(t)
	adele, alex := b.platform.AddPerson("Adele Vance"), b.platform.AddPerson("Alex Wilber")
	phone := b.platform.AddPhone("+12065550100")
	call := b.create(b.callTo(adele))
	long := transferTo(alex)
	long["clientContext"] = string(make([]byte, 257))
	unknown := transferTo(alex)
	unknown["transferTarget"].(map[string]any)["replacesCallId"] = "nothing"
	toPhone := map[string]any{"transferTarget": map[string]any{"identity": map[string]any{"phone": map[string]any{"id": phone.Phone}}}}
	for name, test := range map[string]struct {
		body   any
		status int
	}{
		"nothing": {nil, 400}, "no identity": {map[string]any{"transferTarget": map[string]any{}}, 400},
		"long context": {long, 400}, "unknown call": {unknown, 400},
		"stranger": {transferTo(b.platform.AddTenant().AddPerson("Stranger")), 403}, "phone": {toPhone, 403},
	} {
		require.Equal(t, test.status, b.act(call, "/transfer", test.body).status, name)
	}
	incoming := alex.Call(b.bot)
	require.Equal(t, http.StatusBadRequest, b.act(incoming.Call, "/transfer", transferTo(adele)).status)
}
