package main

import (
	"fmt"

	"github.com/microsoft/kiota-abstractions-go/serialization"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
)

// notifications checks what the client made of all that the bot was sent.
func (s *stage) notifications() {
	s.settle()
	notices := s.webhook.heard()
	statuses, wrong := s.webhook.verdict()
	s.report.statuses += statuses
	s.also("notifications are read whole", func(c *checks) error {
		c.that(len(notices) > 0, "there are some")
		return wrong
	})
	s.also("notifications hold types the client knows", func(c *checks) error {
		for _, n := range notices {
			if _, nameless := n.model.(*models.Entity); nameless {
				c.fail("%s of %s does not", n.change, n.resourceURL)
			}
		}
		return nil
	})
	heard(s, "notification of an incoming call", "created", func(_ notice, c *models.Call) bool {
		return equalTo(c.GetState(), models.INCOMING_CALLSTATE) && c.GetSource() != nil && userID(c.GetSource().GetIdentity()) != ""
	})
	heard(s, "notification of an established call", "updated", func(_ notice, c *models.Call) bool {
		return equalTo(c.GetState(), models.ESTABLISHED_CALLSTATE)
	})
	heard(s, "notification of media that flows", "updated", func(_ notice, c *models.Call) bool {
		return c.GetMediaState() != nil && equalTo(c.GetMediaState().GetAudio(), models.ACTIVE_MEDIASTATE)
	})
	heard(s, "notification of a tone", "updated", func(_ notice, c *models.Call) bool {
		return c.GetToneInfo() != nil && equalTo(c.GetToneInfo().GetTone(), models.POUND_TONE)
	})
	heard(s, "notification of a call that has ended", "deleted", func(_ notice, c *models.Call) bool {
		return equalTo(c.GetState(), models.TERMINATED_CALLSTATE) && c.GetResultInfo() != nil && value(c.GetResultInfo().GetMessage()) != ""
	})
	heard(s, "notification of a roster", "updated", func(_ notice, p *models.Participant) bool {
		return p.GetInfo() != nil && userID(p.GetInfo().GetIdentity()) != "" && len(p.GetMediaStreams()) > 0
	})
	heard(s, "notification of a muted participant", "updated", func(_ notice, p *models.Participant) bool { return value(p.GetIsMuted()) })
	heard(s, "notification of recording", "updated", func(_ notice, p *models.Participant) bool {
		return p.GetRecordingInfo() != nil && equalTo(p.GetRecordingInfo().GetRecordingStatus(), models.RECORDING_RECORDINGSTATUS)
	})
	heard(s, "notification of a changed roster", "updated", func(_ notice, d *models.DeltaParticipants) bool {
		return value(d.GetSequenceNumber()) == 2 && len(d.GetParticipants()) == 1 && value(d.GetParticipants()[0].GetIsMuted())
	})
	heard(s, "notification of somebody to be recorded too", "created", func(_ notice, j *models.ParticipantJoiningNotification) bool {
		return j.GetCall() != nil && equalTo(j.GetCall().GetState(), models.INCOMING_CALLSTATE)
	})
	heard(s, "notification of somebody recorded who left", "updated", func(_ notice, l *models.ParticipantLeftNotification) bool {
		return value(l.GetParticipantId()) != "" && l.GetCall() != nil
	})
	heard(s, "notification of a played prompt", "deleted", completed[*models.PlayPromptOperation])
	heard(s, "notification of a recorded answer", "deleted", func(n notice, o *models.RecordOperation) bool {
		return completed(n, o) && value(o.GetRecordingLocation()) != ""
	})
	heard(s, "notification of an invitation", "deleted", completed[*models.InviteParticipantsOperation])
	heard(s, "notification of tones sent", "deleted", completed[*models.SendDtmfTonesOperation])
	heard(s, "notification of a large gallery", "deleted", completed[*models.AddLargeGalleryViewOperation])
	heard(s, "notification of content that is shared", "created", func(_ notice, o *models.ContentSharingSession) bool { return value(o.GetId()) != "" })
}

func completed[O models.CommsOperationable](n notice, o O) bool {
	return n.status() == "completed" && value(o.GetClientContext()) == mark
}

// heard checks that a notification came with such data.
func heard[T serialization.Parsable](s *stage, name, change string, matches func(notice, T) bool) {
	s.also(name, func(*checks) error {
		others := 0
		for _, n := range s.webhook.heard() {
			model, ok := n.model.(T)
			switch {
			case ok && n.change == change && matches(n, model):
				return nil
			case ok:
				others++
			}
		}
		return fmt.Errorf("none came, but %d others with a %T", others, *new(T))
	})
}
