package transport

import (
	"cmp"
	"io"
	"net/http"
)

// Reply is the service's answer to a request.
type Reply struct {
	StatusCode int
	// Location is the address of what the request created, such as a call or an operation; "" when it names none.
	Location string
	// RequestID is the service's name for the request, ClientRequestID the client's, the same for all its attempts.
	RequestID       string
	ClientRequestID string
	ScenarioID      string
	// Body may be empty. It is the caller's.
	Body []byte
}

// readReply reads an answer that is in memory already; see buffered.
func readReply(p *progress, response *http.Response) (*Reply, error) {
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	return &Reply{
		StatusCode:      response.StatusCode,
		Location:        response.Header.Get("Location"),
		RequestID:       plainID(response.Header.Get("Request-Id")),
		ClientRequestID: p.clientRequestID,
		ScenarioID:      cmp.Or(plainID(response.Header.Get("Scenario-Id")), p.request.ScenarioID),
		Body:            body,
	}, nil
}
