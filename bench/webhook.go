package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
)

func webhookFigures() []Figure {
	return []Figure{{"webhook_overhead", "an authenticated webhook's round trip on loopback: ours / bare net/http's", Bound{AtMost: 1.25}, webhookOverhead}}
}

// webhookOverhead is what the platform waits for: one connection that is kept
// alive, one POST after the other, each with a token that was verified before,
// as most are. What is done after the answer (the inbox, the handler) is waited
// for at the end of a round; it is done while the next request is on its way,
// for which there is a second core or is not. What many connections get out of a
// machine that has nothing to spare is another figure: see loadRun.
//
// A round trip is mostly waking each other up, which differs from moment to
// moment, so there are more rounds than elsewhere.
func webhookOverhead(b *Bench) (result Result, err error) {
	ctx := context.Background()
	ours, err := openWebhook(ctx, 1)
	if err != nil {
		return Result{}, err
	}
	defer func() { err = errors.Join(err, ours.close()) }()
	peer, err := serve(http.HandlerFunc(bare))
	if err != nil {
		return Result{}, err
	}
	defer func() { err = errors.Join(err, peer.close()) }()
	client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 1}}
	defer client.CloseIdleConnections()
	toOurs := newPosting(client, ours.served.address, ours.authority.token)
	toPeer := newPosting(client, peer.address, ours.authority.token)
	steadier := *b
	steadier.Rounds *= 4
	c, err := steadier.Compare(
		func(n int) error { return errors.Join(toOurs.post(ctx, n), ours.heard(ctx, n)) },
		func(n int) error { return toPeer.post(ctx, n) })
	if err != nil {
		return Result{}, err
	}
	if err := ours.rest(ctx); err != nil {
		return Result{}, err
	}
	result = c.Inverse()
	result.Note = fmt.Sprintf("%d bytes of body, and %d of token", len(saysOfCall(0, "1")), len(ours.authority.token))
	return result, nil
}

// bare does the least a webhook can do.
func bare(w http.ResponseWriter, r *http.Request) {
	if _, err := io.ReadAll(r.Body); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	w.WriteHeader(http.StatusAccepted)
}

// posting posts updates of a call, as the platform does.
type posting struct {
	client  *http.Client
	address string
	token   []string
	chain   []string
	bodies  [2][]byte // by turns, so that each is news
	sent    int
}

func newPosting(client *http.Client, address, token string) *posting {
	return &posting{
		client: client, address: address, token: []string{"Bearer " + token}, chain: []string{chainOf(0)},
		bodies: [2][]byte{saysOfCall(0, "0"), saysOfCall(0, "1")},
	}
}

// post makes so many round trips, unless one does not go well.
func (p *posting) post(ctx context.Context, n int) error {
	for range n {
		if err := p.roundTrip(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (p *posting) roundTrip(ctx context.Context) error {
	p.sent++
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.address, bytes.NewReader(p.bodies[p.sent%2]))
	if err != nil {
		return err
	}
	request.Header["Authorization"] = p.token
	request.Header["Content-Type"] = []string{"application/json"}
	request.Header[messageIDHeader] = []string{guid(11, p.sent)}
	request.Header["X-Microsoft-Skype-Chain-Id"] = p.chain
	response, err := p.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return err
	}
	if response.StatusCode != http.StatusAccepted {
		return fmt.Errorf("a POST was answered %s", response.Status)
	}
	return nil
}
