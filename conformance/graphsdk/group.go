package main

import (
	"time"

	"github.com/google/uuid"
	"github.com/microsoft/kiota-abstractions-go/serialization"
	"github.com/microsoftgraph/msgraph-sdk-go/communications"
	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"github.com/graphcalls/graphcalls-go/simulator"
)

// meet is a meeting of Adele and the bot.
func (s *stage) meet() (*simulator.Call, *simulator.Meeting, *simulator.Person) {
	adele := s.platform.AddPerson("Adele Vance")
	meeting := s.platform.AddMeeting(simulator.Meeting{Organizer: adele})
	adele.Join(meeting)
	return s.established(s.joining(meeting)), meeting, adele
}

// ownPart mutes the bot, and has it share its screen.
func (s *stage) ownPart() {
	joined, _, _ := s.meet()
	if joined == nil {
		return
	}
	s.does("POST", call+"/mute", func(c *checks) error {
		body := communications.NewCallsItemMutePostRequestBody()
		body.SetClientContext(new(mark))
		reply, err := s.graph.call(joined.ID()).Mute().Post(s.ctx, body, nil)
		if c.got(reply, err) {
			checkOperation(c, reply, "muteParticipantOperation", models.COMPLETED_OPERATIONSTATUS)
		}
		return err
	})
	s.does("POST", call+"/unmute", func(c *checks) error {
		body := communications.NewCallsItemUnmutePostRequestBody()
		body.SetClientContext(new(mark))
		reply, err := s.graph.call(joined.ID()).Unmute().Post(s.ctx, body, nil)
		if c.got(reply, err) {
			checkOperation(c, reply, "unmuteParticipantOperation", models.COMPLETED_OPERATIONSTATUS)
		}
		return err
	})
	s.does("POST", call+"/changeScreenSharingRole", func(c *checks) error {
		body := communications.NewCallsItemChangeScreenSharingRolePostRequestBody()
		body.SetRole(new(models.SHARER_SCREENSHARINGROLE))
		return s.graph.call(joined.ID()).ChangeScreenSharingRole().Post(s.ctx, body, nil)
	})
}

// largeGallery adds a large gallery view.
func (s *stage) largeGallery() {
	joined, _, _ := s.meet()
	if joined == nil {
		return
	}
	var id string
	s.does("POST", call+"/addLargeGalleryView", func(c *checks) error {
		body := communications.NewCallsItemAddLargeGalleryViewPostRequestBody()
		body.SetClientContext(new(mark))
		reply, err := s.graph.call(joined.ID()).AddLargeGalleryView().Post(s.ctx, body, nil)
		if c.got(reply, err) {
			checkOperation(c, reply, "addLargeGalleryViewOperation", models.RUNNING_OPERATIONSTATUS)
			id = value(reply.GetId())
		}
		return err
	})
	s.getOperation(joined, id, func(c *checks, reply models.CommsOperationable) {
		is[*models.AddLargeGalleryViewOperation](c, "the operation", reply)
		checkOperation(c, reply, "addLargeGalleryViewOperation", models.COMPLETED_OPERATIONSTATUS)
	})
}

// deviceQuality reports how a device did in a call.
func (s *stage) deviceQuality() {
	s.does("POST", calls+"/logTeleconferenceDeviceQuality", func(*checks) error {
		heard := models.NewTeleconferenceDeviceAudioQuality()
		heard.SetChannelIndex(new(int32(1)))
		heard.SetMediaDuration(serialization.FromDuration(4 * time.Minute))
		heard.SetInboundPackets(new(int64(5000)))
		heard.SetAverageInboundPacketLossRateInPercentage(new(0.5))
		quality := models.NewTeleconferenceDeviceQuality()
		quality.SetCallChainId(new(uuid.MustParse("0622673d-9f69-49b3-9d4f-5ec64f42ecce")))
		quality.SetParticipantId(new(uuid.MustParse("ea078406-b5d4-4d3c-b85e-90103dcec7f6")))
		quality.SetMediaLegId(new(uuid.MustParse("bd2f4c10-4a1b-4d86-8a5c-0d3f1c6f9a11")))
		quality.SetDeviceName(new("Room 7"))
		quality.SetMediaQualityList([]models.TeleconferenceDeviceMediaQualityable{heard})
		body := communications.NewCallsLogTeleconferenceDeviceQualityPostRequestBody()
		body.SetQuality(quality)
		return s.graph.calls().LogTeleconferenceDeviceQuality().Post(s.ctx, body, nil)
	})
}
