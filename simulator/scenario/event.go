package scenario

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

// refusedVerb is the verb of a request that is not granted.
const refusedVerb = "be refused"

// event is one thing a bot or a person was seen to do.
type event struct {
	at      time.Duration // of the story
	subject *entity
	verb    string
	with    []*entity // whom the call is with
	whom    []*entity // whom else it is about
	uris    []string
	keys    []resources.Tone
	word    string
	method  string
	path    string // below /communications
	status  int
	text    string // what the story says

	// An event meets one expectation with each verb, and releases one line that
	// waits, at most.
	met, released map[string]bool
}

// body is what there is in requests that a story is about.
type body struct {
	Prompts []struct {
		MediaInfo struct {
			URI string `json:"uri"`
		} `json:"mediaInfo"`
	} `json:"prompts"`
	Targets        []json.RawMessage `json:"targets"`
	TransferTarget json.RawMessage   `json:"transferTarget"`
	Participants   json.RawMessage   `json:"participants"`
	Tones          []resources.Tone  `json:"tones"`
	Reason         string            `json:"reason"`
	Status         string            `json:"status"`
}

// request makes an event of one request of a bot's.
func (p *play) request(x simulator.Exchange) *event {
	e := &event{method: x.Method, status: x.Status, at: p.told(x.At)} // when it was asked, not when it was answered
	segments := segmentsOf(x.URL)
	e.path = "/" + strings.Join(segments, "/")
	e.subject = p.askerOf(x)
	if call := p.platform.Call(x.CallID); call != nil {
		e.with = p.partiesOf(call)
	}
	if x.Status < 200 || x.Status > 299 {
		e.verb = refusedVerb
		e.text = "is refused: " + e.method + " " + plain(e.path) + ", " + refusal(x)
		return e
	}
	var said body
	_ = json.Unmarshal(x.RequestBody, &said) // what is not JSON was granted without
	p.describe(e, segments, said, x)
	return e
}

// segmentsOf is a request's path below its version, with communications and the
// namespace of actions taken away.
func segmentsOf(address string) []string {
	parsed, err := url.Parse(address)
	if err != nil {
		return nil
	}
	segments := strings.Split(strings.Trim(parsed.EscapedPath(), "/"), "/")
	if len(segments) > 1 {
		segments = segments[1:]
	}
	if len(segments) > 1 && (strings.EqualFold(segments[0], "communications") || strings.EqualFold(segments[0], "app")) {
		segments = segments[1:]
	}
	last := len(segments) - 1
	if at := strings.LastIndexByte(segments[last], '.'); at >= 0 && strings.EqualFold(segments[last][:at], "microsoft.graph") {
		segments[last] = segments[last][at+1:]
	}
	return segments
}

// plain is a path without its ids.
func plain(path string) string {
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		if len(segment) >= idLength {
			segments[i] = "…"
		}
	}
	return strings.Join(segments, "/")
}

const idLength = 36 // of a GUID; what else there is in a path is shorter

func refusal(x simulator.Exchange) string {
	if x.Status == 0 {
		return "the connection was cut"
	}
	var said struct {
		Error struct {
			Message string `json:"message"`
		} `json:"error"`
	}
	_ = json.Unmarshal(x.ResponseBody, &said) // without a message, the status has to do
	text := strconv.Itoa(x.Status) + " " + http.StatusText(x.Status)
	if said.Error.Message != "" {
		text += ", " + said.Error.Message
	}
	return text
}

// describe says what a request that was granted does.
func (p *play) describe(e *event, segments []string, said body, x simulator.Exchange) {
	switch {
	case len(segments) == 1 && e.method == http.MethodPost && strings.EqualFold(segments[0], "calls"):
		p.describeNewCall(e, x)
	case len(segments) == 2 && e.method == http.MethodDelete && strings.EqualFold(segments[0], "calls"):
		e.verb, e.text = "hang up", "hangs up"+onWhom(e.with)
	case len(segments) >= 3 && e.method == http.MethodPost && strings.EqualFold(segments[0], "users"):
		e.verb, e.whom = "create", []*entity{p.cast.known(userIdentity(segments[1]))}
		e.text = "creates a meeting for " + names(e.whom)
	case len(segments) == 4 && e.method == http.MethodDelete && strings.EqualFold(segments[2], "participants"):
		e.verb, e.whom = "remove", []*entity{p.participant(x.CallID, segments[3])}
		e.text = "removes " + names(e.whom)
	case len(segments) == 5 && strings.EqualFold(segments[2], "participants") && strings.EqualFold(segments[4], "mute"):
		e.verb, e.whom = "mute", []*entity{p.participant(x.CallID, segments[3])}
		e.text = "mutes " + names(e.whom)
	case len(segments) == 4 && strings.EqualFold(segments[3], "invite"):
		e.verb, e.whom = "invite", p.identities(said.Participants)
		e.text = "invites " + names(e.whom)
	case len(segments) == 3 && e.method == http.MethodPost:
		p.describeAction(e, segments[2], said, x)
	default:
		e.verb, e.text = "request", "requests "+e.method+" "+plain(e.path)
	}
}

