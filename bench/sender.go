package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// order is what a sender is told to do: to post to an address for so long, over
// so many connections, about so many calls.
type order struct {
	Address     string
	Token       string
	Calls       int
	Connections int
	For         time.Duration
}

// sending is what came of an order.
type sending struct {
	Accepted int64 // answered 202
	Errors   int64 // answered otherwise, or not at all
	Trouble  string
}

// playSender posts what the platform says of calls, as fast as it is answered.
func playSender(ctx context.Context, said *json.Decoder, answer *json.Encoder) error {
	senders := map[string]*sender{}
	for {
		var o order
		if err := said.Decode(&o); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if senders[o.Address] == nil {
			senders[o.Address] = newSender(o.Calls)
		}
		if err := answer.Encode(senders[o.Address].carryOut(ctx, o)); err != nil {
			return err
		}
	}
}

// sender knows what it has said to one address.
type sender struct {
	stories []*story
	posts   atomic.Int64
}

func newSender(calls int) *sender {
	s := &sender{}
	for call := range calls {
		s.stories = append(s.stories, newStory(call))
	}
	return s
}

func (s *sender) carryOut(ctx context.Context, o order) sending {
	ctx, cancel := context.WithTimeout(ctx, o.For)
	defer cancel()
	var all sync.WaitGroup
	var mu sync.Mutex
	var sum sending
	for first := range o.Connections {
		all.Go(func() {
			part := s.post(ctx, o, first)
			mu.Lock()
			defer mu.Unlock()
			sum.Accepted += part.Accepted
			sum.Errors += part.Errors
			sum.Trouble = max(sum.Trouble, part.Trouble)
		})
	}
	all.Wait()
	return sum
}

// post takes turns with the calls that are one connection's: what is said of a
// call is said in its order.
func (s *sender) post(ctx context.Context, o order, first int) sending {
	var sum sending
	l, err := dial(ctx, o)
	if err != nil {
		return sending{Errors: 1, Trouble: err.Error()}
	}
	defer func() { _ = l.connection.Close() }() // nothing is left to say on it
	for call := first; ctx.Err() == nil; {
		status, err := l.post(s.stories[call], int(s.posts.Add(1)))
		switch {
		case err != nil:
			sum.Errors++
			sum.Trouble = err.Error()
			return sum
		case status != http.StatusAccepted:
			sum.Errors++
			sum.Trouble = http.StatusText(status)
		default:
			sum.Accepted++
			s.stories[call].taken()
		}
		if call += o.Connections; call >= len(s.stories) {
			call = first
		}
	}
	return sum
}

// line is a connection to the webhook. It speaks HTTP by hand, so that it is
// known when a request is written, and little is spent on it.
type line struct {
	connection net.Conn
	replies    *bufio.Reader
	head       []byte // what all requests begin with
	buffer     []byte
}

func dial(ctx context.Context, o order) (*line, error) {
	address, err := url.Parse(o.Address)
	if err != nil {
		return nil, err
	}
	connection, err := (&net.Dialer{}).DialContext(ctx, "tcp", address.Host)
	if err != nil {
		return nil, err
	}
	if err := connection.SetDeadline(time.Now().Add(o.For + patience)); err != nil {
		return nil, errors.Join(err, connection.Close())
	}
	head := fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: Microsoft-Skype/3.0 (Calling/1.0)\r\n"+
		"Authorization: Bearer %s\r\nContent-Type: application/json\r\n", address.Path, address.Host, o.Token)
	return &line{connection: connection, replies: bufio.NewReader(connection), head: head}, nil
}

// sentHeader says to a handler that does not look at bodies when a request was
// written, in nanoseconds since 1970.
const sentHeader = "X-Sent"

func (l *line) post(s *story, id int) (status int, err error) {
	body := s.next()
	l.buffer = append(l.buffer[:0], l.head...)
	l.buffer = fmt.Appendf(l.buffer, "%s: %s\r\nX-Microsoft-Skype-Chain-Id: %s\r\nContent-Length: %d\r\n%s: ",
		messageIDHeader, guid(12, id), s.chain, len(body.text), sentHeader)
	now := strconv.AppendInt(nil, time.Now().UnixNano(), 10)
	copy(body.text[body.stamp:], now)
	l.buffer = append(l.buffer, now...)
	l.buffer = append(l.buffer, "\r\n\r\n"...)
	l.buffer = append(l.buffer, body.text...)
	if _, err := l.connection.Write(l.buffer); err != nil {
		return 0, err
	}
	response, err := http.ReadResponse(l.replies, nil)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	return response.StatusCode, err
}

// story is what is said of one call: mostly updates of the call itself, and one
// time in five of somebody in it, by a whole roster of five or as a change.
type story struct {
	chain    string
	turn     int
	sequence int64 // of the roster's latest change
	call     stamped
	people   template
	stamp    int
}

// stamped is a body with a place for the moment it is sent at.
type stamped struct {
	text  []byte
	stamp int
}

// someMoment stands in a body for the moment it is sent at, and is as long.
const someMoment = "1111111111111111111"

const storyPeople = 5

func newStory(call int) *story {
	s := &story{chain: chainOf(call), turn: call, sequence: firstSequence}
	update := saysOfCall(call, someMoment)
	s.call = stamped{update, bytes.Index(update, []byte(someMoment))}
	list := peopleOf(call, storyPeople)
	list[0].sequence = laterSequence
	people := roster(idOf(call), list)
	if call%2 == 0 {
		people = delta(idOf(call), laterSequence, list[:1])
	}
	people = noted(people, someMoment)
	s.people, s.stamp = newTemplate(people), bytes.Index(people, []byte(someMoment))
	return s
}

func (s *story) ofPeople() bool { return s.turn%5 == 0 }

func (s *story) next() stamped {
	if s.ofPeople() {
		return stamped{s.people.with(s.sequence + 1), s.stamp}
	}
	return s.call
}

// taken goes on with the story: what was refused is said again.
func (s *story) taken() {
	if s.ofPeople() {
		s.sequence++
	}
	s.turn++
}
