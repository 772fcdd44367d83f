package statefulclient

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/transport"
)

// OnlineMeetings looks up and creates the meetings a bot joins. The platform
// keeps them; the client does not. Reading the meetings of a user needs an
// application access policy for that user.
type OnlineMeetings struct{ client *Client }

// OnlineMeetings looks up and creates meetings.
func (c *Client) OnlineMeetings() *OnlineMeetings { return &OnlineMeetings{c} }

var (
	// ErrNoMeeting says that the platform knows no such meeting, or none that
	// the bot may see.
	ErrNoMeeting = errors.New("statefulclient: no such online meeting")
	// ErrAmbiguousMeeting says that the platform knows several meetings by what
	// should name one.
	ErrAmbiguousMeeting = errors.New("statefulclient: more than one such online meeting")
)

// Get returns a user's meeting by its id.
//
// See https://learn.microsoft.com/graph/api/onlinemeeting-get.
func (m *OnlineMeetings) Get(ctx context.Context, tenantID, userID, meetingID string) (*resources.OnlineMeeting, error) {
	return m.one(ctx, transport.Request{
		Method: http.MethodGet, Path: meetingsOf(userID) + "/" + url.PathEscape(meetingID), Tenant: tenantID,
	})
}

// GetByJoinURL returns a user's meeting by its join URL.
//
// See https://learn.microsoft.com/graph/api/onlinemeeting-get.
func (m *OnlineMeetings) GetByJoinURL(ctx context.Context, tenantID, userID, joinURL string) (*resources.OnlineMeeting, error) {
	return m.only(ctx, meetingsOf(userID), "JoinWebUrl", joinURL, tenantID)
}

// GetByVideoTeleconferenceID returns a meeting by the id that video conference
// devices dial, with or without the spaces it is printed with. JoinMeeting takes
// it too.
//
// See https://learn.microsoft.com/graph/api/onlinemeeting-get.
func (m *OnlineMeetings) GetByVideoTeleconferenceID(ctx context.Context, tenantID, id string) (*resources.OnlineMeeting, error) {
	id = strings.Join(strings.Fields(id), "")
	meeting, err := m.only(ctx, "communications/onlineMeetings", "VideoTeleconferenceId", id, tenantID)
	switch {
	case errors.Is(err, ErrNoMeeting):
		return nil, fmt.Errorf("%w: check the VideoTeleconferenceID, and that the tenant is that of the meeting's organizer", err)
	case errors.Is(err, ErrAmbiguousMeeting):
		return nil, fmt.Errorf("%w: join the right one by its join URL or its join meeting id", err)
	default:
		return meeting, err
	}
}

// Create makes a meeting of a user's. It is never made twice unless the error
// says that the effect is unknown.
//
// See https://learn.microsoft.com/graph/api/application-post-onlinemeetings.
func (m *OnlineMeetings) Create(ctx context.Context, tenantID, userID string, meeting resources.OnlineMeeting) (*resources.OnlineMeeting, error) {
	if meeting.StartDateTime.After(meeting.EndDateTime) {
		return nil, invalid("the meeting ends before it starts")
	}
	return m.one(ctx, transport.Request{Method: http.MethodPost, Path: meetingsOf(userID), Tenant: tenantID, Body: &meeting})
}

// CreateOrGet makes a user's meeting of an ExternalID, or returns the one there
// is.
//
// See https://learn.microsoft.com/graph/api/onlinemeeting-createorget.
func (m *OnlineMeetings) CreateOrGet(ctx context.Context, tenantID, userID string, meeting resources.CreateOrGetOnlineMeeting) (*resources.OnlineMeeting, error) {
	switch {
	case meeting.ExternalID == "":
		return nil, invalid("the meeting has no ExternalID, which is what it is found by")
	case !meeting.EndDateTime.IsZero() && meeting.StartDateTime.IsZero():
		return nil, invalid("a meeting with an end needs a start")
	case !meeting.EndDateTime.IsZero() && meeting.StartDateTime.After(meeting.EndDateTime):
		return nil, invalid("the meeting ends before it starts")
	}
	return m.one(ctx, transport.Request{
		Method: http.MethodPost, Path: meetingsOf(userID) + "/createOrGet", Tenant: tenantID, Body: &meeting, Idempotent: true,
	})
}

