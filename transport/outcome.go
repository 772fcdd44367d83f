package transport

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
)

// outcome is how a request to the webhook ended: all that is counted, logged and answered.
type outcome struct {
	status   int
	reason   Reason // "" when the request was accepted or redirected
	err      error  // for the log
	stack    []byte // of a panic
	delivery Delivery
	echoIDs  bool // the sender is known, and may have its ids back
	answer   Answer
	body     []byte
}

func refuse(status int, reason Reason, err error) outcome {
	return outcome{status: status, reason: reason, err: err}
}

// of says whose outcome it is.
func (o outcome) of(d Delivery) outcome {
	o.delivery = d
	return o
}

// refuseToken is for a request that is not proven to come from the platform.
func refuseToken(err error) outcome {
	reason := reasonOfToken(err)
	if reason == ReasonKeysUnavailable {
		return refuse(http.StatusServiceUnavailable, reason, err)
	}
	return refuse(http.StatusUnauthorized, reason, err)
}

// refuseBody is for a body that could not be read.
func refuseBody(err error) outcome {
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge || errors.Is(err, ErrTooLarge) {
		return refuse(http.StatusRequestEntityTooLarge, ReasonTooLarge, err)
	}
	if errors.Is(err, ErrBusy) {
		return refuse(http.StatusServiceUnavailable, ReasonBusy, err)
	}
	return refuse(http.StatusBadRequest, ReasonUnreadable, err)
}

// refuseText is for a body that could not be decoded.
func refuseText(err error) outcome {
	if errors.Is(err, resources.ErrLegacyFormat) {
		return refuse(http.StatusNoContent, ReasonLegacy, err)
	}
	if errors.Is(err, ErrTooMany) {
		return refuse(http.StatusRequestEntityTooLarge, ReasonTooMany, err)
	}
	return refuse(http.StatusBadRequest, ReasonMalformed, err)
}

// refuseReceived is for a delivery the receiver did not take.
func refuseReceived(err error) outcome {
	switch {
	case errors.Is(err, ErrBusy):
		return refuse(http.StatusServiceUnavailable, ReasonBusy, err)
	case errors.Is(err, ErrClosed):
		return refuse(http.StatusServiceUnavailable, ReasonClosed, err)
	case errors.Is(err, ErrMisrouted):
		return refuse(http.StatusServiceUnavailable, ReasonMisrouted, err)
	case errors.Is(err, ErrNoRoute):
		return refuse(http.StatusNotFound, ReasonNoRoute, err)
	}
	return refuse(http.StatusInternalServerError, ReasonFailed, err)
}

// answered is for a delivery the receiver has decided on.
func answered(answer Answer) outcome {
	o := outcome{status: http.StatusAccepted, answer: answer}
	switch {
	case answer.RedirectTo != "":
		if target, err := url.Parse(answer.RedirectTo); err != nil || target.Host == "" {
			return refuse(http.StatusInternalServerError, ReasonFailed,
				errors.New("the redirect leads nowhere: RedirectTo must be an absolute URL"))
		}
		o.status = http.StatusFound
		if answer.RedirectStatus == http.StatusTemporaryRedirect {
			o.status = http.StatusTemporaryRedirect
		}
	case answer.Joining != nil:
		body, err := resources.Encode(answer.Joining)
		if err != nil {
			return refuse(http.StatusInternalServerError, ReasonFailed, err)
		}
		o.status, o.body = http.StatusOK, body
	}
	return o
}

// write answers the request. Nothing of the request goes back but the ids of a known sender.
func (o outcome) write(writer http.ResponseWriter, wait time.Duration) {
	header := writer.Header()
	if o.echoIDs {
		o.echo(header, "Client-Request-Id", o.delivery.MessageID)
		o.echo(header, "Scenario-Id", o.delivery.ScenarioID)
	}
	switch o.status {
	case http.StatusMethodNotAllowed:
		header.Set("Allow", http.MethodPost)
	case http.StatusRequestEntityTooLarge:
		header.Set("Connection", "close")
	case http.StatusUnauthorized:
		header.Set("Www-Authenticate", "Bearer")
	case http.StatusServiceUnavailable:
		header.Set("Retry-After", strconv.Itoa(max(1, int(wait.Round(time.Second)/time.Second))))
	case http.StatusFound, http.StatusTemporaryRedirect:
		header.Set("Location", o.answer.RedirectTo)
	case http.StatusOK:
		header.Set("Content-Type", "application/json")
	}
	writer.WriteHeader(o.status)
	// An error means that the platform has gone; the delivery stays accepted.
	_, _ = writer.Write(o.body)
}

func (o outcome) echo(header http.Header, name, id string) {
	if id != "" {
		header[name] = []string{id}
	}
}
