package main

import (
	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

// newCall is a call to be placed, with media the service hosts.
func (s *stage) newCall() *models.Call {
	posted := models.NewCall()
	posted.SetCallbackUri(&s.webhook.url)
	posted.SetRequestedModalities([]models.Modality{models.AUDIO_MODALITY})
	posted.SetMediaConfig(models.NewServiceHostedMediaConfig())
	posted.SetTenantId(&s.bot.TenantID)
	return posted
}

// callTo is a call to one person or several.
func (s *stage) callTo(people ...*simulator.Person) *models.Call {
	posted := s.newCall()
	posted.SetTargets(invitations(people...))
	return posted
}

// joining is a call that joins a meeting, with media the bot hosts.
func (s *stage) joining(meeting *simulator.Meeting) *models.Call {
	posted := s.newCall()
	media := models.NewAppHostedMediaConfig()
	media.SetBlob(new("<media session>"))
	posted.SetMediaConfig(media)
	chat := models.NewChatInfo()
	chat.SetThreadId(&meeting.ThreadID)
	chat.SetMessageId(new("0"))
	posted.SetChatInfo(chat)
	info := models.NewOrganizerMeetingInfo()
	info.SetOrganizer(user(meeting.Organizer))
	posted.SetMeetingInfo(info)
	options := models.NewOutgoingCallOptions()
	options.SetIsContentSharingNotificationEnabled(new(true))
	posted.SetCallOptions(options)
	return posted
}

// place places a call, checks what every reply to that says, and returns the
// platform's side of it; nil when there is none.
func (s *stage) place(posted models.Callable, more func(*checks, models.Callable)) *simulator.Call {
	var placed *simulator.Call
	s.does("POST", calls, func(c *checks) error {
		reply, err := s.graph.calls().Post(s.ctx, posted, nil)
		if !c.got(reply, err) {
			return err
		}
		placed = s.platform.Call(filled(c, "id", reply.GetId()))
		c.that(placed != nil, "the platform has the call")
		equal(c, "@odata.type", reply.GetOdataType(), "#microsoft.graph.call")
		equal(c, "state", reply.GetState(), models.ESTABLISHING_CALLSTATE)
		equal(c, "direction", reply.GetDirection(), models.OUTGOING_CALLDIRECTION)
		equal(c, "callbackUri", reply.GetCallbackUri(), s.webhook.url)
		equal(c, "tenantId", reply.GetTenantId(), s.bot.TenantID)
		filled(c, "myParticipantId", reply.GetMyParticipantId())
		filled(c, "callChainId", reply.GetCallChainId())
		c.that(len(reply.GetRequestedModalities()) == 1, "requestedModalities has one")
		if source := reply.GetSource(); source == nil || source.GetIdentity() == nil {
			c.fail("source.identity is missing")
		}
		more(c, reply)
		return nil
	})
	return placed
}

// established places a call that is answered, and waits for that.
func (s *stage) established(posted models.Callable) *simulator.Call {
	placed := s.place(posted, func(*checks, models.Callable) {})
	if placed == nil || placed.WaitForState(s.ctx, resources.CallStateEstablished) != nil {
		return nil
	}
	s.settle()
	return placed
}

// placedCalls places calls of every kind, and ends one.
func (s *stage) placedCalls() {
	adele, alex := s.platform.AddPerson("Adele Vance"), s.platform.AddPerson("Alex Wilber")
	placed := s.place(s.callTo(adele), func(c *checks, reply models.Callable) {
		is[*models.ServiceHostedMediaConfig](c, "mediaConfig", reply.GetMediaConfig())
		c.that(len(reply.GetTargets()) == 1 && userID(reply.GetTargets()[0].GetIdentity()) == adele.ID, "Adele is called")
	})
	s.place(s.callTo(alex, s.platform.AddPerson("Diego Siciliani")), func(c *checks, reply models.Callable) {
		c.that(len(reply.GetTargets()) == 2, "two are called")
	})
	s.placePhoneCall()
	s.joinMeetings()
	if placed == nil || placed.WaitForState(s.ctx, resources.CallStateEstablished) != nil {
		return
	}
	s.getCall(placed, adele)
	s.does("POST", call+"/keepAlive", func(c *checks) error {
		err := s.graph.call(placed.ID()).KeepAlive().Post(s.ctx, nil)
		c.that(placed.KeepAlives() == 1, "the platform counts it")
		return err
	})
	s.does("DELETE", call, func(c *checks) error {
		err := s.graph.call(placed.ID()).Delete(s.ctx, nil)
		s.until(c, "the call has ended", func() bool { return placed.State() == resources.CallStateTerminated })
		return err
	})
}

func (s *stage) placePhoneCall() {
	number := s.platform.AddPhone("+14255550123").Phone
	posted := s.newCall()
	posted.SetTargets([]models.InvitationParticipantInfoable{invitation(phone(number))})
	instance := models.NewCommunicationsIdentitySet()
	instance.SetApplicationInstance(identity(s.bot.InstanceID))
	source := models.NewParticipantInfo()
	source.SetIdentity(instance)
	posted.SetSource(source)
	s.place(posted, func(*checks, models.Callable) {})
}

func (s *stage) joinMeetings() {
	meeting := s.platform.AddMeeting(simulator.Meeting{Subject: "Standup"})
	s.place(s.joining(meeting), func(c *checks, reply models.Callable) {
		is[*models.AppHostedMediaConfig](c, "mediaConfig", reply.GetMediaConfig())
		if info, ok := is[*models.OrganizerMeetingInfo](c, "meetingInfo", reply.GetMeetingInfo()); ok {
			c.that(userID(info.GetOrganizer()) == meeting.Organizer.ID, "the organizer is there")
		}
		if options, ok := is[*models.OutgoingCallOptions](c, "callOptions", reply.GetCallOptions()); ok {
			equal(c, "isContentSharingNotificationEnabled", options.GetIsContentSharingNotificationEnabled(), true)
		}
		if chat := reply.GetChatInfo(); chat == nil {
			c.fail("chatInfo is missing")
		} else {
			equal(c, "threadId", chat.GetThreadId(), meeting.ThreadID)
		}
	})
	posted := s.newCall()
	info := models.NewJoinMeetingIdMeetingInfo()
	info.SetJoinMeetingId(&meeting.JoinMeetingID)
	info.SetPasscode(&meeting.Passcode)
	posted.SetMeetingInfo(info)
	s.place(posted, func(*checks, models.Callable) {})
}

func (s *stage) getCall(placed *simulator.Call, callee *simulator.Person) {
	s.does("GET", call, func(c *checks) error {
		reply, err := s.graph.call(placed.ID()).Get(s.ctx, nil)
		if c.got(reply, err) {
			equal(c, "id", reply.GetId(), placed.ID())
			equal(c, "state", reply.GetState(), models.ESTABLISHED_CALLSTATE)
			equal(c, "direction", reply.GetDirection(), models.OUTGOING_CALLDIRECTION)
			c.that(len(reply.GetTargets()) == 1 && userID(reply.GetTargets()[0].GetIdentity()) == callee.ID, "the callee is a target")
			is[*models.ServiceHostedMediaConfig](c, "mediaConfig", reply.GetMediaConfig())
		}
		return err
	})
}
