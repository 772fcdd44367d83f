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
	serve  func(*request) (reply, *refusal)
}

func endpoints() []endpoint {
	return []endpoint{
		{http.MethodPost, "calls", createCall},
		{http.MethodGet, "calls/{call}", getCall},
		{http.MethodDelete, "calls/{call}", hangUp},
		{http.MethodPost, "calls/{call}/answer", answerCall},
		{http.MethodPost, "calls/{call}/reject", rejectCall},
		{http.MethodPost, "calls/{call}/keepAlive", keepAlive},
		{http.MethodPost, "calls/{call}/playPrompt", playPrompt},
		{http.MethodGet, "calls/{call}/operations/{operation}", getOperation},
		{http.MethodGet, "calls/{call}/participants", listParticipants},
		{http.MethodGet, "calls/{call}/participants/{participant}", getParticipant},
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
// on beta, off the path.
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
