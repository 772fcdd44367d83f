package resources_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
)

// callUpdate is what a bot is told most often.
func callUpdate() []byte {
	const call = "calls/57dab8b1-894c-409a-b240-bd8beae78896"
	return []byte(`{"@odata.type":"#microsoft.graph.commsNotifications","value":[{"@odata.type":"#microsoft.graph.commsNotification",` +
		`"changeType":"updated","resource":"/app/` + call + `","resourceUrl":"/communications/` + call + `","resourceData":{` +
		`"@odata.type":"#microsoft.graph.call","state":"established",` +
		`"mediaState":{"@odata.type":"#microsoft.graph.callMediaState","audio":"active"},"tenantId":"2432b57b-0abd-43db-aa7b-16eadd115d34",` +
		`"callChainId":"d8217646-3110-40b1-bae6-e9ac6c3a9f74","id":"57dab8b1-894c-409a-b240-bd8beae78896"}}]}`)
}

// person is one entry of a roster as the platform sends it.
func person(i int) string {
	stream := func(kind, direction string, n int) string {
		return fmt.Sprintf(`{"mediaType":"%s","sourceId":"%d","direction":"%s","serverMuted":false}`, kind, 100+10*i+n, direction)
	}
	return fmt.Sprintf(`{"@odata.type":"#microsoft.graph.participant","id":"%08x-5c7e-4f6b-8f5a-7e3d0b1a5c7e","info":{"identity":{"user":`+
		`{"id":"%08x-596e-4d39-b557-0c5cfdb9596e","displayName":"Person Number %d","tenantId":"2432b57b-0abd-43db-aa7b-16eadd115d34","identityProvider":"AAD"}},`+
		`"countryCode":"DE","endpointType":"default","languageId":"en-US","region":"emea"},"mediaStreams":[%s,%s,%s,%s],`+
		`"isMuted":%t,"isInLobby":false,"metadata":null,"recordingInfo":null,"restrictedExperience":null,`+
		`"rosterSequenceNumber":%d,"removedState":null}`,
		uint32(i)*2654435761, uint32(i)*2246822519, i,
		stream("audio", "sendReceive", 0), stream("video", "inactive", 1),
		stream("videoBasedScreenSharing", "receiveOnly", 2), stream("data", "sendReceive", 3),
		i%3 == 0, 1_000_000_000)
}

func wholeRoster(size int) []byte {
	people := make([]string, size)
	for i := range people {
		people[i] = person(i)
	}
	return body("[" + strings.Join(people, ",") + "]")
}

func benchmarkDecode(b *testing.B, text []byte) {
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := resources.DecodeNotifications(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeCall(b *testing.B)      { benchmarkDecode(b, callUpdate()) }
func BenchmarkDecodeRoster100(b *testing.B) { benchmarkDecode(b, wholeRoster(100)) }

func decodePerson(b *testing.B, text string) *resources.Participant {
	p, err := resources.Decode[resources.Participant]([]byte(text))
	require.NoError(b, err)
	return p
}

func BenchmarkMergeSame(b *testing.B) {
	benchmarkMerge(b, decodePerson(b, person(7)), 0)
}

func BenchmarkMergeOneField(b *testing.B) {
	benchmarkMerge(b, decodePerson(b, strings.Replace(person(7), `"isMuted":false`, `"isMuted":true`, 1)), 1)
}

func benchmarkMerge(b *testing.B, news *resources.Participant, differs int) {
	known := decodePerson(b, person(7))
	b.ReportAllocs()
	for b.Loop() {
		if _, changed := resources.Merge(known, news, resources.FieldsOf(news), nil); changed.Len() != differs {
			b.Fatal(changed)
		}
	}
}

func BenchmarkEncodeRoster100(b *testing.B) {
	batch, err := resources.DecodeNotifications(wholeRoster(100))
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := resources.Encode(batch); err != nil {
			b.Fatal(err)
		}
	}
}

// Texts that differ in their order, and in how long their lists are, have each
// other's guesses fail.
func BenchmarkDecodeInTurns(b *testing.B) {
	other := strings.NewReplacer(
		`"changeType":"updated",`, "", `"resourceData":{`, `"changeType":"updated","resourceData":{`,
		`"state":"established",`, "", `"tenantId"`, `"state":"established","targets":[{"id":"a"},{"id":"b"}],"tenantId"`,
	).Replace(string(callUpdate()))
	texts := [][]byte{callUpdate(), []byte(other)}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for turn := 0; pb.Next(); turn++ {
			if _, err := resources.DecodeNotifications(texts[turn%len(texts)]); err != nil {
				b.Error(err)
			}
		}
	})
}
