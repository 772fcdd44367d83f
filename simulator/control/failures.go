package control

import (
	"net/http"
	"strconv"

	"github.com/graphcalls/graphcalls-go/simulator"
)

// failureText says which requests of bots fail, and how.
type failureText struct {
	Method            string `json:"method"`
	Path              string `json:"path"`
	Status            int    `json:"status"`
	Code              string `json:"code"`
	Message           string `json:"message"`
	AfterEffect       bool   `json:"afterEffect"`
	RetryAfterSeconds int    `json:"retryAfterSeconds"`
	Times             int    `json:"times"`
}

func (s *Server) failNext(r *request) (answer, error) {
	var body failureText
	if err := r.parse(&body); err != nil {
		return answer{}, err
	}
	switch {
	case body.Status != 0 && (body.Status < 200 || body.Status > 599):
		return answer{}, invalid("status must be between 200 and 599, or 0 to cut the connection.")
	case body.Times < 0 || body.Times > 1000 || body.RetryAfterSeconds < 0:
		return answer{}, invalid("Numbers must not be negative, and times be 1000 at most.")
	}
	failure := simulator.Failure{
		Method: body.Method, Path: body.Path, Status: body.Status, Code: body.Code, Message: body.Message,
		AfterEffect: body.AfterEffect, Times: body.Times,
	}
	if body.RetryAfterSeconds > 0 {
		failure.Header = http.Header{"Retry-After": {strconv.Itoa(body.RetryAfterSeconds)}}
	}
	s.note(actText{Who: "Fault", What: "fail " + body.Method + " " + body.Path + " " + strconv.Itoa(body.Status), Fault: true})
	s.platform.FailNext(failure)
	return done()
}
