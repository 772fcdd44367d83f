package main

import (
	"fmt"
	"strings"
)

func guid(kind, n int) string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", kind, n) }

func envelope(change, path, data string) []byte {
	return fmt.Appendf(nil, `{"@odata.type":"#microsoft.graph.commsNotifications","value":[{"@odata.type":"#microsoft.graph.commsNotification",`+
		`"changeType":"%s","resourceUrl":"/communications/calls/%s","resourceData":%s}]}`, change, path, data)
}

func ringing(call int) []byte {
	return envelope("created", guid(1, call), fmt.Sprintf(`{"@odata.type":"#microsoft.graph.call","state":"incoming","direction":"incoming",`+
		`"source":{"@odata.type":"#microsoft.graph.participantInfo","identity":{"@odata.type":"#microsoft.graph.identitySet",`+
		`"user":{"@odata.type":"#microsoft.graph.identity","id":"%s","displayName":"Person %d"}},"endpointType":"default"},`+
		`"requestedModalities":["audio"],"tenantId":"%s","callChainId":"%s"}`, guid(4, call), call, guid(5, 1), guid(6, call)))
}

func update(call, turn int) []byte {
	return envelope("updated", guid(1, call), fmt.Sprintf(`{"@odata.type":"#microsoft.graph.call","state":"established","subject":"Turn %d",`+
		`"mediaState":{"@odata.type":"#microsoft.graph.callMediaState","audio":"active"},"tenantId":"%s","callChainId":"%s"}`,
		turn, guid(5, 1), guid(6, call)))
}

// roster is one of five people, the first of whom is muted at times.
func roster(call, turn int) []byte {
	var people []string
	for i := range 5 {
		people = append(people, fmt.Sprintf(`{"@odata.type":"#microsoft.graph.participant","id":"%s","isMuted":%t,"isInLobby":false,`+
			`"info":{"@odata.type":"#microsoft.graph.participantInfo","identity":{"@odata.type":"#microsoft.graph.identitySet",`+
			`"user":{"@odata.type":"#microsoft.graph.identity","id":"%s","displayName":"Person %d"}}},`+
			`"mediaStreams":[{"@odata.type":"#microsoft.graph.mediaStream","mediaType":"audio","direction":"sendReceive","sourceId":"%d"}]}`,
			guid(7, call*5+i), i == 0 && turn%2 == 0, guid(8, call*5+i), i, i+1))
	}
	return envelope("updated", guid(1, call)+"/participants", "["+strings.Join(people, ",")+"]")
}
