package statefulclient

import (
	"context"
	"fmt"
	"slices"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/resources"
)

// TransferOptions say how to transfer a call. The zero value is a blind
// transfer.
type TransferOptions struct {
	// ReplacesCallID makes the transfer a consultative one: the target is in
	// that call with the bot already, and it is the one that goes on.
	ReplacesCallID string
	// Transferee is who is transferred, out of a group call.
	Transferee *resources.ParticipantInfo
}

type transferRequest struct {
	resources.Wire
	TransferTarget *resources.InvitationParticipantInfo `json:"transferTarget"`
	Transferee     *resources.ParticipantInfo           `json:"transferee"`
}

// Transfer is a transfer under way.
type Transfer struct {
	call *Call
	done chan struct{}
	err  error // set before done is closed
}

// TransferError is returned where a transfer failed. The call is still the
// bot's.
type TransferError struct {
	CallID string
	Result *resources.ResultInfo
}

// Error is one line.
func (e *TransferError) Error() string {
	if e.Result == nil {
		return fmt.Sprintf("statefulclient: transfer of call %s failed", e.CallID)
	}
	return fmt.Sprintf("statefulclient: transfer of call %s failed: %d/%d %s", e.CallID, e.Result.Code, e.Result.Subcode, e.Result.Message)
}

// Done is closed when the transfer has ended, well or not.
func (t *Transfer) Done() <-chan struct{} { return t.done }

// Wait returns nil when the other side has been transferred, by which the call
// ends for the bot. A transfer that failed is a *TransferError, and the call
// lives on; a call that ended in another way is an *EndedError, or ErrClosed if
// the client was closed. When ctx ends first, its error is returned and the
// transfer goes on.
func (t *Transfer) Wait(ctx context.Context) error {
	select {
	case <-t.done:
		return t.err
	case <-ctx.Done():
		return ctx.Err()
	case <-t.call.client.context.Done():
		return ErrClosed
	}
}

// Transfer hands the other side of the call over to somebody else. It returns
// when the platform has taken the request; how it came out, the Transfer says.
//
// See https://learn.microsoft.com/graph/api/call-transfer.
func (c *Call) Transfer(ctx context.Context, target resources.IdentitySet, options TransferOptions) (*Transfer, error) {
	if err := checkTarget(&target, 0); err != nil {
		return nil, err
	}
	t := &Transfer{call: c, done: make(chan struct{})}
	c.mu.Lock()
	c.transfers = append(c.transfers, t)
	c.mu.Unlock()
	_, err := c.act(ctx, "transfer", &transferRequest{
		TransferTarget: &resources.InvitationParticipantInfo{Identity: &target, ReplacesCallID: options.ReplacesCallID},
		Transferee:     options.Transferee,
	})
	if err != nil {
		c.mu.Lock()
		c.transfers = slices.DeleteFunc(c.transfers, func(other *Transfer) bool { return other == t })
		c.mu.Unlock()
		return nil, err
	}
	if reason, ended := c.End(); ended { // perhaps before the transfer was listed
		c.finishTransfers(transferOutcome(c.id, reason))
	}
	return t, nil
}

// endTransfers ends the transfers that what just happened decides.
func (c *Call) endTransfers(events []reduce.Event, end *reduce.End) {
	for _, event := range events {
		if failed, ok := event.(reduce.TransferFailed); ok {
			c.finishTransfers(&TransferError{c.id, failed.Result})
		}
	}
	if end != nil {
		c.finishTransfers(transferOutcome(c.id, c.reasonOf(end)))
	}
}

// transferOutcome tells the end that a transfer brings from any other.
func transferOutcome(id string, reason EndReason) error {
	if reason.Subcode == 7015 || reason.Word == "AppTransferred" {
		return nil
	}
	return &EndedError{id, reason}
}

func (c *Call) finishTransfers(outcome error) {
	c.mu.Lock()
	finished := c.transfers
	c.transfers = nil
	c.mu.Unlock()
	for _, t := range finished {
		t.err = outcome
		close(t.done)
	}
}
