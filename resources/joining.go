package resources

// ParticipantJoiningNotification tells a policy-recording bot that one more
// person of its policy is about to join the call it already records.
type ParticipantJoiningNotification struct {
	Wire
	ID   string `json:"id"`
	Call *Call  `json:"call"`
}

func (*ParticipantJoiningNotification) graphType() string {
	return graphPrefix + "participantJoiningNotification"
}

// ParticipantLeftNotification tells a policy-recording bot that a person of
// its policy has left.
type ParticipantLeftNotification struct {
	Wire
	ID            string `json:"id"`
	ParticipantID string `json:"participantId"`
	Call          *Call  `json:"call"`
}

func (*ParticipantLeftNotification) graphType() string {
	return graphPrefix + "participantLeftNotification"
}

// ParticipantJoiningResponse is what the bot says to a joining participant, in
// the body of its reply: *AcceptJoinResponse, *RejectJoinResponse or
// *InviteNewBotResponse.
type ParticipantJoiningResponse interface{ participantJoiningResponse() }

// AcceptJoinResponse records the participant in the call there is.
type AcceptJoinResponse struct{ Wire }

// RejectJoinResponse refuses the participant.
type RejectJoinResponse struct {
	Wire
	Reason RejectReason `json:"reason"`
}

// InviteNewBotResponse asks for a new incoming call at another address.
type InviteNewBotResponse struct {
	Wire
	InviteURI string `json:"inviteUri"`
}

func (*AcceptJoinResponse) graphType() string   { return graphPrefix + "acceptJoinResponse" }
func (*RejectJoinResponse) graphType() string   { return graphPrefix + "rejectJoinResponse" }
func (*InviteNewBotResponse) graphType() string { return graphPrefix + "inviteNewBotResponse" }

func (*AcceptJoinResponse) participantJoiningResponse()   {}
func (*RejectJoinResponse) participantJoiningResponse()   {}
func (*InviteNewBotResponse) participantJoiningResponse() {}
func (*Unknown) participantJoiningResponse()              {}
