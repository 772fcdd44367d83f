package main

import (
	"fmt"

	"github.com/graphcalls/graphcalls-go/statefulclient"
)

func rosterFigures() []Figure {
	return []Figure{
		{"delta_flat", "one person's change, decoding included: our time in a meeting of 10,000 / of 10", Bound{AtMost: 1.3}, deltaFlat},
		{"participant_bytes", "memory kept of a participant / their text", Bound{AtMost: 0.75}, participantBytes},
		{"participant_bytes_vs_kiota", "memory kept of a participant: msgraph-sdk-go's / ours", Bound{AtLeast: 9}, participantBytesVersusGraph},
	}
}

// deltaFlat changes one person after the other, all over the roster.
func deltaFlat(b *Bench) (Result, error) {
	var sides [2]Work
	for i, size := range []int{10, 10_000} {
		l, call, err := newLiveCall()
		if err != nil {
			return Result{}, err
		}
		defer l.client.Close()
		sequence, err := l.populate(call, size)
		if err != nil {
			return Result{}, err
		}
		tellOfRoster(l, call, 1)
		sides[i] = changing(l, call, size, sequence)
	}
	c, err := b.Compare(sides[0], sides[1])
	if err != nil {
		return Result{}, err
	}
	result := c.Result()
	result.Ours, result.Peer, result.Note = c.Peer.String(), c.Ours.String(), "ours is the meeting of 10,000, peer that of 10"
	return result, nil
}

// changing mutes and unmutes people in turns, ten of the roster.
func changing(l *live, call *statefulclient.Call, size int, sequence int64) Work {
	const chosen = 10
	var changes [chosen][2]template
	for i := range changes {
		changes[i] = deltas(call.ID(), i*(size/chosen))
	}
	turn := 0
	return l.answering(func() []byte {
		sequence++
		body := changes[turn%chosen][turn/chosen%2].with(sequence)
		turn++
		return body
	})
}

const (
	keptCalls  = 20
	keptPeople = 500
)

func participantBytes(*Bench) (Result, error) {
	ours, err := ourParticipant()
	if err != nil {
		return Result{}, err
	}
	text := len(peopleText(people(keptPeople)))/keptPeople + 1
	return Result{
		Ours: fmt.Sprintf("%.0f B", ours), Peer: fmt.Sprintf("%d B of text", text), Value: ours / float64(text),
	}, nil
}

func participantBytesVersusGraph(*Bench) (Result, error) {
	ours, err := ourParticipant()
	if err != nil {
		return Result{}, err
	}
	theirs, err := Retained(func() (any, error) {
		var kept []any
		for range keptCalls {
			models, err := decodeByGraph(roster(callID, people(keptPeople)))
			if err != nil {
				return nil, err
			}
			kept = append(kept, models)
		}
		return kept, nil
	})
	if err != nil {
		return Result{}, err
	}
	theirs /= keptCalls * keptPeople
	return Result{
		Ours: fmt.Sprintf("%.0f B", ours), Peer: fmt.Sprintf("%.0f B", theirs), Value: theirs / ours,
	}, nil
}

// ourParticipant is how many bytes of the heap one participant of a live call
// keeps: of all that is there once the calls are, but for the bench's own.
func ourParticipant() (float64, error) {
	l, err := newLive()
	if err != nil {
		return 0, err
	}
	defer l.client.Close()
	kept, err := Retained(func() (any, error) {
		for i := range keptCalls {
			call, err := l.establish(guid(7, i))
			if err != nil {
				return nil, err
			}
			if _, err := l.populate(call, keptPeople); err != nil {
				return nil, err
			}
		}
		return l, nil
	})
	return kept / (keptCalls * keptPeople), err
}
