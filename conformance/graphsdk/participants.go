package main

import (
	"slices"

	"github.com/microsoftgraph/msgraph-sdk-go/communications"
	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"github.com/graphcalls/graphcalls-go/simulator"
)

// roster reads the roster, mutes somebody and puts them out.
func (s *stage) roster() {
	joined, _, adele := s.meet()
	if joined == nil {
		return
	}
	id := adele.ParticipantID()
	people := s.graph.call(joined.ID()).Participants()
	s.does("GET", participants, func(c *checks) error {
		reply, err := people.Get(s.ctx, nil)
		if c.got(reply, err) {
			list := reply.GetValue()
			c.that(len(list) == 2, "Adele and the bot are there")
			at := slices.IndexFunc(list, func(p models.Participantable) bool { return value(p.GetId()) == id })
			if at >= 0 {
				checkAdele(c, list[at], adele.ID)
			} else {
				c.fail("Adele is not there")
			}
		}
		return err
	})
	s.does("GET", participant, func(c *checks) error {
		reply, err := people.ByParticipantId(id).Get(s.ctx, nil)
		if c.got(reply, err) {
			equal(c, "id", reply.GetId(), id)
			checkAdele(c, reply, adele.ID)
		}
		return err
	})
	s.does("POST", participant+"/mute", func(c *checks) error {
		body := communications.NewCallsItemParticipantsItemMutePostRequestBody()
		body.SetClientContext(new(mark))
		reply, err := people.ByParticipantId(id).Mute().Post(s.ctx, body, nil)
		if c.got(reply, err) {
			checkOperation(c, reply, "muteParticipantOperation", models.COMPLETED_OPERATIONSTATUS)
		}
		return err
	})
	s.does("GET", participant, func(c *checks) error {
		reply, err := people.ByParticipantId(id).Get(s.ctx, nil)
		if c.got(reply, err) {
			equal(c, "isMuted", reply.GetIsMuted(), true)
		}
		return err
	})
	s.does("DELETE", participant, func(c *checks) error {
		err := people.ByParticipantId(id).Delete(s.ctx, nil)
		c.that(adele.ParticipantID() == "", "Adele is out")
		return err
	})
}

func checkAdele(c *checks, adele models.Participantable, userIDOf string) {
	equal(c, "isMuted", adele.GetIsMuted(), false)
	equal(c, "isInLobby", adele.GetIsInLobby(), false)
	info := adele.GetInfo()
	if info == nil {
		c.fail("info is missing")
		return
	}
	if userID(info.GetIdentity()) != userIDOf {
		c.fail("info.identity.user.id is %q", userID(info.GetIdentity()))
	}
	if streams := adele.GetMediaStreams(); len(streams) == 0 {
		c.fail("mediaStreams is empty")
	} else {
		equal(c, "mediaType", streams[0].GetMediaType(), models.AUDIO_MODALITY)
		filled(c, "sourceId", streams[0].GetSourceId())
		equal(c, "direction", streams[0].GetDirection(), models.SENDRECEIVE_MEDIADIRECTION)
	}
}

// deltaRoster has the roster sent as changes.
func (s *stage) deltaRoster() {
	adele := s.platform.AddPerson("Adele Vance")
	meeting := s.platform.AddMeeting(simulator.Meeting{Organizer: adele})
	adele.Join(meeting)
	posted := s.joining(meeting)
	posted.GetCallOptions().SetIsDeltaRosterEnabled(new(true))
	if s.established(posted) != nil {
		adele.Mute()
		s.settle()
	}
}

// holdMusic plays music to somebody, and stops it.
func (s *stage) holdMusic() {
	joined, _, adele := s.meet()
	if joined == nil {
		return
	}
	held := s.graph.call(joined.ID()).Participants().ByParticipantId(adele.ParticipantID())
	s.does("POST", participant+"/startHoldMusic", func(c *checks) error {
		body := communications.NewCallsItemParticipantsItemStartHoldMusicPostRequestBody()
		body.SetCustomPrompt(prompt())
		body.SetClientContext(new(mark))
		reply, err := held.StartHoldMusic().Post(s.ctx, body, nil)
		if c.got(reply, err) {
			checkOperation(c, reply, "startHoldMusicOperation", models.RUNNING_OPERATIONSTATUS)
		}
		return err
	})
	s.does("POST", participant+"/stopHoldMusic", func(c *checks) error {
		body := communications.NewCallsItemParticipantsItemStopHoldMusicPostRequestBody()
		body.SetClientContext(new(mark))
		reply, err := held.StopHoldMusic().Post(s.ctx, body, nil)
		if c.got(reply, err) {
			checkOperation(c, reply, "stopHoldMusicOperation", models.COMPLETED_OPERATIONSTATUS)
		}
		return err
	})
}

