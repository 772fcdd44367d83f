package statefulclient

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"

	"github.com/graphcalls/graphcalls-go/media"
	"github.com/graphcalls/graphcalls-go/resources"
)

// JoinMeeting says which meeting to join, and how.
type JoinMeeting struct {
	// ChatInfo and MeetingInfo are the meeting's coordinates; ParseJoinURL
	// reads them from a join URL. With a join meeting id MeetingInfo is enough:
	// JoinByMeetingID.
	ChatInfo    *resources.ChatInfo
	MeetingInfo resources.MeetingInfo
	// VideoTeleconferenceID, in place of both, is the id that room devices dial:
	// Join looks the meeting up by it first.
	VideoTeleconferenceID string
	// TenantID is the meeting's.
	TenantID string
	// GuestName makes the bot join as a guest of that name, who may have to
	// wait in the lobby.
	GuestName string

	// CallbackURI is where this call's notifications go; the client's
	// notification URL unless set.
	CallbackURI string
	// Modalities are audio, or the MediaSession's, unless set.
	Modalities []resources.Modality
	// MediaConfig is service-hosted unless set.
	MediaConfig resources.MediaConfig
	// MediaSession, in place of MediaConfig, is the call's share of the bot's own
	// media stack. From then on the client owns it: see Calls.AddWithMedia.
	MediaSession media.Session
	// CallOptions are the platform's own; nil leaves them to it.
	CallOptions *resources.CallOptions
	// Subject is the conversation's; empty for none.
	Subject string
}

// Join joins a meeting. It returns when the platform has taken the request;
// Call.WaitForJoinState returns when the bot is in, past the lobby.
//
// With a VideoTeleconferenceID the error is ErrNoMeeting if no meeting of the
// tenant has it, and ErrAmbiguousMeeting if several have. No call was placed
// then, nor after any other error of the lookup.
//
// See https://learn.microsoft.com/graph/api/application-post-calls.
func (c *Calls) Join(ctx context.Context, meeting JoinMeeting) (*Call, error) {
	call, err := c.join(ctx, meeting)
	c.client.ownSession(meeting.MediaSession, call, err)
	return call, err
}

func (c *Calls) join(ctx context.Context, meeting JoinMeeting) (*Call, error) {
	if err := checkWays(meeting); err != nil {
		return nil, err
	}
	if meeting.VideoTeleconferenceID != "" {
		found, err := c.lookUpMeeting(ctx, meeting)
		if err != nil {
			return nil, err
		}
		meeting.ChatInfo, meeting.MeetingInfo = found.ChatInfo, found.MeetingInfo
	}
	if err := checkMeeting(meeting); err != nil {
		return nil, err
	}
	call := resources.Call{
		ChatInfo: meeting.ChatInfo, MeetingInfo: meeting.MeetingInfo, TenantID: meeting.TenantID,
		CallbackURI: meeting.CallbackURI, RequestedModalities: meeting.Modalities, MediaConfig: meeting.MediaConfig,
		CallOptions: meeting.CallOptions, Subject: meeting.Subject,
	}
	if meeting.GuestName != "" {
		guest := GuestIdentity(newScenarioID(), meeting.GuestName)
		call.Source = &resources.ParticipantInfo{Identity: &guest}
	}
	return c.add(ctx, call, meeting.MediaSession)
}

func checkWays(meeting JoinMeeting) error {
	if meeting.VideoTeleconferenceID != "" && (meeting.ChatInfo != nil || meeting.MeetingInfo != nil) {
		return invalid("JoinMeeting has a VideoTeleconferenceID and coordinates too: leave out ChatInfo and MeetingInfo, or the id")
	}
	if meeting.VideoTeleconferenceID != "" && meeting.TenantID == "" {
		return invalid("JoinMeeting.TenantID is missing: the meeting is looked up in the tenant of its organizer")
	}
	return nil
}

// lookUpMeeting finds the coordinates of a meeting by its VTC id.
func (c *Calls) lookUpMeeting(ctx context.Context, meeting JoinMeeting) (JoinMeeting, error) {
	found, err := c.client.OnlineMeetings().GetByVideoTeleconferenceID(ctx, meeting.TenantID, meeting.VideoTeleconferenceID)
	if err != nil {
		return JoinMeeting{}, err
	}
	return Coordinates(found, meeting.TenantID)
}

