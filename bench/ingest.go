package main

import (
	"bytes"
	"context"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// ingestFigures compare all that becomes of POSTs with us (decoded, found new,
// reduced, committed, told to a handler, each of them) with their decoding alone
// by msgraph-sdk-go, which has nothing for the rest. POSTs come in while earlier
// ones are worked on, as they do; a note says what one takes from its coming in
// until its handler has run, when nothing else is under way.
func ingestFigures() []Figure {
	return []Figure{
		{"ingest_call", "a call update: msgraph-sdk-go's decoding / all that we do", Bound{AtLeast: 10}, ingestCall},
		{"ingest_roster100", "a roster of 100, 3 changed: msgraph-sdk-go's decoding / all that we do", Bound{AtLeast: 15}, ingestRoster},
	}
}

func ingestCall(b *Bench) (Result, error) {
	l, call, err := newLiveCall()
	if err != nil {
		return Result{}, err
	}
	defer l.client.Close()
	tellOfCall(l, call)
	return versusGraph(b, l, func() func() []byte { return alternating(callUpdates(call.ID())) })
}

func ingestRoster(b *Bench) (Result, error) {
	l, call, err := newLiveCall()
	if err != nil {
		return Result{}, err
	}
	defer l.client.Close()
	both := rosters(call.ID(), 100)
	if err := l.post(both[0].with(firstSequence)); err != nil { // everybody joins
		return Result{}, err
	}
	tellOfRoster(l, call, 3)
	return versusGraph(b, l, func() func() []byte { return rising(both) })
}

// alternating makes a fresh body each time, of one and of the other. The first
// is the second of the two.
func alternating(both [2][]byte) func() []byte {
	next := byTurns(both)
	return func() []byte { return bytes.Clone(next()) }
}

// byTurns is alternating with the same two bodies over and over.
func byTurns(both [2][]byte) func() []byte {
	turn := 0
	return func() []byte {
		turn++
		return both[turn%2]
	}
}

// rising is alternating with sequence numbers.
func rising(both [2]template) func() []byte {
	turn := int64(0)
	return func() []byte {
		turn++
		return both[turn%2].with(firstSequence + turn)
	}
}

// versusGraph lets ours take in bodies, and msgraph-sdk-go decode such. Each is
// a fresh one on either side, as those of POSTs are.
func versusGraph(b *Bench, l *live, bodies func() func() []byte) (Result, error) {
	ours := bodies()
	c, err := b.Compare(l.posting(busy, ours), decodingAll(decodeByGraph, bodies()))
	if err != nil {
		return Result{}, err
	}
	alone, err := b.Time("ours, one by one", l.answering(ours))
	if err != nil {
		return Result{}, err
	}
	result := c.Result()
	result.Note = "one by one, ours takes " + alone.String()
	return result, nil
}

func newLiveCall() (*live, *statefulclient.Call, error) {
	l, err := newLive()
	if err != nil {
		return nil, nil, err
	}
	call, err := l.establish(callID)
	if err != nil {
		l.client.Close()
		return nil, nil, err
	}
	return l, call, nil
}

// tellOfCall has each update of a call's facts told to the one who waits.
func tellOfCall(l *live, call *statefulclient.Call) {
	call.OnUpdated(func(_ context.Context, e statefulclient.ResourceEvent[resources.Call]) {
		if !e.Initial {
			l.told <- struct{}{}
		}
	})
}

// tellOfRoster has each update told in which so many people changed.
func tellOfRoster(l *live, call *statefulclient.Call, changed int) {
	call.Participants().OnUpdated(func(_ context.Context, e statefulclient.CollectionEvent[*statefulclient.Participant]) {
		if !e.Initial && len(e.Updated) == changed {
			l.told <- struct{}{}
		}
	})
}
