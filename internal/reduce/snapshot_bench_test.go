package reduce_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
)

func BenchmarkSnapshot(b *testing.B) {
	for _, of := range benchmarked(b) {
		b.Run(of.name, func(b *testing.B) {
			b.ReportAllocs()
			size := 0
			for b.Loop() {
				size = len(snapshot(b, of.state))
			}
			b.ReportMetric(float64(size), "snapshot-bytes")
		})
	}
}

func BenchmarkRestore(b *testing.B) {
	for _, of := range benchmarked(b) {
		kept := []byte(snapshot(b, of.state))
		b.Run(of.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, err := reduce.Restore(kept)
				require.NoError(b, err)
			}
			b.ReportMetric(float64(len(kept)), "snapshot-bytes")
		})
	}
}

// benchmarked are states of the sizes there are: a call of two of which nothing
// more is heard, and meetings. The platform's entries are of about 900 bytes.
func benchmarked(b *testing.B) []benchmark {
	b.Helper()
	idle := reduce.New("c1")
	for _, input := range trace(b,
		`{"changeType":"created","resourceUrl":"/communications/calls/c1","resourceData":{"@odata.type":"#microsoft.graph.call","state":"incoming","direction":"incoming","callbackUri":"https://bot.contoso.com/api/calls","source":{"@odata.type":"#microsoft.graph.participantInfo","identity":{"@odata.type":"#microsoft.graph.identitySet","user":{"@odata.type":"#microsoft.graph.identity","displayName":"Adele Vance","id":"5a3c1100-0000-4000-8000-000000000001","tenantId":"5a3c1100-0000-4000-8000-000000000002"}},"endpointType":"default"},"targets":[{"@odata.type":"#microsoft.graph.invitationParticipantInfo","identity":{"@odata.type":"#microsoft.graph.identitySet","application":{"@odata.type":"#microsoft.graph.identity","id":"5a3c1100-0000-4000-8000-000000000003"}}}],"tenantId":"5a3c1100-0000-4000-8000-000000000002","callChainId":"5a3c1100-0000-4000-8000-000000000004","id":"c1"}}`,
		`{"changeType":"updated","resourceUrl":"/communications/calls/c1","resourceData":{"@odata.type":"#microsoft.graph.call","state":"establishing","mediaConfig":{"@odata.type":"#microsoft.graph.serviceHostedMediaConfig"},"id":"c1"}}`,
		`{"changeType":"updated","resourceUrl":"/communications/calls/c1","resourceData":{"@odata.type":"#microsoft.graph.call","state":"established","mediaState":{"@odata.type":"#microsoft.graph.callMediaState","audio":"active"},"id":"c1"}}`,
	) {
		idle = reducer.Reduce(idle, input).State
	}
	states := []benchmark{{"idle", idle}}
	for _, size := range []int{20, 100, 1_000} {
		var people []string
		for n := range size {
			people = append(people, strings.ReplaceAll(`{"@odata.type":"#microsoft.graph.participant","info":{"@odata.type":"#microsoft.graph.participantInfo","identity":{"@odata.type":"#microsoft.graph.identitySet","user":{"@odata.type":"#microsoft.graph.identity","displayName":"Participant NNNN","id":"5a3c1100-0000-4000-8001-00000000NNNN","identityProvider":"AAD","tenantId":"5a3c1100-0000-4000-8000-000000000002"}},"languageId":"en-US","endpointType":"default"},"mediaStreams":[{"@odata.type":"#microsoft.graph.mediaStream","mediaType":"audio","sourceId":"NNNN","direction":"sendReceive","serverMuted":false},{"@odata.type":"#microsoft.graph.mediaStream","mediaType":"video","sourceId":"1NNNN","direction":"inactive","serverMuted":false}],"isMuted":true,"isInLobby":false,"meetingRole":"presenter","publishedStates":[],"recordingInfo":{"@odata.type":"#microsoft.graph.recordingInfo","recordingStatus":"notRecording","initiator":null},"id":"5a3c1100-0000-4000-8002-00000000NNNN"}`, "NNNN", fmt.Sprintf("%04d", n)))
		}
		delta := trace(b, `{"changeType":"updated","resourceUrl":"/communications/calls/c1/participants","resourceData":[{"sequenceNumber":1,"participants":[`+strings.Join(people, ",")+`]}]}`)
		states = append(states, benchmark{fmt.Sprint("roster=", size), reducer.Reduce(idle, delta[0]).State})
	}
	return states
}

type benchmark struct {
	name  string
	state *reduce.State
}
