package inspector

import (
	"slices"
	"strings"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// mostSeats is how many people of a call are shown.
const mostSeats = 200

// roster is who is in a call, as the page and the bundle have it.
type roster struct {
	Trust string `json:"trust"`
	Total int    `json:"total"`
	Seats []seat `json:"seats,omitempty"`
}

type seat struct {
	Who         string   `json:"who"`
	Kind        string   `json:"kind"`
	ID          string   `json:"id,omitempty"` // of the participant, with ShowPersonalData alone
	Self        bool     `json:"self,omitempty"`
	Lobby       bool     `json:"lobby,omitempty"`
	Muted       bool     `json:"muted,omitempty"`
	ServerMuted bool     `json:"serverMuted,omitempty"`
	Held        bool     `json:"held,omitempty"`
	Recording   string   `json:"recording,omitempty"`
	Role        string   `json:"role,omitempty"`
	Streams     []stream `json:"streams,omitempty"`
}

// stream is one of a participant's.
type stream struct {
	Kind      string `json:"kind"`
	Direction string `json:"direction"`
	Muted     bool   `json:"muted,omitempty"`
}

func (p *people) roster(call *statefulclient.Call, personal bool) roster {
	present := call.Participants()
	list := roster{Trust: trustOf(present.Trust()), Total: present.Len()}
	self := call.Resource().MyParticipantID
	for participant := range present.All() {
		if len(list.Seats) == mostSeats {
			break
		}
		list.Seats = append(list.Seats, p.seat(participant.Resource(), self, personal))
	}
	slices.SortFunc(list.Seats, func(a, b seat) int {
		if d := len(a.Who) - len(b.Who); d != 0 && !personal {
			return d // person 9 before person 10
		}
		return strings.Compare(a.Who, b.Who)
	})
	return list
}

func (p *people) seat(r *resources.Participant, self string, personal bool) seat {
	var identity *resources.IdentitySet
	if r.Info != nil {
		identity = r.Info.Identity
	}
	s := seat{
		Who: p.pseudonym(identity, r.ID), Kind: kindOfPerson(identity), Self: self != "" && r.ID == self,
		Lobby: r.IsInLobby, Muted: r.IsMuted, Role: short(r.MeetingRole),
	}
	if personal {
		s.Who, s.ID = short(r.DisplayName()), short(r.ID)
	}
	if r.RecordingInfo != nil && r.RecordingInfo.RecordingStatus != resources.RecordingStatusNotRecording {
		s.Recording = wordOf(r.RecordingInfo.RecordingStatus)
	}
	for i := range min(len(r.MediaStreams), 8) {
		m := &r.MediaStreams[i]
		s.Streams = append(s.Streams, stream{wordOf(m.MediaType), wordOf(m.Direction), m.ServerMuted})
		s.ServerMuted = s.ServerMuted || m.ServerMuted
		if m.MediaType == resources.ModalityAudio && m.Direction == resources.MediaDirectionInactive {
			s.Held = true
		}
	}
	return s
}

// kindOfPerson is how the wire names what somebody is.
func kindOfPerson(identity *resources.IdentitySet) string {
	for kind := range identity.All() {
		return kind
	}
	return ""
}

func trustOf(trust statefulclient.RosterTrust) string {
	switch trust {
	case statefulclient.RosterSnapshot:
		return "snapshot"
	case statefulclient.RosterDelta:
		return "delta"
	case statefulclient.RosterTruncated:
		return "truncated"
	case statefulclient.RosterStale:
		return "stale"
	case statefulclient.RosterUnknown:
	}
	return "unknown"
}
