package simulator

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
)

const (
	permissionReadMeetings  = "OnlineMeetings.Read.All"
	permissionWriteMeetings = "OnlineMeetings.ReadWrite.All"
)

// createMeeting serves POST /users/{id}/onlineMeetings.
func createMeeting(r *request) (reply, *refusal) {
	asked, err := resources.Decode[resources.OnlineMeeting](r.body)
	if err != nil {
		return reply{}, badRequest("The request body is not an onlineMeeting.")
	}
	organizer, why := r.organizer()
	if why != nil {
		return reply{}, why
	}
	if why := checkTimes(asked.StartDateTime, asked.EndDateTime); why != nil {
		return reply{}, why
	}
	meeting := r.platform.AddMeeting(Meeting{
		Subject: asked.Subject, Organizer: organizer, Starts: asked.StartDateTime, Ends: asked.EndDateTime, asked: asked,
	})
	return r.replyMeeting(http.StatusCreated, meeting)
}

// createOrGetMeeting serves POST …/onlineMeetings/createOrGet.
func createOrGetMeeting(r *request) (reply, *refusal) {
	asked, err := resources.Decode[resources.CreateOrGetOnlineMeeting](r.body)
	if err != nil || asked.ExternalID == "" {
		return reply{}, badRequest("externalId must be given.")
	}
	organizer, why := r.organizer()
	if why != nil {
		return reply{}, why
	}
	if why := checkTimes(asked.StartDateTime, asked.EndDateTime); why != nil {
		return reply{}, why
	}
	r.platform.creating.Lock()
	defer r.platform.creating.Unlock()
	known := r.meetings(func(m *Meeting) bool { return m.Organizer == organizer && m.ExternalID == asked.ExternalID })
	if len(known) > 0 {
		return r.replyMeeting(http.StatusOK, known[0])
	}
	return r.replyMeeting(http.StatusCreated, r.platform.AddMeeting(Meeting{
		Subject: asked.Subject, Organizer: organizer, ExternalID: asked.ExternalID, Starts: asked.StartDateTime, Ends: asked.EndDateTime,
		asked: &resources.OnlineMeeting{Participants: asked.Participants},
	}))
}

func checkTimes(start, end time.Time) *refusal {
	switch {
	case !end.IsZero() && start.IsZero():
		return badRequest("endDateTime needs a startDateTime.")
	case end.Before(start) && !end.IsZero():
		return badRequest("endDateTime must not be before startDateTime.")
	default:
		return nil
	}
}

// organizer finds the user a request names, of the caller's organization.
func (r *request) organizer() (*Person, *refusal) {
	r.platform.mu.Lock()
	defer r.platform.mu.Unlock()
	person := r.platform.world.people[strings.ToLower(r.ids["user"])]
	if person == nil || person.isForeign(r.caller.tenantID) {
		return nil, &refusal{http.StatusNotFound, "NotFound", "User not found."}
	}
	return person, nil
}

func (r *request) meetings(matching func(*Meeting) bool) []*Meeting {
	r.platform.mu.Lock()
	defer r.platform.mu.Unlock()
	var found []*Meeting
	for _, m := range r.platform.world.meetings {
		if m.room.tenant == r.caller.tenantID && matching(m) {
			found = append(found, m)
		}
	}
	return found
}

// getMeeting serves GET /users/{id}/onlineMeetings/{id}.
func getMeeting(r *request) (reply, *refusal) {
	organizer, why := r.organizer()
	if why != nil {
		return reply{}, why
	}
	found := r.meetings(func(m *Meeting) bool { return m.Organizer == organizer && m.resourceID() == r.ids["meeting"] })
	if len(found) == 0 {
		return reply{}, &refusal{http.StatusNotFound, "NotFound", "Meeting not found."}
	}
	return r.replyMeeting(http.StatusOK, found[0])
}

// findUsersMeeting serves GET /users/{id}/onlineMeetings, by join URL.
func findUsersMeeting(r *request) (reply, *refusal) {
	organizer, why := r.organizer()
	if why != nil {
		return reply{}, why
	}
	address, ok := r.filter("JoinWebUrl")
	if !ok {
		return reply{}, badRequest("$filter=JoinWebUrl eq '…' must be given.")
	}
	address = plainURL(address)
	return r.replyMeetings(r.meetings(func(m *Meeting) bool { return m.Organizer == organizer && plainURL(m.JoinURL()) == address }))
}

// findMeeting serves GET /communications/onlineMeetings, by VTC id.
func findMeeting(r *request) (reply, *refusal) {
	id, ok := r.filter("VideoTeleconferenceId")
	if !ok {
		return reply{}, badRequest("$filter=VideoTeleconferenceId eq '…' must be given.")
	}
	return r.replyMeetings(r.meetings(func(m *Meeting) bool { return m.VideoTeleconferenceID == id }))
}

// filter reads a $filter of the form: property eq 'value'.
func (r *request) filter(property string) (string, bool) {
	words := strings.SplitN(strings.TrimSpace(r.http.URL.Query().Get("$filter")), " ", 3)
	if len(words) < 3 || !strings.EqualFold(words[0], property) || !strings.EqualFold(words[1], "eq") {
		return "", false
	}
	value, opened := strings.CutPrefix(strings.TrimSpace(words[2]), "'")
	value, closed := strings.CutSuffix(value, "'")
	return strings.ReplaceAll(value, "''", "'"), opened && closed
}

// plainURL undoes percent-encoding, of which join URLs have seen more or less.
func plainURL(address string) string {
	for range 4 {
		plain, err := url.QueryUnescape(address)
		if err != nil || plain == address {
			break
		}
		address = plain
	}
	return strings.ToLower(address)
}

// resourceID is the meeting's id in Graph: its coordinates in base64.
func (m *Meeting) resourceID() string {
	return base64.RawURLEncoding.EncodeToString([]byte("1*" + m.Organizer.ID + "*0**" + m.ThreadID))
}

func (r *request) replyMeeting(status int, m *Meeting) (reply, *refusal) {
	said := m.resource()
	said.SetProperty("@odata.context", r.context("users('"+m.Organizer.ID+"')/onlineMeetings/$entity"))
	return respond(status, said)
}

func (r *request) replyMeetings(found []*Meeting) (reply, *refusal) {
	list := &resources.OnlineMeetingsReply{Value: []resources.OnlineMeeting{}}
	for _, m := range found {
		list.Value = append(list.Value, *m.resource())
	}
	if len(found) == 0 {
		list = fresh[resources.OnlineMeetingsReply](`{"value":[]}`)
	}
	list.SetProperty("@odata.context", r.context("communications/onlineMeetings"))
	return respond(http.StatusOK, list)
}
