package statefulclient

import (
	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/resources"
)

// occurrence is something that happened, and how it became known: updates that
// are folded keep that apart.
type occurrence struct {
	event reduce.Event
	cause Cause
	from  origin
	n     int // among those of its update, from 1
}

func occurrences(events []reduce.Event, l letter) []occurrence {
	if len(events) == 0 {
		return nil
	}
	list := make([]occurrence, len(events))
	for i, event := range events {
		list[i] = occurrence{event, l.cause, l.from, i + 1}
	}
	return list
}

func (c *Call) eventOf(happened occurrence) (kind, any) {
	switch e := happened.event.(type) {
	case reduce.StateChanged:
		return kindState, StateChanged{Call: c, Old: e.Old, New: e.New, Skipped: e.Skipped, Result: e.Result, Cause: happened.cause}
	case reduce.TransferFailed:
		return kindTransfer, TransferFailed{c, e.Result}
	case reduce.Pressed:
		return kindTone, ToneReceived{c, e.Tone.Tone, e.Tone.SequenceID, e.Late}
	case reduce.MediaChanged:
		return kindMedia, MediaStateChanged{Call: c, Old: e.Old, New: e.New}
	case reduce.LobbyChanged:
		return kindLobby, LobbyChanged{Call: c, Waiting: e.Waiting}
	case reduce.ManagedLeft:
		return kindManagedLeft, ManagedParticipantLeft{c, e.ParticipantID, e.Result}
	case reduce.OperationEnded:
		if !e.Repeated {
			return kindOperation, OperationCompleted{c, e.Operation, e.Operation.Common().Status == resources.OperationStatusFailed}
		}
	}
	return 0, nil
}