// Coordinates are what a bot joins a meeting by: pass them to Calls.Join.
func Coordinates(meeting *resources.OnlineMeeting, tenantID string) (JoinMeeting, error) {
	if meeting == nil || meeting.ChatInfo == nil || meeting.Participants == nil ||
		meeting.Participants.Organizer == nil || meeting.Participants.Organizer.Identity == nil {
		return JoinMeeting{}, invalid("the meeting does not tell its chat and organizer: join it by its join URL or its join meeting id")
	}
	organizer := *meeting.Participants.Organizer.Identity
	if organizer.User != nil && organizer.User.TenantID == "" {
		user := *organizer.User
		user.TenantID = tenantID
		organizer.User = &user
	}
	return JoinMeeting{
		ChatInfo: meeting.ChatInfo, TenantID: tenantID,
		MeetingInfo: &resources.OrganizerMeetingInfo{Organizer: &organizer},
	}, nil
}

func meetingsOf(userID string) string { return "users/" + url.PathEscape(userID) + "/onlineMeetings" }

func (m *OnlineMeetings) one(ctx context.Context, request transport.Request) (*resources.OnlineMeeting, error) {
	reply, err := m.send(ctx, request)
	if err != nil {
		return nil, err
	}
	meeting, err := resources.Decode[resources.OnlineMeeting](reply.Body)
	if err != nil {
		return nil, fmt.Errorf("statefulclient: online meeting: the platform's reply: %w", err)
	}
	return meeting, nil
}

// only returns the one meeting with a property of that value.
func (m *OnlineMeetings) only(ctx context.Context, path, property, value, tenantID string) (*resources.OnlineMeeting, error) {
	if value == "" {
		return nil, invalid("an online meeting cannot be looked up by an empty %s", property)
	}
	filter := property + " eq '" + strings.ReplaceAll(value, "'", "''") + "'"
	reply, err := m.send(ctx, transport.Request{
		Method: http.MethodGet, Path: path + "?$filter=" + url.QueryEscape(filter), Tenant: tenantID,
	})
	if err != nil {
		return nil, err
	}
	list, err := resources.Decode[resources.OnlineMeetingsReply](reply.Body)
	if err != nil {
		return nil, fmt.Errorf("statefulclient: online meetings: the platform's reply: %w", err)
	}
	switch len(list.Value) {
	case 0:
		return alone(reply.Body)
	case 1:
		return &list.Value[0], nil
	default:
		return nil, ErrAmbiguousMeeting
	}
}

// alone reads a meeting that is not in a list, as the documentation prints the
// answer to a question by VTC id.
func alone(body []byte) (*resources.OnlineMeeting, error) {
	meeting, err := resources.Decode[resources.OnlineMeeting](body)
	if err != nil || meeting.ID == "" {
		return nil, ErrNoMeeting
	}
	return meeting, nil
}

func (m *OnlineMeetings) send(ctx context.Context, request transport.Request) (*transport.Reply, error) {
	if m.client.closed() {
		return nil, ErrClosed
	}
	request.ScenarioID = newScenarioID()
	reply, err := m.client.rest.Do(ctx, request)
	refused, _ := errors.AsType[*transport.Error](err)
	switch {
	case refused != nil && refused.StatusCode == http.StatusNotFound && request.Method == http.MethodGet:
		return nil, fmt.Errorf("%w: %w", ErrNoMeeting, err)
	case err != nil:
		return nil, fmt.Errorf("statefulclient: online meetings: %w", err)
	}
	return reply, nil
}