func (p *play) describeNewCall(e *event, x simulator.Exchange) {
	posted, err := resources.Decode[resources.Call](x.RequestBody)
	e.verb, e.text, e.with = "call", "makes a call", nil
	switch {
	case err != nil:
	case posted.MeetingInfo != nil:
		e.verb, e.with = "join", []*entity{p.cast.place(posted)}
		e.text = "joins " + names(e.with)
	default:
		for _, target := range posted.Targets {
			e.with = append(e.with, p.cast.known(target.Identity))
		}
		e.text = "calls " + names(e.with)
	}
}

func (p *play) describeAction(e *event, action string, said body, x simulator.Exchange) {
	for _, prompt := range said.Prompts {
		e.uris = append(e.uris, prompt.MediaInfo.URI)
	}
	e.verb = strings.ToLower(action)
	switch e.verb {
	case "answer":
		e.text = "answers " + names(e.with)
	case "reject":
		e.word, e.text = said.Reason, "rejects "+names(e.with)+as(said.Reason)
	case "redirect":
		for _, target := range said.Targets {
			e.whom = append(e.whom, p.identities(target)...)
		}
		e.text = "redirects " + names(e.with) + " to " + names(e.whom)
	case "transfer":
		e.whom = p.identities(said.TransferTarget)
		e.text = "transfers " + names(e.with) + " to " + names(e.whom)
	case "playprompt":
		e.verb, e.text = "play", "plays "+strings.Join(e.uris, ", ")+to(e.with)
		p.prompts[operationID(x.ResponseBody)] = e
	case "recordresponse", "record":
		e.verb, e.text = "record", "records "+names(e.with)
		if call := p.platform.Call(x.CallID); call != nil {
			p.legOf(call).records = true
		}
		if len(e.uris) > 0 {
			e.text += ", after " + strings.Join(e.uris, ", ")
		}
	case "subscribetotone":
		e.verb, e.text = "listen", "listens to the keys of "+names(e.with)
	case "senddtmftones":
		e.verb, e.keys, e.text = "send", said.Tones, "sends "+spell(said.Tones)+to(e.with)
	case "cancelmediaprocessing":
		e.verb, e.text = "cancel", "cancels all media"
	case "updaterecordingstatus":
		e.verb, e.word, e.text = "announce", said.Status, "announces "+said.Status
	case "mute":
		e.whom, e.text = []*entity{e.subject}, "mutes itself"
	case "unmute":
		e.text = "unmutes itself"
	case "keepalive":
		e.verb, e.text = "keep alive", "keeps the call alive"
	default:
		e.verb, e.text = "request", "requests "+e.method+" "+plain(e.path)
	}
}

// identities reads whom a part of a request names: one with an identity, or a
// list of such.
func (p *play) identities(text json.RawMessage) []*entity {
	entries := []json.RawMessage{text}
	_ = json.Unmarshal(text, &entries) // else it is one
	var found []*entity
	for _, entry := range entries {
		if info, err := resources.Decode[resources.InvitationParticipantInfo](entry); err == nil && info.Identity != nil {
			found = append(found, p.cast.known(info.Identity))
		}
	}
	return found
}

func userIdentity(id string) *resources.IdentitySet {
	return &resources.IdentitySet{User: &resources.Identity{ID: id}}
}

func operationID(reply []byte) string {
	var said struct {
		ID string `json:"id"`
	}
	_ = json.Unmarshal(reply, &said) // an empty id is no operation's
	return said.ID
}

func names(list []*entity) string {
	var all []string
	for _, e := range list {
		all = append(all, e.name)
	}
	if len(all) == 0 {
		return "somebody"
	}
	return strings.Join(all, ", ")
}

func onWhom(list []*entity) string {
	if len(list) == 0 {
		return ""
	}
	return " on " + names(list)
}

func to(list []*entity) string {
	if len(list) == 0 {
		return ""
	}
	return " to " + names(list)
}

func as(reason string) string {
	if reason == "" {
		return ""
	}
	return " as " + reason
}

func spell(tones []resources.Tone) string {
	var text strings.Builder
	for _, tone := range tones {
		switch tone {
		case resources.ToneStar:
			text.WriteString("*")
		case resources.TonePound:
			text.WriteString("#")
		default:
			text.WriteString(strings.TrimPrefix(string(tone), "tone"))
		}
	}
	return text.String()
}
