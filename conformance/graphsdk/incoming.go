package main

import (
	"slices"

	"github.com/microsoftgraph/msgraph-sdk-go/communications"
	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

// incomingCalls answers, rejects and redirects.
func (s *stage) incomingCalls() {
	adele := s.platform.AddPerson("Adele Vance")
	answered := adele.Call(s.bot)
	s.does("POST", call+"/answer", func(c *checks) error {
		body := communications.NewCallsItemAnswerPostRequestBody()
		body.SetCallbackUri(&s.webhook.url)
		body.SetMediaConfig(models.NewServiceHostedMediaConfig())
		body.SetAcceptedModalities([]models.Modality{models.AUDIO_MODALITY})
		options := models.NewIncomingCallOptions()
		options.SetIsContentSharingNotificationEnabled(new(true))
		body.SetCallOptions(options)
		err := s.graph.call(answered.ID()).Answer().Post(s.ctx, body, nil)
		c.that(answered.Facts().Answered, "the call is answered")
		return err
	})
	s.does("GET", call, func(c *checks) error {
		reply, err := s.graph.call(answered.ID()).Get(s.ctx, nil)
		if c.got(reply, err) {
			equal(c, "direction", reply.GetDirection(), models.INCOMING_CALLDIRECTION)
			c.that(reply.GetSource() != nil && userID(reply.GetSource().GetIdentity()) == adele.ID, "Adele is the source")
		}
		return err
	})
	s.settle()
	answered.Hangup()
	s.reject()
	s.redirect()
}

func (s *stage) reject() {
	rejected := s.platform.AddPerson("Alex Wilber").Call(s.bot)
	s.does("POST", call+"/reject", func(c *checks) error {
		body := communications.NewCallsItemRejectPostRequestBody()
		body.SetReason(new(models.BUSY_REJECTREASON))
		body.SetCallbackUri(&s.webhook.url)
		err := s.graph.call(rejected.ID()).Reject().Post(s.ctx, body, nil)
		c.that(rejected.Facts().Rejected == resources.RejectReasonBusy, "the call is rejected, as busy")
		return err
	})
}

func (s *stage) redirect() {
	caller, colleague := s.platform.AddPerson("Diego Siciliani"), s.platform.AddPerson("Megan Bowen")
	redirected := caller.Call(s.bot)
	s.does("POST", call+"/redirect", func(c *checks) error {
		body := communications.NewCallsItemRedirectPostRequestBody()
		body.SetTargets(invitations(colleague))
		body.SetTimeout(new(int32(30)))
		body.SetCallbackUri(&s.webhook.url)
		if err := s.graph.call(redirected.ID()).Redirect().Post(s.ctx, body, nil); err != nil {
			return err
		}
		s.until(c, "caller and colleague talk", func() bool { return talk(caller, colleague) })
		return nil
	})
}

// transfers sends a caller on to somebody else.
func (s *stage) transfers() {
	caller, colleague := s.platform.AddPerson("Joni Sherman"), s.platform.AddPerson("Lee Gu")
	placed := s.established(s.callTo(caller))
	if placed == nil {
		return
	}
	s.does("POST", call+"/transfer", func(c *checks) error {
		body := communications.NewCallsItemTransferPostRequestBody()
		body.SetTransferTarget(invitation(user(colleague)))
		if err := s.graph.call(placed.ID()).Transfer().Post(s.ctx, body, nil); err != nil {
			return err
		}
		s.until(c, "caller and colleague talk", func() bool { return talk(caller, colleague) })
		return nil
	})
}

func talk(one, other *simulator.Person) bool { return slices.Contains(one.With(), other) }
