package statefulclient

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/media"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/transport"
)

// Add places a call: to one person, to several, or into a meeting, as the
// resource says. Left out, CallbackURI is the client's notification URL, the
// modality is audio, and media is service-hosted. It returns when the platform
// has taken the request; the call is established when its state says so.
//
// In a group call of several targets the platform tells who has come, by the
// roster, and nothing of who declines or does not pick up: that they stay absent
// from the roster is all there is (Participants.Find). It is established when the
// first has come.
//
// The request is never sent twice unless the first surely had no effect. When
// the error is a *transport.Error with EffectUnknown, a call may exist all the
// same; it then shows itself in OnUnmatched.
//
// See https://learn.microsoft.com/graph/api/application-post-calls.
func (c *Calls) Add(ctx context.Context, call resources.Call) (*Call, error) {
	return c.add(ctx, call, nil)
}

// AddWithMedia places a call as Add does, with a share of the bot's own media
// stack, in place of a MediaConfig. The session is asked for its configuration
// right before the request is sent, and gives the modalities unless the call
// names some. From then on the client owns it: it is closed when the call ends
// or the client is closed, and before AddWithMedia returns an error. An error
// with EffectUnknown may leave a call without media.
func (c *Calls) AddWithMedia(ctx context.Context, call resources.Call, session media.Session) (*Call, error) {
	if session == nil {
		return nil, invalid("AddWithMedia needs a session; without one use Add")
	}
	placed, err := c.add(ctx, call, session)
	c.client.ownSession(session, placed, err)
	return placed, err
}

func (c *Calls) add(ctx context.Context, call resources.Call, session media.Session) (*Call, error) {
	if err := c.beginPlacing(); err != nil {
		return nil, err
	}
	defer c.endPlacing()
	if call.CallbackURI == "" {
		call.CallbackURI = c.client.callback
	}
	if err := checkPlaceable(&call); err != nil {
		return nil, err
	}
	place, done, err := c.client.placeToCallFrom(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	if err := completeMedia(ctx, session, &call.MediaConfig, &call.RequestedModalities); err != nil {
		return nil, err
	}
	scenario := newScenarioID()
	call.CallbackURI = c.client.routes.address(call.CallbackURI, place, scenario)
	reply, err := c.client.rest.Do(ctx, transport.Request{
		Method: "POST", Path: "communications/calls", Tenant: call.TenantID, ScenarioID: scenario, Body: &call,
	})
	if err != nil {
		return nil, fmt.Errorf("statefulclient: place call: %w", err)
	}
	created, err := resources.Decode[resources.Call](reply.Body)
	if err != nil {
		return nil, fmt.Errorf("statefulclient: place call: the platform's reply: %w", err)
	}
	if created.ID == "" {
		path, _ := resources.ParsePath(reply.Location)
		if created.ID = path.CallID; created.ID == "" {
			return nil, fmt.Errorf("statefulclient: place call: the platform's reply names no call: %w", resources.ErrMalformed)
		}
	}
	return c.placed(created, scenario, call.CallbackURI, place)
}

// placeToCallFrom is the place of a call that is about to be placed; empty for a
// process alone.
func (c *Client) placeToCallFrom(ctx context.Context) (place string, done func(), err error) {
	if c.fleet == nil {
		return "", func() {}, nil
	}
	place, done, err = c.fleet.Place(ctx)
	if err == nil && !isName(place) {
		done()
		err = errors.New("the fleet's name for it must be of letters, digits, - and _, 64 at most")
	}
	if err != nil {
		return "", nil, fmt.Errorf("statefulclient: place call: no place for it: %w", err)
	}
	return place, done, nil
}

func checkPlaceable(call *resources.Call) error {
	if err := checkHTTPS(call.CallbackURI); err != nil {
		return invalid("CallbackURI: %v", err)
	}
	if len(call.Targets) == 0 && call.MeetingInfo == nil {
		return invalid("the call has neither Targets nor MeetingInfo: say whom to call, or which meeting to join")
	}
	return checkTargets(call)
}

// newScenarioID returns a random GUID.
func newScenarioID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// placed is the call of a reply to a request that created it.
func (c *Calls) placed(reply *resources.Call, scenario, callback, place string) (*Call, error) {
	c.mu.Lock()
	first := letter{input: reduce.Replied{Call: reply}, cause: CauseReply}
	if call, known := c.Get(reply.ID); known {
		c.mu.Unlock()
		call.receive(first)
		return call, nil
	}
	if c.client.closed() {
		c.mu.Unlock()
		return nil, fmt.Errorf("%w; call %s was placed and goes on without it", ErrClosed, reply.ID)
	}
	begun := c.begin(birth{id: reply.ID, scenario: scenario, first: first, callback: callback, place: place})
	refusing := c.refusing
	c.mu.Unlock()
	begun.follow()
	if refusing { // the client began to shut down meanwhile, and waits for this call too
		c.client.group.Go(func() { begun.call.hangUpOrReject(c.client.context) })
	}
	return begun.call, nil
}
