package main

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
)

func TestBodiesAreAsLargeAsReal(t *testing.T) {
	for name, test := range map[string]struct {
		body      []byte
		low, high int
	}{
		"call update":     {callUpdate(callID, "established", "active"), 540, 660},
		"tone":            {tone(callID, 1), 400, 550},
		"operation":       {operationEnd(callID), 550, 750},
		"roster of 100":   {roster(callID, people(100)), 75_000, 90_000},
		"roster of 1,000": {roster(callID, people(1000)), 750_000, 900_000},
		"delta of one":    {delta(callID, firstSequence, people(1)), 1_000, 1_300},
	} {
		t.Run(name, func(t *testing.T) {
			require.True(t, json.Valid(test.body))
			require.Greater(t, len(test.body), test.low)
			require.Less(t, len(test.body), test.high)
		})
	}
}

func TestEverybodyIsSomebodyElse(t *testing.T) {
	everybody := people(10_000)
	for what, of := range map[string]func(person) string{"id": person.id, "user": person.userID, "name": person.name} {
		seen := map[string]bool{}
		for _, p := range everybody {
			seen[of(p)] = true
		}
		require.Len(t, seen, len(everybody), what)
	}
}

func TestTemplatesFillInNumbers(t *testing.T) {
	both := rosters(callID, 100)
	first, second := both[0].with(firstSequence+1), both[1].with(firstSequence+2)
	require.Len(t, both[0].holes, 3)
	another := both[0].with(firstSequence + 1)
	require.Equal(t, first, another)
	require.NotSame(t, &first[0], &another[0])
	before, after := ourPeople(t, first), ourPeople(t, second)
	var changed []int
	for i := range before {
		if before[i].RosterSequenceNumber != after[i].RosterSequenceNumber {
			require.Equal(t, int64(firstSequence+2), after[i].RosterSequenceNumber)
			require.NotEqual(t, before[i].IsMuted, after[i].IsMuted)
			changed = append(changed, i)
		}
	}
	require.Equal(t, []int{14, 50, 99}, changed)
}

func TestAllReadTheSameCall(t *testing.T) {
	for _, body := range callUpdates(callID) {
		notifications, err := resources.DecodeNotifications(body)
		require.NoError(t, err)
		ours := notifications.Value[0].Data.(*resources.Call)

		graph, err := decodeByGraph(body)
		require.NoError(t, err)
		n := graph[0].(*graphNotification)
		theirs := n.data[0].(*models.Call)
		require.Equal(t, string(notifications.Value[0].ChangeType), *n.changeType)
		require.Equal(t, notifications.Value[0].ResourceURL, *n.resourceURL)
		require.Equal(t, ours.ID, *theirs.GetId())
		require.Equal(t, string(ours.State), theirs.GetState().String())
		require.Equal(t, string(ours.MediaState.Audio), theirs.GetMediaState().GetAudio().String())
		require.Equal(t, ours.TenantID, *theirs.GetTenantId())
		require.Equal(t, ours.CallChainID, *theirs.GetCallChainId())

		plain, err := decodeByJSON[plainCall](body)
		require.NoError(t, err)
		require.Equal(t, ours.ID, plain.Value[0].ResourceData.ID)
		require.Equal(t, string(ours.State), plain.Value[0].ResourceData.State)
		require.Equal(t, string(ours.MediaState.Audio), plain.Value[0].ResourceData.MediaState.Audio)
	}
}

func TestAllReadTheSamePeople(t *testing.T) {
	const count = 100
	body := roster(callID, people(count))
	ours := ourPeople(t, body)
	graph, err := decodeByGraph(body)
	require.NoError(t, err)
	theirs := graph[0].(*graphNotification).data
	plain, err := decodeByJSON[[]plainParticipant](body)
	require.NoError(t, err)
	others := plain.Value[0].ResourceData
	require.Len(t, ours, count)
	require.Len(t, theirs, count)
	require.Len(t, others, count)
	for i, p := range people(count) {
		user := ours[i].Info.Identity.User
		require.Equal(t, p.id(), ours[i].ID)
		require.Equal(t, p.userID(), user.ID)
		require.Equal(t, p.name(), user.DisplayName)
		require.Equal(t, p.muted, ours[i].IsMuted)
		require.Len(t, ours[i].MediaStreams, 4)
		samePerson(t, &ours[i], theirs[i].(*models.Participant))

		require.Equal(t, p.id(), others[i].ID)
		require.Equal(t, p.name(), others[i].Info.Identity.User.DisplayName)
		require.Equal(t, p.muted, others[i].IsMuted)
		require.Equal(t, ours[i].MediaStreams[3].SourceID, others[i].MediaStreams[3].SourceID)
	}
}

func samePerson(t *testing.T, ours *resources.Participant, theirs *models.Participant) {
	t.Helper()
	user, info := theirs.GetInfo().GetIdentity().GetUser(), theirs.GetInfo()
	require.Equal(t, ours.ID, *theirs.GetId())
	require.Equal(t, ours.Info.Identity.User.ID, *user.GetId())
	require.Equal(t, ours.Info.Identity.User.DisplayName, *user.GetDisplayName())
	require.Equal(t, ours.Info.CountryCode, *info.GetCountryCode())
	require.Equal(t, ours.Info.LanguageID, *info.GetLanguageId())
	require.Equal(t, ours.Info.Region, *info.GetRegion())
	require.Equal(t, string(ours.Info.EndpointType), info.GetEndpointType().String())
	require.Equal(t, ours.IsMuted, *theirs.GetIsMuted())
	require.Equal(t, ours.IsInLobby, *theirs.GetIsInLobby())
	require.Equal(t, ours.RosterSequenceNumber, *theirs.GetRosterSequenceNumber())
	require.Len(t, theirs.GetMediaStreams(), len(ours.MediaStreams))
	for i, stream := range theirs.GetMediaStreams() {
		require.Equal(t, string(ours.MediaStreams[i].MediaType), stream.GetMediaType().String())
		require.Equal(t, string(ours.MediaStreams[i].Direction), stream.GetDirection().String())
		require.Equal(t, ours.MediaStreams[i].SourceID, *stream.GetSourceId())
		require.Equal(t, ours.MediaStreams[i].ServerMuted, *stream.GetServerMuted())
	}
}

func TestWeReadTonesAndOperations(t *testing.T) {
	notifications, err := resources.DecodeNotifications(tone(callID, 3))
	require.NoError(t, err)
	require.Equal(t, int64(3), notifications.Value[0].Data.(*resources.Call).ToneInfo.SequenceID)

	notifications, err = resources.DecodeNotifications(operationEnd(callID))
	require.NoError(t, err)
	operation := notifications.Value[0].Data.(resources.OperationData).Operation
	require.Equal(t, resources.OperationStatusCompleted, operation.Common().Status)
}

func ourPeople(t *testing.T, body []byte) []resources.Participant {
	t.Helper()
	notifications, err := resources.DecodeNotifications(body)
	require.NoError(t, err)
	return slices.Clone([]resources.Participant(notifications.Value[0].Data.(resources.Participants)))
}
