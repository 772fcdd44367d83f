package main

import (
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/communications"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/users"

	"github.com/graphcalls/graphcalls-go/simulator"
)

// onlineMeetings makes meetings, and finds them in every way there is.
func (s *stage) onlineMeetings() {
	adele := s.platform.AddPerson("Adele Vance")
	starts := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	made := s.createMeeting(adele, starts)
	s.does("POST", meetings+"/createOrGet", func(c *checks) error {
		body := users.NewItemOnlineMeetingsCreateOrGetPostRequestBody()
		body.SetExternalId(new("daily-7"))
		body.SetSubject(new("Daily"))
		body.SetStartDateTime(&starts)
		body.SetEndDateTime(new(starts.Add(time.Hour)))
		reply, err := s.graph.meetings(adele).CreateOrGet().Post(s.ctx, body, nil)
		if !c.got(reply, err) {
			return err
		}
		equal(c, "externalId", reply.GetExternalId(), "daily-7")
		equal(c, "subject", reply.GetSubject(), "Daily")
		again, err := s.graph.meetings(adele).CreateOrGet().Post(s.ctx, body, nil)
		if err != nil {
			return err
		}
		equal(c, "id, asked twice", again.GetId(), value(reply.GetId()))
		return nil
	})
	if made == nil {
		return
	}
	s.does("GET", meetings+"/{id}", func(c *checks) error {
		reply, err := s.graph.meetings(adele).ByOnlineMeetingId(value(made.GetId())).Get(s.ctx, nil)
		if c.got(reply, err) {
			checkMeeting(c, reply, adele)
			equal(c, "id", reply.GetId(), value(made.GetId()))
		}
		return err
	})
	s.does("GET", meetings, func(c *checks) error {
		filter := "JoinWebUrl eq '" + value(made.GetJoinWebUrl()) + "'"
		reply, err := s.graph.meetings(adele).Get(s.ctx, &users.ItemOnlineMeetingsRequestBuilderGetRequestConfiguration{
			QueryParameters: &users.ItemOnlineMeetingsRequestBuilderGetQueryParameters{Filter: &filter},
		})
		if c.got(reply, err) {
			checkFound(c, reply, made)
		}
		return err
	})
	s.does("GET", "/communications/onlineMeetings", func(c *checks) error {
		filter := "VideoTeleconferenceId eq '" + value(made.GetVideoTeleconferenceId()) + "'"
		reply, err := s.graph.communications().OnlineMeetings().Get(s.ctx, &communications.OnlineMeetingsRequestBuilderGetRequestConfiguration{
			QueryParameters: &communications.OnlineMeetingsRequestBuilderGetQueryParameters{Filter: &filter},
		})
		if c.got(reply, err) {
			checkFound(c, reply, made)
		}
		return err
	})
}

func (s *stage) createMeeting(organizer *simulator.Person, starts time.Time) models.OnlineMeetingable {
	var made models.OnlineMeetingable
	s.does("POST", meetings, func(c *checks) error {
		body := models.NewOnlineMeeting()
		body.SetSubject(new("Standup"))
		body.SetStartDateTime(&starts)
		body.SetEndDateTime(new(starts.Add(time.Hour)))
		reply, err := s.graph.meetings(organizer).Post(s.ctx, body, nil)
		if c.got(reply, err) {
			made = reply
			checkMeeting(c, reply, organizer)
			if at := reply.GetStartDateTime(); at == nil || !at.Equal(starts) {
				c.fail("startDateTime is %v", at)
			}
		}
		return err
	})
	return made
}

// checkMeeting checks for what a bot joins a meeting by.
func checkMeeting(c *checks, got models.OnlineMeetingable, organizer *simulator.Person) {
	filled(c, "id", got.GetId())
	equal(c, "subject", got.GetSubject(), "Standup")
	filled(c, "joinWebUrl", got.GetJoinWebUrl())
	filled(c, "videoTeleconferenceId", got.GetVideoTeleconferenceId())
	if chat := got.GetChatInfo(); chat == nil {
		c.fail("chatInfo is missing")
	} else {
		filled(c, "chatInfo.threadId", chat.GetThreadId())
	}
	if settings := got.GetJoinMeetingIdSettings(); settings == nil {
		c.fail("joinMeetingIdSettings is missing")
	} else {
		filled(c, "joinMeetingId", settings.GetJoinMeetingId())
		equal(c, "isPasscodeRequired", settings.GetIsPasscodeRequired(), true)
	}
	if people := got.GetParticipants(); people == nil || people.GetOrganizer() == nil {
		c.fail("participants.organizer is missing")
	} else {
		c.that(userID(people.GetOrganizer().GetIdentity()) == organizer.ID, "the organizer is who made it")
		equal(c, "role", people.GetOrganizer().GetRole(), models.PRESENTER_ONLINEMEETINGROLE)
	}
}

func checkFound(c *checks, list models.OnlineMeetingCollectionResponseable, wanted models.OnlineMeetingable) {
	if found := list.GetValue(); len(found) != 1 {
		c.fail("%d meetings are found", len(found))
	} else {
		equal(c, "id", found[0].GetId(), value(wanted.GetId()))
	}
}
