package simulator

import "github.com/graphcalls/graphcalls-go/resources"

// The functions of this file bring a call to life and are called with
// platform.mu held. What a bot learns comes in several updates, as on the
// wire: a fact that is left out of one is no news.

// answeredBy connects a person the bot has called.
func (c *Call) answeredBy(person *Person) {
	if c.over() {
		return
	}
	c.window.stop()
	person.occupy(c.conversation)
	if c.conversation.kind == peerConversation {
		c.peer = person
		c.connectPeer(person)
		return
	}
	if c.state != resources.CallStateEstablished {
		c.conversation.enter(c.seat)
		c.establish(&resources.Call{})
	}
	c.conversation.announce()
}

// declinedBy turns the bot down. The code is SIP's; Teams documents none.
func (c *Call) declinedBy() {
	if c.conversation.kind == peerConversation {
		c.finish(result(603, 0, "Call declined."))
	}
}

func (c *Call) connectPeer(person *Person) {
	room := c.conversation
	room.enter(c.seat)
	room.chat = &resources.ChatInfo{ThreadID: "19:" + person.ID + "_" + c.bot.AppID + "@unq.gbl.spaces"}
	room.info = &resources.OrganizerMeetingInfo{Organizer: person.identity(), AllowConversationWithoutHost: true}
	c.establish(&resources.Call{})
	c.enterMediaState(resources.MediaStateActive)
	established := resources.Call{State: resources.CallStateEstablished, ChatInfo: room.chat}
	c.tell(resources.ChangeTypeUpdated, &established)
	withMeeting := resources.Call{State: resources.CallStateEstablished, ChatInfo: room.chat, MeetingInfo: room.info}
	c.tell(resources.ChangeTypeUpdated, &withMeeting)
}

// establish makes the call established, and says what else is known.
func (c *Call) establish(news *resources.Call) {
	c.state = resources.CallStateEstablished
	news.ID, news.State, news.Direction = c.id, c.state, c.direction
	c.tell(resources.ChangeTypeUpdated, news)
	c.platform.changed.ring()
}

func (c *Call) enterMediaState(state resources.MediaState) {
	c.mediaState = state
	c.tell(resources.ChangeTypeUpdated, &resources.Call{
		State: c.state, MediaState: &resources.CallMediaState{Audio: c.mediaState},
	})
}

func (c *Call) joinMeeting() {
	room := c.conversation
	c.tell(resources.ChangeTypeUpdated, &resources.Call{
		ID: c.id, State: resources.CallStateEstablishing, ChatInfo: room.chat, MeetingInfo: room.info,
	})
	room.enter(c.seat)
	if c.waits() {
		c.waitInLobby()
	}
	c.transcription = &resources.CallTranscriptionInfo{
		State: resources.CallTranscriptionStateInactive, LastModifiedDateTime: c.platform.clock.now(),
	}
	c.establish(&resources.Call{ChatInfo: room.chat, MeetingInfo: room.info, TenantID: c.tenantID})
	room.announce()
}

// connectCaller connects a person whose call the bot has answered.
func (c *Call) connectCaller() {
	if c.summons.answered != nil {
		c.summons.answered()
	}
	if !c.isPeer() {
		c.joinMeeting()
		return
	}
	c.conversation.enter(c.seat)
	c.tell(resources.ChangeTypeUpdated, &resources.Call{ID: c.id, State: resources.CallStateEstablishing})
	c.establish(&resources.Call{})
	c.enterMediaState(resources.MediaStateActive)
}
