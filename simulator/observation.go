package simulator

import (
	"slices"
	"strings"

	"github.com/graphcalls/graphcalls-go/resources"
)

// recordingPolicy has a bot called for whoever is under it.
type recordingPolicy struct {
	id     string
	bot    *Bot
	people []*Person
}

// SetRecordingPolicy has a bot record these people from now on: whenever one of
// them enters a meeting or a group call, the bot gets an incoming call about it
// and has Options.RecordingAnswerWindow to answer. A bot that answers with a
// participantCapacity gets those who come later in the call it has. Without
// people the bot's policy is lifted.
func (t *Tenant) SetRecordingPolicy(bot *Bot, people ...*Person) {
	t.platform.mu.Lock()
	defer t.platform.mu.Unlock()
	t.policies = slices.DeleteFunc(t.policies, func(policy *recordingPolicy) bool { return policy.bot == bot })
	if len(people) > 0 {
		t.policies = append(t.policies, &recordingPolicy{newID(), bot, people})
	}
}

// observation is what a bot that was called to record by policy has been asked
// to record. It is guarded by the platform's mutex.
type observation struct {
	policy   *recordingPolicy
	observed []*member
	asked    int // who may join once the bot has said so
	capacity int
}

// observe calls the recorders of somebody who entered a conversation; callers
// hold p.mu, here and below.
func (p *Platform) observe(m *member, room *conversation) {
	if room.kind == peerConversation {
		return
	}
	tenant := p.world.tenants[m.person.TenantID]
	if tenant == nil {
		return
	}
	for _, policy := range tenant.policies {
		if slices.Contains(policy.people, m.person) {
			p.record(policy, m, room)
		}
	}
}

// record finds a call of the policy's with room for one more, or makes one.
func (p *Platform) record(policy *recordingPolicy, m *member, room *conversation) {
	for _, recorder := range room.recorders() {
		o := recorder.observation
		if o.policy == policy && len(o.observed)+o.asked < o.capacity {
			recorder.askToJoin(m)
			return
		}
	}
	p.callToRecord(policy, m, room, "")
}

func (c *conversation) recorders() []*Call {
	var calls []*Call
	for _, leg := range c.members.legs {
		if leg.observation != nil {
			calls = append(calls, leg)
		}
	}
	return calls
}

func (p *Platform) callToRecord(policy *recordingPolicy, m *member, room *conversation, webhook string) {
	call := p.summon(&summons{
		bot: policy.bot, room: room, source: m.person.identity(), webhook: webhook,
		window: p.options.RecordingAnswerWindow,
		dress:  func(call *Call, news *resources.Call) { call.dressRecording(policy, m, news) },
	})
	call.seat.hidden = true
	call.observation = &observation{policy: policy, observed: []*member{m}, capacity: 1}
	room.called = append(room.called, call)
}

// joined decides about somebody who was announced to a recorder by what it
// answered. One that says nothing of use gets a call of its own for them.
func (c *Call) joined(m *member, answer joiningAnswer) {
	c.observation.asked--
	room := c.conversation
	if !room.members.has(m) {
		return
	}
	switch {
	case answer.kind == "acceptjoinresponse" && !c.over():
		c.observation.observed = append(c.observation.observed, m)
	case answer.kind == "rejectjoinresponse":
	default:
		c.platform.callToRecord(c.observation.policy, m, room, answer.inviteURI)
	}
	c.platform.changed.ring()
}

// unobserve tells recorders that somebody they record has left. A call with
// nobody left to record ends.
func (c *conversation) unobserve(m *member) {
	c.called = slices.DeleteFunc(c.called, func(call *Call) bool { return call.over() })
	for _, call := range slices.Clone(c.called) {
		o := call.observation
		at := slices.Index(o.observed, m)
		if at < 0 {
			continue
		}
		o.observed = slices.Delete(o.observed, at, at+1)
		if len(o.observed) == 0 && o.asked == 0 {
			call.finish(result(200, 5003, "The conversation has ended."))
			continue
		}
		call.tellLeft(m)
	}
}

// observedIDs are the participant ids of who is recorded.
func (c *Call) observedIDs() []string {
	if c.observation == nil {
		return nil
	}
	var ids []string
	for _, m := range c.observation.observed {
		ids = append(ids, m.id)
	}
	return ids
}

func recordingStatusNamed(text string) (resources.RecordingStatus, bool) {
	for _, status := range []resources.RecordingStatus{
		resources.RecordingStatusNotRecording, resources.RecordingStatusRecording, resources.RecordingStatusFailed,
	} {
		if strings.EqualFold(string(status), text) {
			return status, true
		}
	}
	return "", false
}

// setRecording marks the bot's own entry and those of whom it records.
func (c *Call) setRecording(status resources.RecordingStatus) {
	c.recordingNow = status
	info := &resources.RecordingInfo{RecordingStatus: status, Initiator: c.bot.identity()}
	c.seat.recording = info
	for _, m := range c.observation.observed {
		m.recording = info
	}
}
