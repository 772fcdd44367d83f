package main

import (
	"context"
	"fmt"
	"math"

	"github.com/looplab/fsm" //nolint:depguard // the peer

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

func dispatchFigures() []Figure {
	return []Figure{
		{"dispatch_allocs", "allocations for a change of one field, handler told, decoding left out", Bound{AtMost: 6}, dispatchAllocations},
		{"edge_allocs", "the same for an edge, which is an event and two fields", Bound{}, edgeAllocations},
		{"fsm_vs_looplab", "an edge: looplab/fsm's bare Event / all that we do of a POST", Bound{}, updateVersusLooplab},
	}
}

// dispatchAllocations are those of a POST in which the call's subject is new, but
// for those of reading its text.
func dispatchAllocations(b *Bench) (Result, error) {
	l, call, err := newLiveCall()
	if err != nil {
		return Result{}, err
	}
	defer l.client.Close()
	tellOfCall(l, call)
	return allocations(b, l, subjects(call.ID()))
}

func edgeAllocations(b *Bench) (Result, error) {
	l, call, err := newLiveCall()
	if err != nil {
		return Result{}, err
	}
	defer l.client.Close()
	tellOfEdges(l, call)
	return allocations(b, l, edges(call.ID()))
}

func allocations(b *Bench, l *live, bodies func() []byte) (Result, error) {
	all, err := b.Time("ours", l.answering(bodies))
	if err != nil {
		return Result{}, err
	}
	alone, err := b.Time("decoding", decodingAll(resources.DecodeNotifications, bodies))
	if err != nil {
		return Result{}, err
	}
	return Result{
		Ours: all.String(), Value: math.Round(all.Allocations - alone.Allocations), // what a pool lost to the collector is no part of it
		Note: fmt.Sprintf("of ours, decoding takes %.0f allocations, which the value leaves out", alone.Allocations),
	}, nil
}

// subjects makes updates in which the subject alone is new.
func subjects(call string) func() []byte {
	saying := func(subject string) []byte {
		return envelope("updated", call, "", fmt.Sprintf(`{"@odata.type":"#microsoft.graph.call","state":"established","subject":"%s",`+
			`"mediaState":{"@odata.type":"#microsoft.graph.callMediaState","audio":"active"},"tenantId":"%s","callChainId":"%s","id":"%s"}`,
			subject, tenantID, guid(3, 0), call))
	}
	return byTurns([2][]byte{saying("Weekly sync"), saying("Weekly sync, second half")})
}

// updateVersusLooplab goes to hold and back, by the machine that package fsm is
// made of, and by a client.
func updateVersusLooplab(b *Bench) (Result, error) {
	l, call, err := newLiveCall()
	if err != nil {
		return Result{}, err
	}
	defer l.client.Close()
	tellOfEdges(l, call)
	machine := fsm.NewFSM("established", fsm.Events{
		{Name: "hold", Src: []string{"established"}, Dst: "hold"},
		{Name: "resume", Src: []string{"hold"}, Dst: "established"},
	}, fsm.Callbacks{})
	turn := 0
	c, err := b.Compare(l.answering(edges(call.ID())), func(n int) error {
		for range n {
			if err := machine.Event(context.Background(), [...]string{"hold", "resume"}[turn%2]); err != nil {
				return err
			}
			turn++
		}
		return nil
	})
	if err != nil {
		return Result{}, err
	}
	return c.Result(), nil
}

// edges makes updates in which the state alone is new, the same two over and
// over.
func edges(call string) func() []byte {
	return byTurns([2][]byte{callUpdate(call, "established", "active"), callUpdate(call, "hold", "active")})
}

// tellOfEdges has each change of a call's state told to the one who waits.
func tellOfEdges(l *live, call *statefulclient.Call) {
	statefulclient.On(call, func(_ context.Context, e statefulclient.StateChanged) {
		if !e.Initial {
			l.told <- struct{}{}
		}
	})
}
