package main

import (
	"context"
	"fmt"
	"net/http"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

// playNotification sends a documented notification to a client's webhook, byte
// for byte as printed, and checks what the webhook answers, that all of it is
// placed, and that the client says what it said.
func playNotification(ctx context.Context, e, documented *example, found *findings) error {
	read, err := resources.DecodeNotifications(e.body)
	if err != nil {
		found.came = append(found.came, "it is no notification: "+err.Error())
		return nil
	}
	w, err := newWitness()
	if err != nil {
		return err
	}
	defer w.close()
	for i := range read.Value {
		if err := w.prepare(ctx, &read.Value[i]); err != nil {
			return err
		}
	}
	before, err := w.settled(ctx)
	if err != nil {
		return err
	}
	reply, err := w.deliver(ctx, e)
	if err != nil {
		return err
	}
	after, err := w.settled(ctx)
	if err != nil {
		return err
	}
	found.judgeReply(reply, documented)
	if reply.status/100 != 2 {
		return nil
	}
	if lost := after.Stale + after.Late + after.Waiting - before.Stale - before.Late - before.Waiting; lost > 0 {
		found.came = append(found.came, "it was not applied: it counted as stale, late or out of turn")
	}
	for i := range read.Value {
		found.came = append(found.came, w.missing(&read.Value[i], item(e.value(), i))...)
	}
	return nil
}

// judgeReply compares what the webhook answered with the documented answer;
// without one it is 202.
func (f *findings) judgeReply(reply *answer, documented *example) {
	status := http.StatusAccepted
	if documented != nil && documented.status != 0 {
		status = documented.status
	}
	if reply.status != status {
		f.came = append(f.came, fmt.Sprintf("the webhook answered %d, not %d", reply.status, status))
	} else if documented != nil {
		f.answer = reply.compare(documented)
	}
}

// deliver posts a notification with a token of the platform's, to the printed
// path at the bot's address.
func (w *witness) deliver(ctx context.Context, e *example) (*answer, error) {
	options := simulator.PostOptions{URL: w.webhook + pathOf(e.url), Header: e.sent()}
	exchange, err := w.platform.Post(ctx, w.bot, e.body, options)
	return &answer{exchange.Status, exchange.ResponseHeader, exchange.ResponseBody}, err
}

// prepare brings the client to where a notification makes sense: it knows the
// call, unless it is one that comes in; it is as far as the state before; and
// what ends has begun.
func (w *witness) prepare(ctx context.Context, n *resources.Notification) error {
	path, ok := n.Path()
	if !ok {
		return nil // nobody could place it
	}
	if _, known := w.client.Calls().Get(path.CallID); known {
		return nil
	}
	call, _ := n.Data.(*resources.Call)
	switch {
	case call == nil:
		if err := w.know(ctx, path.CallID, false); err != nil {
			return err
		}
		return w.begin(ctx, n, path)
	case call.State == resources.CallStateIncoming:
		return nil
	case call.ResultInfo.Failed() && call.State == resources.CallStateEstablished:
		if err := w.know(ctx, path.CallID, false); err != nil {
			return err
		}
		return w.tell(ctx, resources.ChangeTypeUpdated, resources.Path{CallID: path.CallID},
			&resources.Call{State: resources.CallStateTransferring})
	default:
		early := call.ToneInfo == nil && (call.State == resources.CallStateEstablishing ||
			call.State == resources.CallStateRinging || call.State == resources.CallStateEstablished)
		return w.know(ctx, path.CallID, early)
	}
}

// begin has what a notification says has ended begin; operations need not.
func (w *witness) begin(ctx context.Context, n *resources.Notification, path resources.Path) error {
	if n.ChangeType != resources.ChangeTypeDeleted || path.Collection != resources.CollectionContentSharingSessions {
		return nil
	}
	return w.tell(ctx, resources.ChangeTypeCreated, path, n.Data)
}

// item is the data of a notification as printed.
func item(text any, at int) any {
	envelope, _ := text.(map[string]any)
	list, _ := property(envelope, "value")
	items, _ := list.([]any)
	if at >= len(items) {
		return nil
	}
	one, _ := items[at].(map[string]any)
	data, _ := property(one, "resourceData")
	return data
}
