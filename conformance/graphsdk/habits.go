package main

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/graphcalls/graphcalls-go/simulator"
)

// habits checks that the service bears with what the client does unasked.
func (s *stage) habits() {
	s.also("request bodies are compressed", func(c *checks) error {
		c.that(slices.ContainsFunc(s.platform.Exchanges(), func(e simulator.Exchange) bool {
			return !e.ToBot && e.RequestHeader.Get("Content-Encoding") == "gzip" && e.Status == http.StatusCreated
		}), "one was, and taken")
		return nil
	})
	// One without a body: in some of the orders the client gives its
	// middlewares by chance, a body that is sent again is no longer compressed
	// and still said to be.
	s.also("a request answered 429 is made again", func(c *checks) error {
		placed := s.established(s.callTo(s.platform.AddPerson("Adele Vance")))
		if placed == nil {
			return errors.New("no call")
		}
		s.platform.Throttle(1, time.Second)
		began := time.Now()
		reply, err := s.graph.call(placed.ID()).Get(s.ctx, nil)
		if err != nil {
			return err
		}
		equal(c, "id", reply.GetId(), placed.ID())
		c.that(time.Since(began) >= time.Second, "after the time it was told")
		return nil
	})
}