// invitations invites somebody.
func (s *stage) invitations() {
	joined, _, _ := s.meet()
	if joined == nil {
		return
	}
	alex := s.platform.AddPerson("Alex Wilber")
	s.does("POST", participants+"/invite", func(c *checks) error {
		body := communications.NewCallsItemParticipantsInvitePostRequestBody()
		body.SetParticipants(invitations(alex))
		body.SetClientContext(new(mark))
		reply, err := s.graph.call(joined.ID()).Participants().Invite().Post(s.ctx, body, nil)
		if c.got(reply, err) {
			checkOperation(c, reply, "inviteParticipantsOperation", models.RUNNING_OPERATIONSTATUS)
			c.that(reply.GetStatus() != nil, "status has its capital")
			c.that(len(reply.GetParticipants()) == 1 && userID(reply.GetParticipants()[0].GetIdentity()) == alex.ID, "Alex is invited")
			s.until(c, "Alex is there", func() bool { return alex.ParticipantID() != "" })
		}
		return err
	})
}

// audioRouting makes, changes and removes an audio routing group.
func (s *stage) audioRouting() {
	joined, _, adele := s.meet()
	if joined == nil {
		return
	}
	bot := joined.Facts().Roster[1].ID
	groups := s.graph.call(joined.ID()).AudioRoutingGroups()
	s.does("POST", routing, func(c *checks) error {
		body := models.NewAudioRoutingGroup()
		body.SetId(new("oneToOne"))
		body.SetRoutingMode(new(models.ONETOONE_ROUTINGMODE))
		body.SetSources([]string{bot})
		body.SetReceivers([]string{adele.ParticipantID()})
		reply, err := groups.Post(s.ctx, body, nil)
		if c.got(reply, err) {
			equal(c, "id", reply.GetId(), "oneToOne")
			equal(c, "routingMode", reply.GetRoutingMode(), models.ONETOONE_ROUTINGMODE)
			c.that(slices.Equal(reply.GetReceivers(), []string{adele.ParticipantID()}), "Adele receives")
		}
		return err
	})
	s.does("GET", routing, func(c *checks) error {
		reply, err := groups.Get(s.ctx, nil)
		if c.got(reply, err) {
			c.that(len(reply.GetValue()) == 1 && value(reply.GetValue()[0].GetId()) == "oneToOne", "it is listed")
		}
		return err
	})
	one := groups.ByAudioRoutingGroupId("oneToOne")
	s.does("PATCH", routing+"/{id}", func(c *checks) error {
		body := models.NewAudioRoutingGroup()
		body.SetRoutingMode(new(models.MULTICAST_ROUTINGMODE))
		body.SetReceivers([]string{adele.ParticipantID(), bot})
		reply, err := one.Patch(s.ctx, body, nil)
		if c.got(reply, err) {
			equal(c, "routingMode", reply.GetRoutingMode(), models.MULTICAST_ROUTINGMODE)
		}
		return err
	})
	s.does("GET", routing+"/{id}", func(c *checks) error {
		reply, err := one.Get(s.ctx, nil)
		if c.got(reply, err) {
			equal(c, "routingMode", reply.GetRoutingMode(), models.MULTICAST_ROUTINGMODE)
			c.that(slices.Equal(reply.GetSources(), []string{bot}), "the source is as it was")
			c.that(len(reply.GetReceivers()) == 2, "two receive")
		}
		return err
	})
	s.does("DELETE", routing+"/{id}", func(*checks) error { return one.Delete(s.ctx, nil) })
}

// contentSharing reads what somebody shares.
func (s *stage) contentSharing() {
	joined, meeting, adele := s.meet()
	if joined == nil {
		return
	}
	id := adele.ShareContent(meeting)
	sessions := s.graph.call(joined.ID()).ContentSharingSessions()
	s.does("GET", sharing, func(c *checks) error {
		reply, err := sessions.Get(s.ctx, nil)
		if c.got(reply, err) {
			c.that(len(reply.GetValue()) == 1 && value(reply.GetValue()[0].GetId()) == id, "it is listed")
		}
		return err
	})
	s.does("GET", sharing+"/{id}", func(c *checks) error {
		reply, err := sessions.ByContentSharingSessionId(id).Get(s.ctx, nil)
		if c.got(reply, err) {
			equal(c, "id", reply.GetId(), id)
			equal(c, "@odata.type", reply.GetOdataType(), "#microsoft.graph.contentSharingSession")
		}
		return err
	})
}
