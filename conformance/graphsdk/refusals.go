package main

import (
	"errors"
	"net/http"

	"github.com/microsoftgraph/msgraph-sdk-go/communications"
	"github.com/microsoftgraph/msgraph-sdk-go/models/odataerrors"

	"github.com/graphcalls/graphcalls-go/simulator"
)

// refusals asks for what the service refuses.
func (s *stage) refusals() {
	s.refused("404 from GET of a call that is not there", http.StatusNotFound, func() error {
		_, err := s.graph.call("6a2bd8e5-5c51-4d2c-8f4c-6b0f6b0b8c11").Get(s.ctx, nil)
		return err
	})
	placed := s.established(s.callTo(s.platform.AddPerson("Adele Vance")))
	if placed == nil {
		return
	}
	s.refused("400 from playPrompt without a prompt", http.StatusBadRequest, func() error {
		body := communications.NewCallsItemPlayPromptPostRequestBody()
		_, err := s.graph.call(placed.ID()).PlayPrompt().Post(s.ctx, body, nil)
		return err
	})
	s.refused("400 from a callback that is not https", http.StatusBadRequest, func() error {
		posted := s.callTo(s.platform.AddPerson("Alex Wilber"))
		posted.SetCallbackUri(new("http://bot.contoso.com/api/calls"))
		_, err := s.graph.calls().Post(s.ctx, posted, nil)
		return err
	})
	s.refused("403 from a call without the permission for it", http.StatusForbidden, func() error {
		bot := s.platform.RegisterBot(simulator.Bot{Permissions: []string{"Calls.JoinGroupCall.All"}})
		powerless, err := newGraph(s.platform, bot)
		if err != nil {
			return err
		}
		_, err = powerless.calls().Post(s.ctx, s.callTo(s.platform.AddPerson("Alex Wilber")), nil)
		return err
	})
	placed.Vanish()
	s.refused("404 from keepAlive of a call that has ended", http.StatusNotFound, func() error {
		return s.graph.call(placed.ID()).KeepAlive().Post(s.ctx, nil)
	})
}

// refused checks that a request fails with the client's own error.
func (s *stage) refused(name string, status int, ask func() error) {
	s.also(name, func(c *checks) error {
		err := ask()
		var refused *odataerrors.ODataError
		if !errors.As(err, &refused) {
			c.fail("it is a %T, not an ODataError: %v", err, err)
			return nil
		}
		equal(c, "status", &refused.ResponseStatusCode, status)
		said := refused.GetErrorEscaped()
		if said == nil {
			c.fail("error is missing")
			return nil
		}
		filled(c, "code", said.GetCode())
		filled(c, "message", said.GetMessage())
		inner := said.GetInnerError()
		if inner == nil {
			c.fail("innerError is missing")
			return nil
		}
		filled(c, "request-id", inner.GetRequestId())
		filled(c, "client-request-id", inner.GetClientRequestId())
		c.that(inner.GetDate() != nil, "date can be read")
		return nil
	})
}
