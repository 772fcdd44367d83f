package main

import (
	"fmt"
	"strings"
)

const tenantID = "2432b57b-0abd-43db-aa7b-16eadd115d34"

func guid(kind, n int) string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", kind, n) }

func envelope(change, path, data string) []byte {
	return fmt.Appendf(nil, `{"@odata.type":"#microsoft.graph.commsNotifications","value":[{"@odata.type":"#microsoft.graph.commsNotification",`+
		`"changeType":"%s","resource":"/app/calls/%s","resourceUrl":"/communications/calls/%s","resourceData":%s}]}`, change, path, path, data)
}

// ringing is what is heard first of a call that comes in.
func ringing(call int) []byte {
	return envelope("created", guid(1, call), fmt.Sprintf(`{"@odata.type":"#microsoft.graph.call","state":"incoming","direction":"incoming",`+
		`"source":{"@odata.type":"#microsoft.graph.participantInfo","identity":{"@odata.type":"#microsoft.graph.identitySet",`+
		`"user":{"@odata.type":"#microsoft.graph.identity","id":"%s","displayName":"Caller %d"}},"endpointType":"default","region":"emea"},`+
		`"targets":[{"@odata.type":"#microsoft.graph.invitationParticipantInfo","identity":{"@odata.type":"#microsoft.graph.identitySet",`+
		`"application":{"@odata.type":"#microsoft.graph.identity","id":"%s","displayName":"Concierge"}}}],`+
		`"requestedModalities":["audio"],"tenantId":"%s","myParticipantId":"%s","callChainId":"%s","id":"%s"}`,
		guid(2, call), call, guid(0, 1), tenantID, guid(3, call), guid(4, call), guid(1, call)))
}

// established is what is heard of a call once a bot has answered it.
func established(call int) []byte {
	return envelope("updated", guid(1, call), fmt.Sprintf(`{"@odata.type":"#microsoft.graph.call","state":"established",`+
		`"mediaState":{"@odata.type":"#microsoft.graph.callMediaState","audio":"active"},"tenantId":"%s","callChainId":"%s","id":"%s"}`,
		tenantID, guid(4, call), guid(1, call)))
}

// roster is a change of a roster by which a hundred people come in.
func roster(call int) []byte {
	var people []string
	for n := range rosterSize {
		id := call*rosterSize + n
		people = append(people, fmt.Sprintf(`{"@odata.type":"#microsoft.graph.participant","id":"%s","info":{"identity":{"user":`+
			`{"id":"%s","displayName":"Attendee %d","tenantId":"%s","identityProvider":"AAD"}},`+
			`"countryCode":"US","endpointType":"default","languageId":"en-US","region":"amer"},"mediaStreams":[`+
			`{"mediaType":"audio","sourceId":"%d","direction":"sendReceive","serverMuted":false},`+
			`{"mediaType":"video","sourceId":"%d","direction":"inactive","serverMuted":false},`+
			`{"mediaType":"videoBasedScreenSharing","sourceId":"%d","direction":"receiveOnly","serverMuted":false},`+
			`{"mediaType":"data","sourceId":"%d","direction":"sendReceive","serverMuted":false}],`+
			`"isMuted":false,"isInLobby":false,"metadata":null,"recordingInfo":null,"restrictedExperience":null,`+
			`"rosterSequenceNumber":1,"removedState":null}`, guid(5, id), guid(7, id), id, tenantID, 10*id, 10*id+1, 10*id+2, 10*id+3))
	}
	return envelope("updated", guid(1, call)+"/participants",
		`[{"@odata.type":"#microsoft.graph.deltaParticipants","sequenceNumber":1,"participants":[`+strings.Join(people, ",")+`]}]`)
}
