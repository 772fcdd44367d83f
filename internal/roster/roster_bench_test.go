package roster_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/internal/roster"
	"github.com/graphcalls/graphcalls-go/resources"
)

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

func rosterBody(size, muted int) []byte {
	list := make([]string, size)
	for i := range list {
		list[i] = person(i)
		if i < muted {
			list[i] = strings.Replace(list[i], `"isInLobby":false`, `"isInLobby":true`, 1)
		}
	}
	return []byte(`{"value":[{"changeType":"updated","resourceUrl":"/communications/calls/1/participants","resourceData":[` + strings.Join(list, ",") + `]}]}`)
}

func decodeRoster(tb testing.TB, body []byte) []resources.Participant {
	tb.Helper()
	batch, err := resources.DecodeNotifications(body)
	require.NoError(tb, err)
	return batch.Value[0].Data.(resources.Participants)
}

// BenchmarkRetained reports how much of the heap a person takes, also as a share
// of their text.
func BenchmarkRetained(b *testing.B) {
	const size = 99 // what is whole, the platform says
	body := rosterBody(size, 0)
	for b.Loop() {
		kept := make([]roster.Roster, 50)
		before := settledHeap()
		for i := range kept {
			kept[i], _ = roster.Roster{}.Replace(decodeRoster(b, body))
		}
		each := float64(settledHeap()-before) / float64(len(kept)*size)
		b.ReportMetric(each, "B/person")
		b.ReportMetric(each/(float64(len(body))/size), "B/wireB")
		runtime.KeepAlive(kept)
	}
}

func settledHeap() uint64 {
	var stats runtime.MemStats
	for range 3 {
		runtime.GC()
	}
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// BenchmarkReplace lays a roster in which three changed over one of a hundred.
func BenchmarkReplace(b *testing.B) {
	known, _ := roster.Roster{}.Replace(decodeRoster(b, rosterBody(100, 0)))
	news := decodeRoster(b, rosterBody(100, 3))
	b.ReportAllocs()
	for b.Loop() {
		if next, _ := known.Replace(news); next.Len() != 100 {
			b.Fatal(next.Len())
		}
	}
}

// BenchmarkRead reads everybody in a large meeting.
func BenchmarkRead(b *testing.B) {
	known := meeting(b, 1_000)
	b.ReportAllocs()
	for b.Loop() {
		for person := range known.All() {
			if person.Resource().ID == "" {
				b.Fatal("nobody")
			}
		}
	}
}

// BenchmarkChange mutes and unmutes somebody in a very large meeting.
func BenchmarkChange(b *testing.B) {
	known := meeting(b, 10_000)
	var changes [2]resources.DeltaParticipants
	for i, muted := range []string{"true", "false"} {
		changes[i] = delta(b, strings.Replace(person(7), `"isMuted":false`, `"isMuted":`+muted, 1))
	}
	b.ReportAllocs()
	for turn := 0; b.Loop(); turn++ {
		next, _ := known.Change(&changes[turn%2])
		if turn%2 == 0 && roster.SamePeople(known, next) {
			b.Fatal("nothing changed")
		}
		known = next
	}
}

// meeting is a roster of so many people, who came by a change of it.
func meeting(b *testing.B, size int) roster.Roster {
	b.Helper()
	list := make([]string, size)
	for i := range list {
		list[i] = person(i)
	}
	change := delta(b, list...)
	known, _ := roster.Roster{}.Change(&change)
	require.Equal(b, size, known.Len())
	return known
}

func delta(b *testing.B, people ...string) resources.DeltaParticipants {
	b.Helper()
	delta, err := resources.Decode[resources.DeltaParticipants]([]byte(`{"participants":[` + strings.Join(people, ",") + `]}`))
	require.NoError(b, err)
	return *delta
}
