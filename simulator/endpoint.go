package simulator

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/graphcalls/graphcalls-go/resources"
)

// endpoint is one operation of the service. Words of its path match in any
// case, and with the namespace actions may be qualified with; names in braces
// match any id. An endpoint below a call is only asked for calls there are.
type endpoint struct {
	method string
	path   string
	serve  handler
}

// handler serves a request.
type handler func(*request) (reply, *refusal)

func endpoints() []endpoint {
	return []endpoint{
		{http.MethodPost, "calls", createCall},
		{http.MethodGet, "calls/{call}", getCall},
		{http.MethodDelete, "calls/{call}", hangUp},
		{http.MethodPost, "calls/{call}/answer", answerCall},
		{http.MethodPost, "calls/{call}/reject", rejectCall},
		{http.MethodPost, "calls/{call}/keepAlive", keepAlive},
		{http.MethodPost, "calls/{call}/redirect", needing(redirectCall, permissionInitiate)},
		{http.MethodPost, "calls/{call}/transfer", needing(transferCall, permissionInitiate)},
		{http.MethodPost, "calls/{call}/playPrompt", playPrompt},
		{http.MethodPost, "calls/{call}/recordResponse", needing(recordResponse, permissionMedia)},
		{http.MethodPost, "calls/{call}/record", onBeta(needing(recordResponse, permissionMedia))},
		{http.MethodPost, "calls/{call}/cancelMediaProcessing", simple(cancelMediaProcessing)},
		{http.MethodPost, "calls/{call}/subscribeToTone", needing(simple(subscribeToTone), permissionMedia)},
		{http.MethodPost, "calls/{call}/sendDtmfTones", needing(sendDtmfTones, permissionInitiate, permissionMedia)},
		{http.MethodPost, "calls/{call}/mute", simple(muteSelf)},
		{http.MethodPost, "calls/{call}/unmute", simple(unmuteSelf)},
		{http.MethodPost, "calls/{call}/changeScreenSharingRole", needing(changeScreenSharingRole, permissionMedia)},
		{http.MethodPost, "calls/{call}/updateRecordingStatus", needing(updateRecordingStatus, permissionJoin, permissionMedia)},
		{http.MethodPost, "calls/{call}/addLargeGalleryView", needing(simple(addLargeGalleryView), permissionJoinAsGuest, permissionJoin, permissionInitiateGroup)},
		{http.MethodPost, "calls/logTeleconferenceDeviceQuality", needing(logDeviceQuality, permissionMedia)},
		{http.MethodPost, "calls/{call}/startRecording", onBeta(simple(startRecording))},
		{http.MethodPost, "calls/{call}/stopRecording", onBeta(simple(stopRecording))},
		{http.MethodPost, "calls/{call}/startTranscription", onBeta(simple(startTranscription))},
		{http.MethodPost, "calls/{call}/stopTranscription", onBeta(simple(stopTranscription))},
		{http.MethodGet, "calls/{call}/operations/{operation}", getOperation},
		{http.MethodGet, "calls/{call}/participants", listParticipants},
		{http.MethodGet, "calls/{call}/participants/{participant}", getParticipant},
		{http.MethodDelete, "calls/{call}/participants/{participant}", needing(removeParticipant, permissionJoinAsGuest, permissionJoin)},
		{http.MethodPost, "calls/{call}/participants/invite", needing(inviteParticipants, permissionInitiateGroup)},
		{http.MethodPost, "calls/{call}/participants/muteAll", onBeta(muteAll)},
		{http.MethodPost, "calls/{call}/participants/admitAllFromLobby", onBeta(simple(admitAllFromLobby))},
		{http.MethodPost, "calls/{call}/participants/{participant}/admitFromLobby", onBeta(simple(admitFromLobby))},
		{http.MethodPost, "calls/{call}/participants/{participant}/removeFromLobby", onBeta(simple(removeFromLobby))},
		{http.MethodPost, "calls/{call}/participants/{participant}/mute", simple(muteParticipant)},
		{http.MethodPost, "calls/{call}/participants/{participant}/startHoldMusic", startHoldMusic},
		{http.MethodPost, "calls/{call}/participants/{participant}/stopHoldMusic", simple(stopHoldMusic)},
		{http.MethodGet, "calls/{call}/audioRoutingGroups", listRoutingGroups},
		{http.MethodPost, "calls/{call}/audioRoutingGroups", createRoutingGroup},
		{http.MethodGet, "calls/{call}/audioRoutingGroups/{group}", getRoutingGroup},
		{http.MethodPatch, "calls/{call}/audioRoutingGroups/{group}", changeRoutingGroup},
		{http.MethodDelete, "calls/{call}/audioRoutingGroups/{group}", deleteRoutingGroup},
		{http.MethodGet, "calls/{call}/contentSharingSessions", listSharing},
		{http.MethodGet, "calls/{call}/contentSharingSessions/{session}", getSharing},
		{http.MethodGet, "onlineMeetings", findMeeting},
		{http.MethodGet, "users/{user}/onlineMeetings", needing(findUsersMeeting, permissionReadMeetings, permissionWriteMeetings)},
		{http.MethodPost, "users/{user}/onlineMeetings", needing(createMeeting, permissionWriteMeetings)},
		{http.MethodPost, "users/{user}/onlineMeetings/createOrGet", needing(createOrGetMeeting, permissionWriteMeetings)},
		{http.MethodGet, "users/{user}/onlineMeetings/{meeting}", needing(getMeeting, permissionReadMeetings, permissionWriteMeetings)},
	}
}

