package main

import (
	"bytes"
	"fmt"
)

// What the platform says of many calls. They go by numbers, of which all that
// tells one from another is made.

func idOf(call int) string    { return guid(8, call) }
func chainOf(call int) string { return guid(9, call) }

// ringing is a call between one person and the bot that comes in.
func ringing(call int) []byte {
	return envelope("created", idOf(call), "", fmt.Sprintf(`{"@odata.type":"#microsoft.graph.call","state":"incoming","direction":"incoming",`+
		`"source":{"@odata.type":"#microsoft.graph.participantInfo","identity":{"@odata.type":"#microsoft.graph.identitySet",`+
		`"user":{"@odata.type":"#microsoft.graph.identity","id":"%s","displayName":"%s"}},"endpointType":"default","region":"emea"},`+
		`"targets":[{"@odata.type":"#microsoft.graph.invitationParticipantInfo","identity":{"@odata.type":"#microsoft.graph.identitySet",`+
		`"application":{"@odata.type":"#microsoft.graph.identity","id":"%s","displayName":"Concierge"}}}],`+
		`"requestedModalities":["audio"],"tenantId":"%s","myParticipantId":"%s","callChainId":"%s","id":"%s"}`,
		person{index: call}.userID(), person{index: call}.name(), guid(0, 1), tenantID, guid(10, call), chainOf(call), idOf(call)))
}

// established is what is heard of a call once a bot has answered it.
func established(call int) []byte { return saysOfCall(call, "") }

// saysOfCall is an update of some 600 bytes that gives a call a subject.
func saysOfCall(call int, subject string) []byte {
	return envelope("updated", idOf(call), "", fmt.Sprintf(`{"@odata.type":"#microsoft.graph.call","state":"established","subject":"%s",`+
		`"mediaState":{"@odata.type":"#microsoft.graph.callMediaState","audio":"active"},"tenantId":"%s","callChainId":"%s","id":"%s"}`,
		subject, tenantID, chainOf(call), idOf(call)))
}

// peopleOf are the people of a call of so many, as they joined.
func peopleOf(call, count int) []person {
	list := make([]person, count)
	for i := range list {
		list[i] = personOf(call, count, i)
	}
	return list
}

// personOf is one of these.
func personOf(call, count, i int) person {
	return person{index: call*count + i, muted: i%3 == 0, sequence: firstSequence}
}

// noted puts a note on the first person of a roster.
func noted(roster []byte, note string) []byte {
	return bytes.Replace(roster, []byte(`"metadata":null`), []byte(`"metadata":"`+note+`"`), 1)
}
