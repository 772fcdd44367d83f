package simulator

import (
	"encoding/json"
	"strings"

	"github.com/graphcalls/graphcalls-go/resources"
)

// What goes over the wire about recording by policy is in this file. The
// invitation is documented; the envelopes of joining and left are not: here
// they are named after the bot's call, as created and as updated.

type botData struct {
	MediaHostedRegion string        `json:"mediaHostedRegion"`
	User              botDataUser   `json:"user"`
	OtherSide         *botDataOther `json:"otherSideUser,omitempty"`
	InviteReasons     []string      `json:"inviteReasons"`
	PolicyIdentifier  string        `json:"policyIdentifier"`
	PairedRecorders   []botDataPeer `json:"pairedRecorders"`
	OtherRecorders    []botDataPeer `json:"otherRecorders"`
}

type botDataUser struct {
	ParticipationMethod string `json:"participationMethod"`
	ClientLocation      string `json:"clientLocation"`
}

type botDataPeer struct {
	ID            string `json:"id"`
	ParticipantID string `json:"participantId"`
}

type botDataOther struct {
	botDataPeer
	botDataUser

	TenantID string `json:"tenantId"`
}

// dressRecording makes an invitation one to record m; callers hold
// platform.mu, here and below.
func (c *Call) dressRecording(policy *recordingPolicy, m *member, news *resources.Call) {
	news.ChatInfo = nil
	news.MeetingInfo = &resources.TokenMeetingInfo{Token: c.conversation.joinToken()}
	news.Source.ParticipantID = m.id
	news.Targets[0].Identity = c.bot.instance()
	news.IncomingContext = &resources.IncomingContext{SourceParticipantID: m.id, ObservedParticipantID: m.id}
	metadata, err := json.Marshal(map[string]botData{"botData": c.conversation.botData(policy, m, c)})
	if err == nil {
		news.SetProperty("applicationMetadata", metadata)
	}
}

func (c *conversation) botData(policy *recordingPolicy, m *member, own *Call) botData {
	data := botData{
		MediaHostedRegion: "USEA",
		User:              botDataUser{"callee", "US"},
		InviteReasons:     []string{"PolicyBasedRecording"},
		PolicyIdentifier:  policy.id,
		PairedRecorders:   []botDataPeer{},
		OtherRecorders:    []botDataPeer{},
	}
	for _, call := range c.called {
		if call != own && !call.over() {
			data.OtherRecorders = append(data.OtherRecorders, botDataPeer{call.bot.AppID, call.seat.id})
		}
	}
	for other := range c.members.all() {
		if other.person != nil && other != m {
			data.OtherSide = &botDataOther{botDataPeer{other.person.ID, other.id}, botDataUser{"caller", "US"}, other.person.TenantID}
			break
		}
	}
	return data
}

// joinToken is what recorders are given to join by.
func (c *conversation) joinToken() string {
	if c.token == "" {
		c.token = newKeyID()
	}
	return c.token
}

// askToJoin announces somebody to a bot that records in this conversation
// already, and waits for what it answers.
func (c *Call) askToJoin(m *member) {
	c.observation.asked++
	would := &resources.Call{
		State: resources.CallStateIncoming, Direction: resources.CallDirectionIncoming, TenantID: c.tenantID, CallChainID: c.chainID,
		Source:  &resources.ParticipantInfo{Identity: m.person.identity()},
		Targets: []resources.InvitationParticipantInfo{{}},
	}
	c.dressRecording(c.observation.policy, m, would)
	body, notice := c.envelope(resources.ChangeTypeCreated, resources.Path{CallID: c.id}, &resources.ParticipantJoiningNotification{Call: would})
	l := c.letter(body, notice)
	l.then = func(delivery Delivery) {
		c.platform.mu.Lock()
		defer c.platform.mu.Unlock()
		c.joined(m, readJoiningAnswer(delivery))
	}
	c.outbox.put(l)
}

// tellLeft announces that somebody the bot records has left.
func (c *Call) tellLeft(m *member) {
	c.announce(resources.ChangeTypeUpdated, resources.Path{CallID: c.id}, &resources.ParticipantLeftNotification{
		ParticipantID: m.id,
		Call:          &resources.Call{ID: c.id, ResultInfo: endedByOther()},
	})
}

// joiningAnswer is what a bot said to somebody who joins.
type joiningAnswer struct {
	kind      string // the type's name, in lower case; empty for nothing of use
	inviteURI string
}

func readJoiningAnswer(delivery Delivery) joiningAnswer {
	var body struct {
		Type      string `json:"@odata.type"`
		InviteURI string `json:"inviteUri"`
	}
	if !delivery.Accepted() || json.Unmarshal(delivery.Reply, &body) != nil {
		return joiningAnswer{}
	}
	kind := strings.ToLower(body.Type[strings.LastIndexByte(body.Type, '.')+1:])
	return joiningAnswer{strings.TrimPrefix(kind, "#"), body.InviteURI}
}