// onBeta serves an action that v1.0 does not have.
func onBeta(serve handler) handler {
	return func(r *request) (reply, *refusal) {
		if r.version != "beta" {
			return reply{}, notASegment()
		}
		return serve(r)
	}
}

// match returns the ids in a path, or false when it is not this endpoint's.
func (e endpoint) match(segments []string) (map[string]string, bool) {
	words := strings.Split(e.path, "/")
	if len(words) != len(segments) {
		return nil, false
	}
	ids := map[string]string{}
	for i, word := range words {
		if name, isID := strings.CutPrefix(word, "{"); isID {
			ids[strings.TrimSuffix(name, "}")] = segments[i]
			continue
		}
		segment := segments[i]
		if dot := strings.LastIndexByte(segment, '.'); dot >= 0 && strings.EqualFold(segment[:dot], "microsoft.graph") {
			segment = segment[dot+1:]
		}
		if !strings.EqualFold(word, segment) {
			return nil, false
		}
	}
	return ids, true
}

// route finds the endpoint of a request.
func (r *request) route() (endpoint, *refusal) {
	segments, ok := r.segmentsBelowCommunications()
	if !ok {
		return endpoint{}, notASegment()
	}
	known := false
	for _, candidate := range endpoints() {
		ids, match := candidate.match(segments)
		if match && candidate.method == r.http.Method {
			r.ids = ids
			return candidate, nil
		}
		known = known || match
	}
	if known {
		return endpoint{}, &refusal{http.StatusMethodNotAllowed, "Request_BadRequest", "Specified HTTP method is not allowed for the request target."}
	}
	return endpoint{}, notASegment()
}

// segmentsBelowCommunications takes the version and /communications, or /app
// on beta, off the path; /users stays.
func (r *request) segmentsBelowCommunications() ([]string, bool) {
	segments := strings.Split(strings.Trim(r.http.URL.EscapedPath(), "/"), "/")
	for i, segment := range segments {
		plain, err := url.PathUnescape(segment)
		if err != nil {
			return nil, false
		}
		segments[i] = plain
	}
	if len(segments) < 3 {
		return nil, false
	}
	r.version = strings.ToLower(segments[0])
	isBeta := r.version == "beta"
	if !isBeta && r.version != "v1.0" {
		return nil, false
	}
	if strings.EqualFold(segments[1], "users") {
		return segments[1:], true
	}
	communications := strings.EqualFold(segments[1], "communications") || isBeta && strings.EqualFold(segments[1], "app")
	return segments[2:], communications
}

// findCall looks up the call an endpoint is about. A bot sees only its own.
func (r *request) findCall() *refusal {
	id, about := r.ids["call"]
	if !about {
		return nil
	}
	p := r.platform
	p.mu.Lock()
	defer p.mu.Unlock()
	call := p.world.calls[resources.Key(id)]
	if call == nil || call.over() || call.bot != r.caller.bot {
		return callNotFound()
	}
	r.call = call
	return nil
}
