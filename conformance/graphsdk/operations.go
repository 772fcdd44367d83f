package main

import "strings"

// operation is one of Graph's: a method, a path in which {id} stands for any
// id, and the status the documentation promises.
type operation struct {
	method string
	path   string
	status int
	page   string // of the documentation, below learn.microsoft.com/graph/api
}

func (o operation) String() string { return o.method + " " + o.path }

// matches reports whether a request is for this operation.
func (o operation) matches(method, path string) bool {
	words, segments := strings.Split(o.path, "/"), strings.Split(path, "/")
	if o.method != method || len(words) != len(segments) {
		return false
	}
	for i, word := range words {
		if word != "{id}" && word != segments[i] {
			return false
		}
	}
	return true
}

const (
	calls        = "/communications/calls"
	call         = calls + "/{id}"
	participants = call + "/participants"
	participant  = participants + "/{id}"
	routing      = call + "/audioRoutingGroups"
	sharing      = call + "/contentSharingSessions"
	meetings     = "/users/{id}/onlineMeetings"
)

// documented are the operations of v1.0 that have a page of their own.
func documented() []operation {
	return []operation{
		{"POST", calls, 201, "application-post-calls"},
		{"GET", call, 200, "call-get"},
		{"DELETE", call, 204, "call-delete"},
		{"POST", call + "/keepAlive", 200, "call-keepalive"},
		{"POST", call + "/answer", 202, "call-answer"},
		{"POST", call + "/reject", 202, "call-reject"},
		{"POST", call + "/redirect", 202, "call-redirect"},
		{"POST", call + "/transfer", 202, "call-transfer"},
		{"POST", call + "/changeScreenSharingRole", 202, "call-changescreensharingrole"},
		{"POST", call + "/updateRecordingStatus", 200, "call-updaterecordingstatus"},
		{"POST", call + "/addLargeGalleryView", 202, "call-addlargegalleryview"},
		{"GET", call + "/operations/{id}", 200, "addlargegalleryviewoperation-get"},
		{"POST", calls + "/logTeleconferenceDeviceQuality", 200, "call-logteleconferencedevicequality"},
		{"POST", call + "/playPrompt", 200, "call-playprompt"},
		{"POST", call + "/recordResponse", 200, "call-record"},
		{"POST", call + "/cancelMediaProcessing", 200, "call-cancelmediaprocessing"},
		{"POST", call + "/subscribeToTone", 200, "call-subscribetotone"},
		{"POST", call + "/sendDtmfTones", 200, "call-senddtmftones"},
		{"POST", call + "/mute", 200, "call-mute"},
		{"POST", call + "/unmute", 200, "call-unmute"},
		{"GET", participants, 200, "call-list-participants"},
		{"POST", participants + "/invite", 200, "participant-invite"},
		{"GET", participant, 200, "participant-get"},
		{"DELETE", participant, 204, "participant-delete"},
		{"POST", participant + "/mute", 200, "participant-mute"},
		{"POST", participant + "/startHoldMusic", 202, "participant-startholdmusic"},
		{"POST", participant + "/stopHoldMusic", 202, "participant-stopholdmusic"},
		{"POST", routing, 200, "call-post-audioroutinggroups"},
		{"GET", routing, 200, "call-list-audioroutinggroups"},
		{"GET", routing + "/{id}", 200, "audioroutinggroup-get"},
		{"PATCH", routing + "/{id}", 200, "audioroutinggroup-update"},
		{"DELETE", routing + "/{id}", 204, "audioroutinggroup-delete"},
		{"GET", sharing, 200, "call-list-contentsharingsessions"},
		{"GET", sharing + "/{id}", 200, "contentsharingsession-get"},
		{"GET", "/communications/onlineMeetings", 200, "onlinemeeting-get"},
		{"GET", meetings, 200, "onlinemeeting-get"},
		{"GET", meetings + "/{id}", 200, "onlinemeeting-get"},
		{"POST", meetings, 201, "application-post-onlinemeetings"},
		{"POST", meetings + "/createOrGet", 201, "onlinemeeting-createorget"},
	}
}

// undocumented are the operations on calls that the client has only because
// it is generated from the metadata: no page says that the service knows them.
func undocumented() []operation {
	return []operation{
		{method: "GET", path: calls},
		{method: "PATCH", path: call},
		{method: "POST", path: participants},
		{method: "PATCH", path: participant},
		{method: "GET", path: call + "/operations"},
		{method: "POST", path: call + "/operations"},
		{method: "PATCH", path: call + "/operations/{id}"},
		{method: "DELETE", path: call + "/operations/{id}"},
		{method: "POST", path: sharing},
		{method: "PATCH", path: sharing + "/{id}"},
		{method: "DELETE", path: sharing + "/{id}"},
		{method: "GET", path: calls + "/$count"},
		{method: "GET", path: participants + "/$count"},
		{method: "GET", path: call + "/operations/$count"},
		{method: "GET", path: routing + "/$count"},
		{method: "GET", path: sharing + "/$count"},
	}
}

// absent is an operation that has a page, and is not in the client.
type absent struct {
	operation

	why string
}

func notOffered() []absent {
	return []absent{
		{operation{"POST", participants + "/muteAll", 200, "participant-muteall"}, "of beta alone"},
		{operation{"POST", participants + "/configureMixer", 202, "participant-configuremixer"}, "of beta alone, and gone from its metadata"},
	}
}
