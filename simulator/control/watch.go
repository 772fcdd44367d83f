package control

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/graphcalls/graphcalls-go/simulator"
)

const (
	messageID  = "X-Microsoft-Skype-Message-Id"
	shownOfOne = 64 << 10 // bytes of a body
)

// seen is what has been shown already.
type seen struct {
	newest  *simulator.Exchange
	dropped map[string]bool // message ids
}

// watch shows whatever happens on the platform.
func (s *Server) watch() {
	_ = s.platform.WaitUntil(s.ctx, func() bool { // ends with the server or the platform
		s.look()
		return false
	})
}

// look shows what is new. The world is looked at first and shown last, so that
// all that led to it is told before it.
func (s *Server) look() {
	s.looking.Lock()
	defer s.looking.Unlock()
	world := encode(s.world())
	all := s.platform.Exchanges()
	from := after(all, s.seen.newest)
	for i := from; i < len(all); i++ {
		s.feed.add("exchange", func(id uint64) []byte { return encode(describe(id, all, i)) })
	}
	if from < len(all) {
		s.seen.newest = &all[len(all)-1]
	}
	s.lookForDropped()
	s.feed.show(world)
}

// after is where in the journal the exchanges begin that came after one; all of
// them did when it is no longer there.
func after(all []simulator.Exchange, newest *simulator.Exchange) int {
	for i := len(all); i > 0 && newest != nil; i-- {
		if one := &all[i-1]; one.At.Equal(newest.At) && one.Took == newest.Took && one.URL == newest.URL && one.Method == newest.Method {
			return i
		}
	}
	return 0
}

// exchangeText is one request and its answer, or a notification that a fault
// lost before it was sent.
type exchangeText struct {
	ID             uint64            `json:"id"`
	ToBot          bool              `json:"toBot"`
	Method         string            `json:"method"`
	URL            string            `json:"url"`
	Path           string            `json:"path"`
	CallID         string            `json:"callId,omitempty"`
	RequestHeader  map[string]string `json:"requestHeader"`
	RequestBody    string            `json:"requestBody"`
	Status         int               `json:"status"`
	ResponseHeader map[string]string `json:"responseHeader"`
	ResponseBody   string            `json:"responseBody"`
	Error          string            `json:"error,omitempty"`
	At             time.Time         `json:"at"`
	Milliseconds   float64           `json:"milliseconds"`
	Marks          []string          `json:"marks"`
}

func describe(id uint64, all []simulator.Exchange, at int) exchangeText {
	one := all[at]
	text := exchangeText{
		ID: id, ToBot: one.ToBot, Method: one.Method, URL: one.URL, Path: pathOf(one.URL), CallID: callOf(&one),
		RequestHeader: flat(one.RequestHeader), RequestBody: shown(one.RequestBody),
		Status: one.Status, ResponseHeader: flat(one.ResponseHeader), ResponseBody: shown(one.ResponseBody),
		At: one.At, Milliseconds: float64(one.Took.Microseconds()) / 1000, Marks: marks(all, at),
	}
	if one.Err != nil {
		text.Error = one.Err.Error()
	}
	return text
}

// callOf is the call an exchange is about: the one its address names, when it
// failed before the platform knew.
func callOf(one *simulator.Exchange) string {
	if one.CallID != "" || one.ToBot {
		return one.CallID
	}
	_, rest, _ := strings.Cut(pathOf(one.URL), "/calls/")
	id, _, _ := strings.Cut(rest, "/")
	if len(id) != len("00000000-0000-0000-0000-000000000000") {
		return ""
	}
	return strings.ToLower(id)
}

// marks say what is out of the ordinary.
func marks(all []simulator.Exchange, at int) []string {
	found := []string{}
	one := &all[at]
	if one.ToBot {
		if before := sameMessage(all[:at], one.RequestHeader.Get(messageID)); before != nil {
			found = append(found, again(before))
		}
	}
	switch {
	case one.Status == 0 && one.ToBot:
		found = append(found, "no answer")
	case one.Status == 0:
		found = append(found, "cut")
	case one.Status >= http.StatusBadRequest:
		found = append(found, "refused")
	}
	return found
}

// again is why a message is sent that was sent before.
func again(before *simulator.Exchange) string {
	switch {
	case before.Status >= 300 && before.Status < 400:
		return "redirected"
	case before.Status == http.StatusNoContent || before.Status == 0 || before.Status >= 400:
		return "retry"
	default:
		return "duplicate"
	}
}

func sameMessage(earlier []simulator.Exchange, id string) *simulator.Exchange {
	for i := len(earlier) - 1; i >= 0 && id != ""; i-- {
		if earlier[i].ToBot && earlier[i].RequestHeader.Get(messageID) == id {
			return &earlier[i]
		}
	}
	return nil
}

// lookForDropped shows notifications that were lost on purpose; of those there
// is no exchange.
func (s *Server) lookForDropped() {
	if s.platform.Stats().Dropped == 0 {
		return
	}
	dropped := map[string]bool{}
	for _, call := range s.platform.Calls() {
		for _, d := range call.Deliveries() {
			if !d.Dropped {
				continue
			}
			dropped[d.MessageID] = true
			if !s.seen.dropped[d.MessageID] {
				s.feed.add("exchange", func(id uint64) []byte { return encode(describeLost(id, d)) })
			}
		}
	}
	s.seen.dropped = dropped
}

func describeLost(id uint64, d simulator.Delivery) exchangeText {
	return exchangeText{
		ID: id, ToBot: true, Method: http.MethodPost, URL: d.URL, Path: pathOf(d.URL), CallID: d.CallID,
		RequestHeader: map[string]string{messageID: d.MessageID}, RequestBody: shown(d.Body),
		ResponseHeader: map[string]string{}, At: time.Now(), Marks: []string{"dropped"},
	}
}

func pathOf(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return address
	}
	return parsed.RequestURI()
}

func flat(header http.Header) map[string]string {
	all := map[string]string{}
	for name, values := range header {
		all[name] = strings.Join(values, ", ")
	}
	return all
}

// shown is a body as text. JSON is all the platform and bots are to send; the
// bytes of anything else, such as a recording, are of no use to readers.
func shown(body []byte) string {
	switch {
	case len(body) > shownOfOne:
		return shown(body[:shownOfOne-utf8.UTFMax]) + "…"
	case !utf8.Valid(body):
		return strings.ToValidUTF8(string(body), "�")
	default:
		return string(body)
	}
}

// encode writes what is made of texts and numbers alone, which cannot fail.
func encode(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		return []byte("null")
	}
	return text
}

// actText is something somebody here did.
type actText struct {
	ID     uint64    `json:"id"`
	Who    string    `json:"who"`
	What   string    `json:"what"`
	CallID string    `json:"callId,omitempty"`
	Fault  bool      `json:"fault"`
	At     time.Time `json:"at"`
}

// note shows something somebody did, before what comes of it.
func (s *Server) note(act actText) {
	act.At = time.Now()
	s.feed.add("act", func(id uint64) []byte {
		act.ID = id
		return encode(act)
	})
}
