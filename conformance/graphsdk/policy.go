package main

import (
	"github.com/microsoftgraph/msgraph-sdk-go/communications"
	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

// policyRecording answers a call that asks for a recording by policy, says
// that it records, and takes on somebody who comes later, and leaves again.
func (s *stage) policyRecording() {
	adele, alex := s.platform.AddPerson("Adele Vance"), s.platform.AddPerson("Alex Wilber")
	meeting := s.platform.AddMeeting(simulator.Meeting{Organizer: adele})
	known := len(s.platform.Calls())
	s.platform.Tenant().SetRecordingPolicy(s.bot, adele, alex)
	defer s.platform.Tenant().SetRecordingPolicy(s.bot)
	adele.Join(meeting)
	if len(s.platform.Calls()) != known+1 {
		return
	}
	recorder := s.platform.Calls()[known]
	s.does("POST", call+"/answer", func(c *checks) error {
		body := communications.NewCallsItemAnswerPostRequestBody()
		body.SetCallbackUri(&s.webhook.url)
		media := models.NewAppHostedMediaConfig()
		media.SetBlob(new("<media session>"))
		body.SetMediaConfig(media)
		body.SetParticipantCapacity(new(int32(50)))
		err := s.graph.call(recorder.ID()).Answer().Post(s.ctx, body, nil)
		c.that(recorder.Facts().Answered, "the call is answered")
		return err
	})
	s.settle()
	s.does("POST", call+"/updateRecordingStatus", func(c *checks) error {
		body := communications.NewCallsItemUpdateRecordingStatusPostRequestBody()
		body.SetStatus(new(models.RECORDING_RECORDINGSTATUS))
		body.SetClientContext(new(mark))
		reply, err := s.graph.call(recorder.ID()).UpdateRecordingStatus().Post(s.ctx, body, nil)
		if c.got(reply, err) {
			checkOperation(c, reply, "updateRecordingStatusOperation", models.COMPLETED_OPERATIONSTATUS)
			c.that(recorder.Facts().RecordingStatus == resources.RecordingStatusRecording, "the platform knows")
		}
		return err
	})
	alex.Join(meeting)
	s.settle()
	alex.Leave()
	s.settle()
}
