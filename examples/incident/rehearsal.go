package main

import (
	"context"
	"errors"
	"slices"

	"github.com/graphcalls/graphcalls-go/examples/internal/stage"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

// rehearse pages four people of the simulator's: two who come, one who declines
// the call, and one who has no time.
func (d *dispatcher) rehearse(ctx context.Context) error {
	adele, alex := d.Platform.AddPerson("Adele Vance"), d.Platform.AddPerson("Alex Wilber")
	megan, lynne := d.Platform.AddPerson("Megan Bowen"), d.Platform.AddPerson("Lynne Robbins")
	alex.WhenCalled(simulator.Declines)
	go d.press(ctx, adele, resources.Tone1)
	go d.press(ctx, megan, resources.Tone2)
	go d.press(ctx, lynne, resources.Tone1)

	d.tenant = adele.TenantID
	responders := []resources.IdentitySet{stage.Actor(adele), stage.Actor(alex), stage.Actor(megan), stage.Actor(lynne)}
	err := d.dispatch(ctx, d.Platform.AddPerson("Isaiah Langer").ID, responders)
	if err == nil && !slices.Equal(adele.With(), []*simulator.Person{lynne}) {
		err = errors.New("those who accepted are not in the meeting together")
	}
	return err
}

// press presses a key once somebody is asked for one.
func (d *dispatcher) press(ctx context.Context, person *simulator.Person, key resources.Tone) {
	asks := func(call *simulator.Call) bool {
		facts := call.Facts()
		return facts.TonesSubscribed && facts.Request.Targets[0].Identity.User.ID == person.ID
	}
	if d.Platform.WaitUntil(ctx, func() bool { return slices.ContainsFunc(d.Platform.Calls(), asks) }) != nil {
		return
	}
	d.Pause(ctx)
	calls := d.Platform.Calls()
	calls[slices.IndexFunc(calls, asks)].PressKey(key)
}
