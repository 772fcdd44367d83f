package transport

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
)

// Receiver takes what the webhook has accepted.
type Receiver interface {
	// Receive puts a delivery where it will be worked on, and returns at once: the platform is waiting. Code that
	// belongs to the bot's user must not run in it, but for what decides the answer: a redirect, or what to say to a
	// joining participant.
	//
	// After an error nothing of the delivery may have been taken. [ErrBusy], [ErrClosed] and [ErrMisrouted] ask the
	// platform to try again, and [ErrNoRoute] not to; any other error is trouble of the bot's own. It may be called by
	// several goroutines at once.
	Receive(ctx context.Context, d Delivery) (Answer, error)
}

var (
	// ErrBusy is what a Receiver returns when it is full. The platform is asked to try again.
	ErrBusy = errors.New("transport: the receiver is full")
	// ErrClosed is what a Receiver returns when it has been shut down. The platform is asked to try again, so that
	// another instance may take the delivery.
	ErrClosed = errors.New("transport: the receiver is closed")
	// ErrMisrouted is what a Receiver returns for a delivery that belongs to another instance, to which it could not be
	// handed on. The platform is asked to try again, and may then reach the right one.
	ErrMisrouted = errors.New("transport: the delivery belongs to another instance")
	// ErrNoRoute is what a Receiver returns for a delivery to an address that was never given out.
	ErrNoRoute = errors.New("transport: the address is not one that was given out")
	// ErrTooLarge is returned for a trusted delivery above the webhook's MaxBodyBytes.
	ErrTooLarge = errors.New("transport: the notification is too large: raise MaxBodyBytes if it is genuine")
	// ErrTooMany is returned for a trusted delivery of more notifications than the webhook's MaxNotifications.
	ErrTooMany = errors.New("transport: too many notifications in one request: raise MaxNotifications if it is genuine")
	// ErrPanic is returned for a trusted delivery at which the Receiver panicked. It may have been taken before that.
	ErrPanic = errors.New("transport: the receiver panicked")
)

// Delivery is one POST from the platform, with its notifications in the order of the text.
type Delivery struct {
	// TenantID is the one the platform's token names.
	TenantID string
	// MessageID names the POST: the same one twice is the same POST delivered twice. OriginalMessageID, which is rare,
	// names another that this one may repeat; that is not documented, so do not drop a delivery for it alone.
	//
	// ChainID and ScenarioID tie together what belongs to a call; the ScenarioID is the ChainID where the platform
	// sent none. Each of the ids is "" when the platform sent none that can be used.
	MessageID         string
	OriginalMessageID string
	ChainID           string
	ScenarioID        string
	// RequestURL is path and query as the platform called them, before any router stripped a prefix.
	RequestURL string
	// Received is when the POST arrived.
	Received time.Time
	// Notifications is the receiver's to keep.
	Notifications *resources.Notifications

	header http.Header
	body   []byte
}

// Raw returns the POST as it came, for a receiver that hands it on to another instance's [Webhook.DeliverTrusted]. Its
// header has no credentials.
func (d *Delivery) Raw() TrustedDelivery {
	header := http.Header{}
	for name, values := range d.header {
		if name != "Authorization" {
			header[name] = slices.Clone(values)
		}
	}
	return TrustedDelivery{TenantID: d.TenantID, RequestURL: d.RequestURL, Header: header, Body: d.body}
}

// Size is the length of the POST's body, in bytes.
func (d *Delivery) Size() int { return len(d.body) }

// Header returns a header of the POST, or "".
func (d *Delivery) Header(name string) string { return d.header.Get(name) }

// Answer is what to tell the platform. The zero Answer says that the delivery was accepted.
type Answer struct {
	// RedirectTo is the absolute URL of the deployment the delivery belongs to; the delivery was not taken here.
	RedirectTo string
	// RedirectStatus is 307 or, for anything else, 302.
	RedirectStatus int
	// Joining is the decision on a participant of a recording policy; nil if there was none to take.
	Joining resources.ParticipantJoiningResponse
}

// TrustedDelivery is a POST from the platform that the host has read, and has authenticated.
type TrustedDelivery struct {
	// TenantID is the one the platform's token names.
	TenantID string
	// RequestURL is path and query as the platform called them.
	RequestURL string
	// Header is the request's; its names may be spelt in any case.
	Header http.Header
	Body   []byte
}

// first is Get for a name that is spelt as net/http does.
func first(header http.Header, name string) string {
	if values := header[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// canonical spells the names of a header as net/http does, which not every host hands on so.
func canonical(header http.Header) http.Header {
	if isCanonical(header) {
		return header
	}
	spelt := make(http.Header, len(header))
	for name, values := range header {
		spelt[http.CanonicalHeaderKey(name)] = values
	}
	return spelt
}

func isCanonical(header http.Header) bool {
	for name := range header {
		if name != http.CanonicalHeaderKey(name) {
			return false
		}
	}
	return true
}

func newDelivery(header http.Header) Delivery {
	d := Delivery{
		MessageID:         plainID(first(header, "X-Microsoft-Skype-Message-Id")),
		OriginalMessageID: plainID(first(header, "X-Microsoft-Skype-Original-Message-Id")),
		ChainID:           plainID(first(header, "X-Microsoft-Skype-Chain-Id")),
		ScenarioID:        plainID(first(header, "Scenario-Id")),
		Received:          time.Now(),
		header:            header,
	}
	if d.ScenarioID == "" {
		d.ScenarioID = d.ChainID
	}
	return d
}
