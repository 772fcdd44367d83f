package inspector

import (
	"strconv"

	"github.com/graphcalls/graphcalls-go/resources"
)

// heard is the entry of a notification.
func heard(n *resources.Notification, personal bool) entry {
	e := entry{kind: ofNotification, what: "call", more: wordOf(n.ChangeType)}
	switch d := n.Data.(type) {
	case *resources.Call:
		e.ofCall(d, personal)
	case resources.Participants:
		e.what, e.count = "roster", int32(len(d))
	case *resources.DeltaParticipants:
		e.what, e.count = "roster change", int32(len(d.Participants))
		e.detail = "number " + strconv.FormatInt(d.SequenceNumber, 10)
	case resources.OperationData:
		e.ofOperation(d.Operation)
	case resources.ContentSharingSessions:
		e.what, e.count = "content sharing", int32(len(d))
	case resources.AudioRoutingGroups:
		e.what, e.count = "audio routing groups", int32(len(d))
	case *resources.ParticipantJoiningNotification:
		e.what = "participant joining"
	case *resources.ParticipantLeftNotification:
		e.what = "participant left"
	case *resources.RealTimeTranscript:
		e.what = "transcript"
	case *resources.CallEvent:
		e.what = "call event"
	default:
		e.what = "unknown"
		if path, ok := n.Path(); ok && path.Collection != "" {
			e.what = short(string(path.Collection))
		}
	}
	return e
}

func (e *entry) ofCall(c *resources.Call, personal bool) {
	e.detail = wordOf(c.State)
	if c.ToneInfo != nil {
		e.what = "tone"
		if personal {
			e.private = short(string(c.ToneInfo.Tone))
		}
	}
	if c.MediaState != nil {
		if e.detail != "" {
			e.detail += ", "
		}
		e.detail += "audio " + wordOf(c.MediaState.Audio)
	}
	if result := c.ResultInfo; result != nil {
		e.code, e.subcode = result.Code, result.Subcode
		if personal {
			e.private = short(result.Message)
		}
	}
}

func (e *entry) ofOperation(operation resources.Operation) {
	common := operation.Common()
	e.what, e.detail, e.more = nameOf(operation), wordOf(common.Status), short(common.ID)
	if result := common.ResultInfo; result != nil {
		e.code, e.subcode = result.Code, result.Subcode
	}
	if common.Status == resources.OperationStatusFailed {
		e.marks |= failed
	}
}

// nameOf says what an operation does.
func nameOf(operation resources.Operation) string {
	switch operation.(type) {
	case *resources.PlayPromptOperation:
		return "operation play prompt"
	case *resources.RecordOperation:
		return "operation record"
	case *resources.InviteParticipantsOperation:
		return "operation invite"
	case *resources.SendDtmfTonesOperation:
		return "operation send tones"
	case *resources.SubscribeToToneOperation:
		return "operation subscribe to tone"
	case *resources.CancelMediaProcessingOperation:
		return "operation cancel media"
	case *resources.MuteParticipantOperation, *resources.MuteParticipantsOperation:
		return "operation mute"
	case *resources.UnmuteParticipantOperation:
		return "operation unmute"
	case *resources.UpdateRecordingStatusOperation:
		return "operation recording status"
	case *resources.StartHoldMusicOperation, *resources.StopHoldMusicOperation:
		return "operation hold music"
	default:
		return "operation"
	}
}

// wordOf is a word that may be kept: most are constants already.
func wordOf[E resources.Enum](word E) string {
	if resources.Known(word) {
		return string(word)
	}
	return short(string(word))
}
