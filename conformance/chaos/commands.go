package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// The commands.
const (
	doPlace    = "place"
	doJoin     = "join"
	doPrompt   = "prompt"
	doTones    = "tones"
	doRecord   = "record"
	doMute     = "mute"
	doInvite   = "invite"
	doTransfer = "transfer"
	doHangup   = "hangup"
	doCancel   = "cancel"
	doResume   = "resume"
	doDump     = "dump"
	doCalm     = "calm"
	doClose    = "close"
)

// commandTimeout bounds what the bot does for one command.
const commandTimeout = 20 * time.Second

// serveCommands does what is said, side by side, until nothing more is said or
// doClose is.
func (b *robot) serveCommands(ctx context.Context, said *json.Decoder) error {
	var working sync.WaitGroup
	for {
		var c command
		if err := said.Decode(&c); err != nil {
			return err
		}
		if c.Do == doClose {
			b.stop() // so that no handler is stuck
			working.Wait()
			b.say(line{Kind: saysDone, Answers: c.ID, Leaks: b.close()})
			return nil
		}
		working.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, commandTimeout)
			defer cancel()
			answer := line{Kind: saysDone, Answers: c.ID}
			if err := b.do(ctx, c, &answer); err != nil {
				answer.Err = err.Error()
			}
			b.say(answer)
		})
	}
}

func (b *robot) do(ctx context.Context, c command, answer *line) error {
	switch c.Do {
	case doDump:
		answer.Dump = b.dump()
		return nil
	case doCalm:
		b.calm.Store(true)
		return nil
	case doPlace, doJoin:
		return b.begin(ctx, c, answer)
	}
	call, known := b.client.Calls().Get(c.Call)
	if !known {
		return errors.New("the bot has no such call")
	}
	if c.Mark != "" {
		ctx = statefulclient.WithClientContext(ctx, c.Mark)
	}
	return b.act(ctx, call, c)
}

func (b *robot) begin(ctx context.Context, c command, answer *line) error {
	var call *statefulclient.Call
	var err error
	if c.Do == doJoin {
		var meeting statefulclient.JoinMeeting
		if meeting, err = statefulclient.ParseJoinURL(c.JoinURL); err != nil {
			return err
		}
		meeting.CallOptions = deltas(c.Delta)
		call, err = b.client.Calls().Join(ctx, meeting)
	} else {
		wanted := resources.Call{TenantID: c.Tenant, CallOptions: deltas(c.Delta)}
		for _, id := range c.Targets {
			wanted.Targets = append(wanted.Targets, resources.InvitationParticipantInfo{Identity: user(id)})
		}
		call, err = b.client.Calls().Add(ctx, wanted)
	}
	if err == nil {
		answer.Call = call.ID()
	}
	return err
}

func deltas(wanted bool) *resources.CallOptions {
	return &resources.CallOptions{IsDeltaRosterEnabled: wanted}
}

func user(id string) *resources.IdentitySet {
	return &resources.IdentitySet{User: &resources.Identity{ID: id}}
}

func (b *robot) act(ctx context.Context, call *statefulclient.Call, c command) error {
	var err error
	switch c.Do {
	case doPrompt:
		_, err = call.PlayPrompt(ctx, resources.NewMediaPrompt("https://bot.contoso.com/prompt.wav"))
	case doTones:
		_, err = call.SendDtmfTones(ctx, 0, resources.Tone1, resources.Tone2)
	case doRecord:
		_, err = call.RecordResponse(ctx, statefulclient.RecordOptions{MaxDuration: 3 * time.Second})
	case doMute:
		err = call.Mute(ctx)
	case doInvite:
		_, err = call.Participants().Invite(ctx, resources.InvitationParticipantInfo{Identity: user(c.Targets[0])})
	case doTransfer:
		_, err = call.Transfer(ctx, *user(c.Targets[0]), statefulclient.TransferOptions{})
	case doHangup:
		err = call.Hangup(ctx)
	case doCancel:
		err = call.CancelMediaProcessing(ctx)
	case doResume:
		err = b.resume(call, c.Mark)
	default:
		err = fmt.Errorf("there is no command %q", c.Do)
	}
	return err
}

// resume waits for an operation that another process asked for.
func (b *robot) resume(call *statefulclient.Call, mark string) error {
	operation, err := statefulclient.ResumeOperation[*resources.PlayPromptOperation](call, mark)
	if err != nil {
		return err
	}
	b.waiting.Go(func() {
		report := line{Kind: saysResumed, Call: call.ID(), Mark: mark}
		result, err := operation.Wait(b.life)
		if err != nil {
			report.Err = err.Error()
		}
		if result != nil {
			report.Operation = result.ID
		}
		b.say(report)
	})
	return nil
}

func (b *robot) dump() *dump {
	d := &dump{Calls: map[string]callDump{}, Stats: b.client.Stats(), SlowestSave: time.Duration(b.store.slowest.Load())}
	for call := range b.client.Calls().All() {
		d.Calls[call.ID()] = dumpOf(call)
	}
	return d
}

func dumpOf(call *statefulclient.Call) callDump {
	of := callDump{
		State: call.State(), Me: call.Resource().MyParticipantID, Roster: map[string]bool{}, Trust: call.Participants().Trust(), Pending: call.PendingOperations(),
	}
	for person := range call.Participants().All() {
		of.Roster[person.ID()] = person.Resource().IsMuted
	}
	return of
}
