package main

import (
	"slices"
	"strings"

	"github.com/microsoftgraph/msgraph-sdk-go/communications"
	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"github.com/graphcalls/graphcalls-go/simulator"
)

// mark is the clientContext of all operations.
const mark = "mark-7"

// checkOperation checks what all operations say.
func checkOperation(c *checks, reply models.CommsOperationable, kind string, status models.OperationStatus) {
	filled(c, "id", reply.GetId())
	equal(c, "@odata.type", reply.GetOdataType(), "#microsoft.graph."+kind)
	equal(c, "clientContext", reply.GetClientContext(), mark)
	if reply.GetStatus() != nil {
		equal(c, "status", reply.GetStatus(), status)
	}
	c.status = strings.ToLower(status.String())
}

func prompt() models.Promptable {
	info := models.NewMediaInfo()
	info.SetOdataType(new("#microsoft.graph.mediaInfo"))
	info.SetUri(new("https://bot.contoso.com/welcome.wav"))
	info.SetResourceId(new("1d6de2d4-f51e-4309-8daa-70768651088e"))
	said := models.NewMediaPrompt()
	said.SetMediaInfo(info)
	return said
}

// prompts plays a prompt and follows it to its end, then cancels another.
func (s *stage) prompts() {
	placed := s.established(s.callTo(s.platform.AddPerson("Adele Vance")))
	if placed == nil {
		return
	}
	var id string
	s.does("POST", call+"/playPrompt", func(c *checks) error {
		body := communications.NewCallsItemPlayPromptPostRequestBody()
		body.SetPrompts([]models.Promptable{prompt()})
		body.SetClientContext(new(mark))
		reply, err := s.graph.call(placed.ID()).PlayPrompt().Post(s.ctx, body, nil)
		if c.got(reply, err) {
			checkOperation(c, reply, "playPromptOperation", models.RUNNING_OPERATIONSTATUS)
			id = value(reply.GetId())
		}
		return err
	})
	s.until(&checks{}, "it is played", func() bool { return s.ended(id) })
	s.getOperation(placed, id, func(c *checks, reply models.CommsOperationable) {
		is[*models.PlayPromptOperation](c, "the operation", reply)
		checkOperation(c, reply, "playPromptOperation", models.COMPLETED_OPERATIONSTATUS)
	})
	s.does("POST", call+"/cancelMediaProcessing", func(c *checks) error {
		body := communications.NewCallsItemCancelMediaProcessingPostRequestBody()
		body.SetClientContext(new(mark))
		reply, err := s.graph.call(placed.ID()).CancelMediaProcessing().Post(s.ctx, body, nil)
		if c.got(reply, err) {
			checkOperation(c, reply, "cancelMediaProcessingOperation", models.COMPLETED_OPERATIONSTATUS)
		}
		return err
	})
}

// recordings records an answer to its end.
func (s *stage) recordings() {
	placed := s.established(s.callTo(s.platform.AddPerson("Adele Vance")))
	if placed == nil {
		return
	}
	var id string
	s.does("POST", call+"/recordResponse", func(c *checks) error {
		body := communications.NewCallsItemRecordResponsePostRequestBody()
		body.SetPrompts([]models.Promptable{prompt()})
		body.SetBargeInAllowed(new(true))
		body.SetInitialSilenceTimeoutInSeconds(new(int32(5)))
		body.SetMaxSilenceTimeoutInSeconds(new(int32(2)))
		body.SetMaxRecordDurationInSeconds(new(int32(10)))
		body.SetPlayBeep(new(true))
		body.SetStopTones([]string{"#", "1", "*"})
		body.SetClientContext(new(mark))
		reply, err := s.graph.call(placed.ID()).RecordResponse().Post(s.ctx, body, nil)
		if c.got(reply, err) {
			checkOperation(c, reply, "recordOperation", models.RUNNING_OPERATIONSTATUS)
			c.that(reply.GetRecordingLocation() == nil, "there is no recording yet")
			id = value(reply.GetId())
		}
		return err
	})
	s.until(&checks{}, "it is recorded", func() bool { return s.ended(id) })
	s.getOperation(placed, id, func(c *checks, reply models.CommsOperationable) {
		checkOperation(c, reply, "recordOperation", models.COMPLETED_OPERATIONSTATUS)
		if recorded, ok := is[*models.RecordOperation](c, "the operation", reply); ok {
			filled(c, "recordingLocation", recorded.GetRecordingLocation())
			filled(c, "recordingAccessToken", recorded.GetRecordingAccessToken())
		}
	})
}

// tones asks for the tones of the other end, and sends some.
func (s *stage) tones() {
	placed := s.established(s.callTo(s.platform.AddPerson("Adele Vance")))
	if placed == nil {
		return
	}
	s.does("POST", call+"/subscribeToTone", func(c *checks) error {
		body := communications.NewCallsItemSubscribeToTonePostRequestBody()
		body.SetClientContext(new(mark))
		reply, err := s.graph.call(placed.ID()).SubscribeToTone().Post(s.ctx, body, nil)
		if c.got(reply, err) {
			checkOperation(c, reply, "subscribeToToneOperation", models.COMPLETED_OPERATIONSTATUS)
			c.that(placed.Facts().TonesSubscribed, "the platform knows")
		}
		return err
	})
	placed.PressKey("pound")
	s.does("POST", call+"/sendDtmfTones", func(c *checks) error {
		body := communications.NewCallsItemSendDtmfTonesPostRequestBody()
		body.SetTones([]models.Tone{models.TONE1_TONE, models.STAR_TONE})
		body.SetDelayBetweenTonesMs(new(int32(100)))
		body.SetClientContext(new(mark))
		reply, err := s.graph.call(placed.ID()).SendDtmfTones().Post(s.ctx, body, nil)
		if c.got(reply, err) {
			checkOperation(c, reply, "sendDtmfTonesOperation", models.RUNNING_OPERATIONSTATUS)
			s.until(c, "two keys are sent", func() bool { return len(placed.Facts().KeysSent) == 2 })
		}
		return err
	})
}

// getOperation gets an operation, of a type the client finds out itself.
func (s *stage) getOperation(in *simulator.Call, id string, check func(*checks, models.CommsOperationable)) {
	s.does("GET", call+"/operations/{id}", func(c *checks) error {
		reply, err := s.graph.call(in.ID()).Operations().ByCommsOperationId(id).Get(s.ctx, nil)
		if c.got(reply, err) {
			equal(c, "id", reply.GetId(), id)
			check(c, reply)
		}
		return err
	})
}

// ended reports whether the bot was told that an operation has ended.
func (s *stage) ended(id string) bool {
	return slices.ContainsFunc(s.webhook.heard(), func(n notice) bool {
		operation, ok := n.model.(models.CommsOperationable)
		return ok && value(operation.GetId()) == id && n.change == "deleted"
	})
}
