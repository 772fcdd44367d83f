package control

import (
	"strings"

	"github.com/graphcalls/graphcalls-go/simulator"
)

func lobbies() []named[simulator.Lobby] {
	return []named[simulator.Lobby]{
		{"guests", simulator.LobbyForGuests}, {"all", simulator.LobbyForAll}, {"nobody", simulator.LobbyForNobody},
	}
}

type newMeeting struct {
	Subject     string `json:"subject"`
	OrganizerID string `json:"organizerId"`
	Lobby       string `json:"lobby"`
}

func (s *Server) createMeeting(r *request) (answer, error) {
	body := newMeeting{Lobby: "guests"}
	if err := r.parse(&body); err != nil {
		return answer{}, err
	}
	lobby, err := value(lobbies(), "lobby", body.Lobby)
	if err != nil {
		return answer{}, err
	}
	meeting := simulator.Meeting{Subject: body.Subject, Lobby: lobby}
	if body.OrganizerID != "" {
		organizer, err := s.cast.person(body.OrganizerID)
		if err != nil {
			return answer{}, err
		}
		meeting.Organizer = organizer.Person
	}
	made := s.platform.AddMeeting(meeting)
	s.cast.addMeeting(made)
	return created(describeMeeting(made))
}

func titleOf(m *simulator.Meeting) string {
	if strings.TrimSpace(m.Subject) == "" {
		return "the meeting"
	}
	return m.Subject
}

func (s *Server) admit(r *request) (answer, error) {
	return s.openLobby(r, "lets the bot in", (*simulator.Meeting).AdmitFromLobby)
}

func (s *Server) deny(r *request) (answer, error) {
	return s.openLobby(r, "turns the bot away", (*simulator.Meeting).DenyFromLobby)
}

func (s *Server) openLobby(r *request, what string, how func(*simulator.Meeting, *simulator.Bot) bool) (answer, error) {
	m, err := s.cast.meeting(r.PathValue("meeting"))
	if err != nil {
		return answer{}, err
	}
	var body whichBot
	if err := r.parse(&body); err != nil {
		return answer{}, err
	}
	b, err := s.cast.bot(body.BotID)
	if err != nil {
		return answer{}, err
	}
	s.looking.Lock()
	defer s.looking.Unlock()
	if !how(m, b.Bot) {
		return answer{}, conflict("The bot is not waiting in this meeting's lobby.")
	}
	s.note(actText{Who: m.Organizer.DisplayName, What: what})
	return done()
}

func (s *Server) endMeeting(r *request) (answer, error) {
	m, err := s.cast.meeting(r.PathValue("meeting"))
	if err != nil {
		return answer{}, err
	}
	s.note(actText{Who: m.Organizer.DisplayName, What: "ends " + titleOf(m)})
	m.End()
	return done()
}
