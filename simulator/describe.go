package simulator

import (
	"encoding/json"
	"strings"

	"github.com/graphcalls/graphcalls-go/resources"
)

// describe is a call in full, as replies have it: what there is nothing to say
// about is null. Callers hold platform.mu.
func (r *request) describe(c *Call, entity string) *resources.Call {
	full := fresh[resources.Call](fullCallText)
	full.ID, full.State, full.Direction = c.id, c.state, c.direction
	full.CallbackURI, full.CallChainID, full.MyParticipantID = c.callbackURI, c.chainID, c.seat.id
	full.TenantID, full.MediaConfig, full.ResultInfo = c.tenantID, c.media, c.result
	full.ChatInfo, full.MeetingInfo = c.conversation.chat, c.conversation.info
	full.Transcription = c.transcription
	if c.mediaState != "" {
		full.MediaState = &resources.CallMediaState{Audio: c.mediaState}
	}
	if c.posted == nil {
		invitation := c.invitation()
		full.Source, full.Targets, full.RequestedModalities = invitation.Source, invitation.Targets, invitation.RequestedModalities
	} else {
		full.Source = &resources.ParticipantInfo{Identity: c.bot.identity()}
		if hasInstance(c.posted.Source) || c.guest() != nil {
			full.Source = c.posted.Source
		}
		full.RequestedModalities = c.posted.RequestedModalities
		if len(c.posted.Targets) > 0 {
			full.Targets = c.posted.Targets
		}
		full.Subject, full.CallOptions = c.posted.Subject, c.posted.CallOptions
	}
	spellOutParties(full)
	full.SetProperty("@odata.context", r.context(entity))
	return full
}

// spellOutParties has a call say what it has nothing to say about of who calls
// whom, and where.
func spellOutParties(call *resources.Call) {
	if call.Source != nil {
		call.Source = spelledOut(sourceText, call.Source)
	}
	targets := make([]resources.InvitationParticipantInfo, 0, len(call.Targets))
	for i := range call.Targets {
		targets = append(targets, *spelledOut(targetText, &call.Targets[i]))
	}
	call.Targets = targets
	if call.ChatInfo != nil {
		call.ChatInfo = spelledOut(chatText, call.ChatInfo)
	}
}

// context is the @odata.context of a reply.
func (r *request) context(of string) resources.Raw {
	text, err := json.Marshal(r.platform.address + "/" + r.version + "/$metadata#" + of)
	if err != nil {
		return resources.Raw("null")
	}
	return text
}

// contextInCall is that of something below the call.
func (r *request) contextInCall(below string) resources.Raw {
	return r.context("communications/calls('" + r.call.id + "')" + below)
}

func canonicalReason(text string) resources.RejectReason {
	if text == "" {
		return resources.RejectReasonNone
	}
	return resources.RejectReason(strings.ToLower(text))
}
