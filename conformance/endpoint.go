package main

import (
	"net/http"
	"net/url"
	"strings"
)

// endpoint is one documented operation: the success it is documented with, and
// the scene a request to it needs.
type endpoint struct {
	method string
	path   string // below the version; names in braces stand for ids
	status int
	set    func(*scene) error
}

// endpoints is the table of what is documented and which scene it needs.
func endpoints() []endpoint {
	return []endpoint{
		{http.MethodPost, "calls", http.StatusCreated, (*scene).placing},
		{http.MethodGet, "calls/{call}", http.StatusOK, (*scene).described},
		{http.MethodDelete, "calls/{call}", http.StatusNoContent, (*scene).talking},
		{http.MethodPost, "calls/{call}/answer", http.StatusAccepted, (*scene).ringing},
		{http.MethodPost, "calls/{call}/reject", http.StatusAccepted, (*scene).ringing},
		{http.MethodPost, "calls/{call}/redirect", http.StatusAccepted, (*scene).ringing},
		{http.MethodPost, "calls/{call}/keepAlive", http.StatusOK, (*scene).talking},
		{http.MethodPost, "calls/{call}/transfer", http.StatusAccepted, (*scene).talking},
		{http.MethodPost, "calls/{call}/playPrompt", http.StatusOK, (*scene).talking},
		{http.MethodPost, "calls/{call}/recordResponse", http.StatusOK, (*scene).talking},
		{http.MethodPost, "calls/{call}/record", http.StatusOK, (*scene).talking},
		{http.MethodPost, "calls/{call}/cancelMediaProcessing", http.StatusOK, (*scene).talking},
		{http.MethodPost, "calls/{call}/subscribeToTone", http.StatusOK, (*scene).talking},
		{http.MethodPost, "calls/{call}/sendDtmfTones", http.StatusOK, (*scene).talking},
		{http.MethodPost, "calls/{call}/mute", http.StatusOK, (*scene).meeting},
		{http.MethodPost, "calls/{call}/unmute", http.StatusOK, (*scene).meeting},
		{http.MethodPost, "calls/{call}/changeScreenSharingRole", http.StatusAccepted, (*scene).presenting},
		{http.MethodPost, "calls/{call}/updateRecordingStatus", http.StatusOK, (*scene).recording},
		{http.MethodPost, "calls/{call}/addLargeGalleryView", http.StatusAccepted, (*scene).meeting},
		{http.MethodPost, "calls/logTeleconferenceDeviceQuality", http.StatusOK, (*scene).placing},
		{http.MethodGet, "calls/{call}/operations/{operation}", http.StatusOK, (*scene).gallery},
		{http.MethodGet, "calls/{call}/participants", http.StatusOK, (*scene).meeting},
		{http.MethodGet, "calls/{call}/participants/{participant}", http.StatusOK, (*scene).meetingItself},
		{http.MethodDelete, "calls/{call}/participants/{participant}", http.StatusNoContent, (*scene).meeting},
		{http.MethodPost, "calls/{call}/participants/invite", http.StatusOK, (*scene).talking},
		{http.MethodPost, "calls/{call}/participants/muteAll", http.StatusOK, (*scene).meeting},
		{http.MethodPost, "calls/{call}/participants/{participant}/mute", http.StatusOK, (*scene).meeting},
		{http.MethodPost, "calls/{call}/participants/{participant}/startHoldMusic", http.StatusAccepted, (*scene).meeting},
		{http.MethodPost, "calls/{call}/participants/{participant}/stopHoldMusic", http.StatusAccepted, (*scene).holding},
		{http.MethodGet, "calls/{call}/contentSharingSessions", http.StatusOK, (*scene).sharing},
		{http.MethodGet, "calls/{call}/contentSharingSessions/{session}", http.StatusOK, (*scene).sharing},
		{http.MethodGet, "onlineMeetings", http.StatusOK, (*scene).scheduled},
		{http.MethodPost, "users/{user}/onlineMeetings", http.StatusCreated, (*scene).scheduled},
		{http.MethodPost, "users/{user}/onlineMeetings/createOrGet", http.StatusOK, (*scene).gotten},
		{http.MethodGet, "users/{user}/onlineMeetings", http.StatusOK, (*scene).scheduled},
		{http.MethodGet, "users/{user}/onlineMeetings/{meeting}", http.StatusOK, (*scene).scheduled},
		{http.MethodGet, "users/{user}/onlineMeetings/{meeting}/attendeeReport", http.StatusFound, (*scene).scheduled},
		{http.MethodGet, "", http.StatusOK, (*scene).recorded},
	}
}

const graphHost = "graph.microsoft.com"

// place is where a documented request goes: below which version, and where
// there. Requests to another host than Microsoft Graph have neither: they are
// for a recording.
type place struct {
	version  string
	segments []string
	query    string
}

// placeOf reads the target of a request. A path without a host is of the
// edition it is printed in, and /me is whose token it is: a bot, which is
// nobody, names the user instead.
func placeOf(target, edition string) (place, bool) {
	address, err := url.Parse(target)
	if err != nil {
		return place{}, false
	}
	if address.Host != "" && address.Host != graphHost {
		return place{}, true
	}
	p := place{version: edition, query: address.RawQuery, segments: strings.FieldsFunc(address.Path, func(r rune) bool { return r == '/' })}
	if address.Host != "" && len(p.segments) > 0 {
		p.version, p.segments = p.segments[0], p.segments[1:]
	}
	if len(p.segments) > 0 && p.segments[0] == "me" {
		p.segments = append([]string{"users", "{id}"}, p.segments[1:]...)
	}
	return p, true
}

// endpointOf finds what a documented request asks for.
func endpointOf(method string, p place) (endpoint, bool) {
	for _, e := range endpoints() {
		if e.method == method && p.with(e.path, nil) != "" {
			return e, true
		}
	}
	return endpoint{}, false
}

// with is the place with other ids, by their names in an endpoint's path, or
// empty where the place is not the endpoint's. It keeps all else as printed.
func (p place) with(path string, ids map[string]string) string {
	segments := p.segments
	prefix := ""
	if len(segments) > 0 && (segments[0] == "communications" || segments[0] == "app") {
		prefix, segments = segments[0]+"/", segments[1:]
	}
	words := strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
	if len(words) != len(segments) {
		return ""
	}
	out := make([]string, len(words))
	for at, word := range words {
		name, isID := strings.CutPrefix(word, "{")
		out[at] = segments[at]
		if isID {
			out[at] = ids[strings.TrimSuffix(name, "}")]
		} else if !strings.EqualFold(word, strings.TrimPrefix(segments[at], "microsoft.graph.")) {
			return ""
		}
	}
	return "/" + p.version + "/" + prefix + strings.Join(out, "/")
}

// samePlace reports whether two requests ask for the same, but for ids.
func samePlace(a, b *example) bool {
	placeA, _ := placeOf(a.url, "")
	placeB, _ := placeOf(b.url, "")
	one, known := endpointOf(a.method, placeA)
	other, alsoKnown := endpointOf(b.method, placeB)
	return known && alsoKnown && one.method == other.method && one.path == other.path
}
