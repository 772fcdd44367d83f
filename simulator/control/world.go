package control

import (
	"maps"
	"slices"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

const endedCallsShown = 50

// worldText is who and what there is.
type worldText struct {
	Bots     []botText     `json:"bots"`
	People   []personText  `json:"people"`
	Meetings []meetingText `json:"meetings"`
	Calls    []callText    `json:"calls"`
	Faults   []faultText   `json:"faults"`
	Stats    statsText     `json:"stats"`
}

type botText struct {
	AppID          string `json:"appId"`
	DisplayName    string `json:"displayName"`
	TenantID       string `json:"tenantId"`
	InstanceID     string `json:"instanceId"`
	CallingWebhook string `json:"callingWebhook"`
}

type personText struct {
	ID          string `json:"id"`
	DisplayName string `json:"displayName"`
	TenantID    string `json:"tenantId"`
	Phone       string `json:"phone"`
	WhenCalled  string `json:"whenCalled"`
	// Rings counts the calls that wait to be picked up.
	Rings int `json:"rings"`
	// ParticipantID is the person's entry in the rosters of calls.
	ParticipantID string `json:"participantId"`
}

type meetingText struct {
	ThreadID      string            `json:"threadId"`
	Subject       string            `json:"subject"`
	OrganizerID   string            `json:"organizerId"`
	TenantID      string            `json:"tenantId"`
	JoinURL       string            `json:"joinUrl"`
	JoinMeetingID string            `json:"joinMeetingId"`
	Passcode      string            `json:"passcode"`
	Lobby         string            `json:"lobby"`
	Participants  []participantText `json:"participants"`
}

type callText struct {
	ID              string            `json:"id"`
	Direction       string            `json:"direction"`
	BotID           string            `json:"botId"`
	CallerID        string            `json:"callerId"`
	State           string            `json:"state"`
	Answered        bool              `json:"answered"`
	Rejected        string            `json:"rejected"`
	CallbackURI     string            `json:"callbackUri"`
	KeepAlives      int               `json:"keepAlives"`
	TonesSubscribed bool              `json:"tonesSubscribed"`
	KeysSent        []string          `json:"keysSent"`
	RecordingStatus string            `json:"recordingStatus"`
	Result          *resultText       `json:"result"`
	Participants    []participantText `json:"participants"`
}

type resultText struct {
	Code    int32  `json:"code"`
	Subcode int32  `json:"subcode"`
	Message string `json:"message"`
}

type participantText struct {
	ID          string `json:"id"`
	Kind        string `json:"kind"`
	IdentityID  string `json:"identityId"`
	DisplayName string `json:"displayName"`
	Muted       bool   `json:"muted"`
	InLobby     bool   `json:"inLobby"`
}

type statsText struct {
	Requests     int64 `json:"requests"`
	Unauthorized int64 `json:"unauthorized"`
	Tokens       int64 `json:"tokens"`
	Delivered    int64 `json:"delivered"`
	Undelivered  int64 `json:"undelivered"`
	Retries      int64 `json:"retries"`
	Dropped      int64 `json:"dropped"`
	LiveCalls    int   `json:"liveCalls"`
	EndedCalls   int64 `json:"endedCalls"`
	// ForgeriesTaken counts forged notifications that the bot took.
	ForgeriesTaken int64 `json:"forgeriesTaken"`
	// Injected counts what faults spoiled, by their names.
	Injected map[string]int64 `json:"injected"`
}

func (s *Server) world() worldText {
	s.cast.forget(func(id string) bool { return s.platform.Call(id) != nil })
	world := worldText{
		Bots: []botText{}, People: []personText{}, Meetings: []meetingText{},
		Calls: s.calls(), Faults: s.faults.list(), Stats: s.stats(),
	}
	bots, people, meetings := s.cast.list()
	for _, b := range bots {
		world.Bots = append(world.Bots, describeBot(b))
	}
	for _, p := range people {
		world.People = append(world.People, describePerson(p))
	}
	for _, m := range meetings {
		world.Meetings = append(world.Meetings, describeMeeting(m))
	}
	return world
}

func describeBot(b bot) botText {
	return botText{b.AppID, b.DisplayName, b.TenantID, b.InstanceID, b.webhook}
}

func describePerson(p person) personText {
	return personText{
		ID: p.ID, DisplayName: p.DisplayName, TenantID: p.TenantID, Phone: p.Phone,
		WhenCalled: p.whenCalled, Rings: p.Rings(), ParticipantID: p.ParticipantID(),
	}
}

func describeMeeting(m *simulator.Meeting) meetingText {
	return meetingText{
		ThreadID: m.ThreadID, Subject: m.Subject, OrganizerID: m.Organizer.ID, TenantID: m.Organizer.TenantID,
		JoinURL: m.JoinURL(), JoinMeetingID: m.JoinMeetingID, Passcode: m.Passcode,
		Lobby: nameOf(lobbies(), m.Lobby), Participants: describeRoster(m.Participants()),
	}
}

// calls are those that live, and the newest of those that have ended.
func (s *Server) calls() []callText {
	all := []callText{}
	ended := 0
	for _, call := range slices.Backward(s.platform.Calls()) {
		text := s.describeCall(call)
		if text.State == string(resources.CallStateTerminated) {
			ended++
			if ended > endedCallsShown {
				continue
			}
		}
		all = append(all, text)
	}
	slices.Reverse(all)
	return all
}

func (s *Server) describeCall(call *simulator.Call) callText {
	facts := call.Facts()
	text := callText{
		ID: call.ID(), Direction: "outgoing", State: string(facts.State), Answered: facts.Answered,
		Rejected: string(facts.Rejected), CallbackURI: facts.CallbackURI, KeepAlives: facts.KeepAlives,
		TonesSubscribed: facts.TonesSubscribed, KeysSent: []string{}, RecordingStatus: string(facts.RecordingStatus),
		Participants: describeRoster(facts.Roster),
	}
	for _, tone := range facts.KeysSent {
		text.KeysSent = append(text.KeysSent, string(tone))
	}
	if facts.Request == nil {
		text.Direction = "incoming"
	}
	if known := s.cast.incomingCall(call.ID()); known != nil {
		text.BotID, text.CallerID = known.bot, known.caller
	}
	for _, p := range facts.Roster {
		if text.BotID == "" && p.Info != nil && p.Info.Identity != nil && p.Info.Identity.Application != nil {
			text.BotID = p.Info.Identity.Application.ID
		}
	}
	text.BotID = s.cast.rememberBot(call.ID(), text.BotID)
	if facts.Result != nil {
		text.Result = &resultText{facts.Result.Code, facts.Result.Subcode, facts.Result.Message}
	}
	return text
}

func describeRoster(roster resources.Participants) []participantText {
	all := []participantText{}
	for _, p := range roster {
		text := participantText{ID: p.ID, Muted: p.IsMuted, InLobby: p.IsInLobby}
		if p.Info != nil {
			for kind, identity := range p.Info.Identity.All() {
				text.Kind, text.IdentityID, text.DisplayName = kind, identity.ID, identity.DisplayName
				break
			}
		}
		all = append(all, text)
	}
	return all
}

func (s *Server) stats() statsText {
	n := s.platform.Stats()
	injected := map[string]int64{}
	maps.Copy(injected, n.Injected)
	return statsText{
		Requests: n.Requests, Unauthorized: n.Unauthorized, Tokens: n.Tokens, Delivered: n.Delivered,
		Undelivered: n.Undelivered, Retries: n.Retries, Dropped: n.Dropped, LiveCalls: n.LiveCalls, EndedCalls: n.EndedCalls, ForgeriesTaken: n.ForgeriesTaken, Injected: injected,
	}
}

func (s *Server) getWorld(*request) (answer, error) { return ok(s.world()) }

// platformText is what a bot has to be told to play here.
type platformText struct {
	ServiceBaseURL         string `json:"serviceBaseUrl"`
	AuthorityURL           string `json:"authorityUrl"`
	OpenIDConfigurationURL string `json:"openIdConfigurationUrl"`
	TenantID               string `json:"tenantId"`
	CertificateAuthority   string `json:"certificateAuthority"`
}

func (s *Server) getPlatform(*request) (answer, error) {
	p := s.platform
	return ok(platformText{
		p.ServiceBaseURL(), p.AuthorityURL(), p.OpenIDConfigurationURL(), p.Tenant().ID, string(p.CertificateAuthority()),
	})
}

func (s *Server) listExchanges(r *request) (answer, error) {
	call := r.URL.Query().Get("call")
	all := []exchangeText{}
	journal := s.platform.Exchanges()
	for i := range journal {
		if call == "" || callOf(&journal[i]) == call {
			all = append(all, describe(uint64(i+1), journal, i))
		}
	}
	return ok(all)
}
