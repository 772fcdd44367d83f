package roster_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/graphcalls/graphcalls-go/internal/roster"
	"github.com/graphcalls/graphcalls-go/resources"
)

// news is a text about somebody, with some of their properties in some order.
func news(t *rapid.T) *resources.Participant {
	said := []string{`"id":"a"`}
	for _, property := range rapid.Permutation([]string{
		`"isMuted":%t`, `"isInLobby":%t`, `"metadata":null`, `"metadata":"m"`, `"future":{"yes":%t}`, `"later":1`,
		`"info":{"region":"emea","identity":{"user":{"id":"u","displayName":"Adele"}}}`, `"info":{"countryCode":"DE"}`, `"info":null`,
		`"mediaStreams":[{"sourceId":"7","serverMuted":%t}]`, `"mediaStreams":[]`, `"recordingInfo":{"recordingStatus":"recording"}`,
	}).Draw(t, "properties")[:rapid.IntRange(0, 5).Draw(t, "how many")] {
		if strings.Contains(property, "%") {
			property = fmt.Sprintf(property, rapid.Bool().Draw(t, "flag"))
		}
		said = append(said, property)
	}
	participant, err := resources.Decode[resources.Participant]([]byte("{" + strings.Join(said, ",") + "}"))
	require.NoError(t, err)
	return participant
}

// That people rest packed changes nothing about them.
func TestPeopleAreWhatWasSaidOfThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		known := news(t)
		r, _ := roster.Roster{}.Change(&resources.DeltaParticipants{Participants: []resources.Participant{*known}})
		for range rapid.IntRange(1, 10).Draw(t, "changes") {
			told := rapid.OneOf(rapid.Custom(news), rapid.Just(known)).Draw(t, "told")
			latest, changed := resources.Merge(known, told, resources.FieldsOf(told), nil)
			next, _ := r.Change(&resources.DeltaParticipants{Participants: []resources.Participant{*told}})
			require.Equal(t, changed == 0, roster.SamePeople(r, next))
			person, listed := next.Get("a")
			require.True(t, listed)
			require.Equal(t, latest, person.Resource())
			require.Equal(t, latest.IsInLobby, person.InLobby())
			known, r = latest, next
		}
	})
}

// Most of a whole roster says nothing new.
func TestPersonOfWhomNothingIsNewIsNotUnpacked(t *testing.T) {
	told, err := resources.Decode[resources.DeltaParticipants]([]byte(`{"participants":[` + person(7) + `]}`))
	require.NoError(t, err)
	r, _ := roster.Roster{}.Change(told)
	require.Less(t, testing.AllocsPerRun(100, func() { r.Change(told) }), 5.0)
}

func TestPersonGoesByTheLatestNumber(t *testing.T) {
	var r roster.Roster
	for _, told := range []struct {
		number     int64
		role, want string
	}{{7, "presenter", "presenter"}, {6, "guest", "presenter"}, {8, "organizer", "organizer"}, {7, "presenter", "organizer"}} {
		r, _ = r.Change(&resources.DeltaParticipants{Participants: []resources.Participant{
			{ID: "a", MeetingRole: told.role, RosterSequenceNumber: told.number},
		}})
		person, _ := r.Get("a")
		require.Equal(t, told.want, person.Resource().MeetingRole)
	}
}
