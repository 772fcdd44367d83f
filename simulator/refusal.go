package simulator

import (
	"encoding/json"
	"net/http"
	"time"
)

// refusal is an error of the service: an HTTP status, a code that is a word or
// a number, and a message.
type refusal struct {
	status  int
	code    string
	message string
}

func badRequest(message string) *refusal {
	return &refusal{http.StatusBadRequest, "BadRequest", message}
}

func callNotFound() *refusal {
	return &refusal{http.StatusNotFound, "8522", "Call not found. It may have ended or been deleted."}
}

func notASegment() *refusal { return badRequest("Resource not found for the segment.") }

func notAParameter(name string) *refusal {
	return badRequest("The parameter '" + name + "' in the request payload is not a valid parameter for the operation.")
}

type errorBody struct {
	Error errorDetail `json:"error"`
}

type errorDetail struct {
	Code    string     `json:"code"`
	Message string     `json:"message"`
	Inner   innerError `json:"innerError"`
}

type innerError struct {
	Date            string `json:"date"`
	RequestID       string `json:"request-id"`
	ClientRequestID string `json:"client-request-id"`
}

func (r *request) refuse(why *refusal) reply {
	body, err := json.Marshal(errorBody{errorDetail{why.code, why.message, innerError{
		Date:            r.platform.clock.now().UTC().Format(time.DateOnly + "T15:04:05"),
		RequestID:       r.id,
		ClientRequestID: r.clientID,
	}}})
	if err != nil {
		return reply{status: http.StatusInternalServerError}
	}
	header := http.Header{}
	if why.status == http.StatusUnauthorized {
		header.Set("WWW-Authenticate", `Bearer realm="", authorization_uri="`+r.platform.AuthorityURL()+`/common/oauth2/v2.0/authorize"`)
	}
	return reply{status: why.status, header: header, contentType: jsonType, body: body}
}