func checkMeeting(meeting JoinMeeting) error {
	id, byID := meeting.MeetingInfo.(*resources.JoinMeetingIDMeetingInfo)
	switch {
	case byID && id.JoinMeetingID == "":
		return invalid("JoinMeeting.MeetingInfo has no JoinMeetingID: it is the number in the meeting's invitation")
	case meeting.MeetingInfo == nil:
		return invalid("JoinMeeting.MeetingInfo is missing: name the meeting's organizer, a join token or a join meeting id, or give a VideoTeleconferenceID")
	case !byID && (meeting.ChatInfo == nil || meeting.ChatInfo.ThreadID == ""):
		return invalid("JoinMeeting.ChatInfo.ThreadID is missing: a meeting is known by its chat thread and its organizer")
	case meeting.TenantID == "":
		return invalid("JoinMeeting.TenantID is missing: it must be the tenant of the meeting's organizer")
	default:
		return nil
	}
}

// ParseJoinURL reads a meeting's coordinates from its join URL, such as people
// are sent: https://teams.microsoft.com/l/meetup-join/{thread}/{message}?context={…}.
// Short links (https://teams.microsoft.com/meet/…) have no coordinates in them,
// and are refused; join those by their meeting id and passcode: JoinByMeetingID.
func ParseJoinURL(joinURL string) (JoinMeeting, error) {
	address, err := url.Parse(joinURL)
	if err != nil {
		return JoinMeeting{}, invalid("the join URL is not a URL")
	}
	segments := strings.Split(strings.Trim(address.EscapedPath(), "/"), "/")
	for i, segment := range segments {
		switch {
		case strings.EqualFold(segment, "meetup-join") && i+2 < len(segments):
			return parseCoordinates(segments[i+1], segments[i+2], address.Query().Get("context"))
		case strings.EqualFold(segment, "meet"):
			return JoinMeeting{}, invalid("the join URL is a short link, which holds no coordinates; " +
				"join by its meeting id and passcode, with JoinByMeetingID")
		}
	}
	return JoinMeeting{}, invalid("the join URL is not of the form …/l/meetup-join/{thread}/{message}?context={…}")
}

// JoinByMeetingID is how to join a meeting by the id and passcode that people
// type in, which its invitation prints: with or without the spaces of the id,
// and with an empty passcode where there is none. The tenant is that of the
// meeting's organizer.
func JoinByMeetingID(tenantID, joinMeetingID, passcode string) JoinMeeting {
	return JoinMeeting{
		TenantID: tenantID,
		MeetingInfo: &resources.JoinMeetingIDMeetingInfo{
			JoinMeetingID: strings.Join(strings.Fields(joinMeetingID), ""), Passcode: passcode,
		},
	}
}

func parseCoordinates(thread, message, contextText string) (JoinMeeting, error) {
	var from struct{ Tid, Oid, MessageID string }
	if err := json.Unmarshal([]byte(contextText), &from); err != nil || from.Tid == "" || from.Oid == "" {
		return JoinMeeting{}, invalid("the join URL's context does not name a tenant (Tid) and an organizer (Oid)")
	}
	threadID, err1 := url.PathUnescape(thread)
	messageID, err2 := url.PathUnescape(message)
	if err1 != nil || err2 != nil || threadID == "" {
		return JoinMeeting{}, invalid("the join URL's thread cannot be read")
	}
	chat := &resources.ChatInfo{ThreadID: threadID, MessageID: messageID}
	if from.MessageID != "" && from.MessageID != messageID {
		chat.ReplyChainMessageID = from.MessageID
	}
	organizer := &resources.Identity{ID: from.Oid, TenantID: from.Tid}
	return JoinMeeting{
		ChatInfo:    chat,
		MeetingInfo: &resources.OrganizerMeetingInfo{Organizer: &resources.IdentitySet{User: organizer}},
		TenantID:    from.Tid,
	}, nil
}
