package simulator_test

import (
	"bytes"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

// naiveBot makes every mistake that is easily made: it believes whatever comes
// last, and the first of each body alone; counts what comes twice as two; takes
// an etag it has seen for news it has had; knows words in one spelling and
// calls by one path; gives up after a second and then asks again, POST or not;
// never asks for another token or key than its first; and does not listen while
// it places a call.
type naiveBot struct {
	*handBot

	client     *http.Client
	byResource bool // rather than by resourceUrl
	keys       map[string]*rsa.PublicKey

	turn  chan struct{}         // a lock: it does not listen while it places a call
	calls map[string]*naiveCall // guarded by handBot.mu
}

type naiveCall struct {
	state       string
	etag        string
	connections int
	keys        int
}

func newNaiveBot(t *testing.T) *naiveBot {
	t.Helper()
	n := &naiveBot{turn: make(chan struct{}, 1), calls: map[string]*naiveCall{}}
	n.handBot = newHandBot(t, func(o *simulator.Options) { o.InMemory = true })
	n.client = &http.Client{Transport: n.platform.Client().Transport, Timeout: time.Second}
	n.respondWith(n.take)
	return n
}

func (n *naiveBot) take(w http.ResponseWriter, _ *http.Request, p post) {
	n.turn <- struct{}{}
	defer func() { <-n.turn }()
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.keys != nil && !n.trusts(strings.TrimPrefix(p.header.Get("Authorization"), "Bearer ")) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	w.WriteHeader(http.StatusOK)
	if p.value["changeType"] == "created" {
		n.calls[n.callOf(p)] = &naiveCall{}
	}
	if call := n.calls[n.callOf(p)]; call != nil {
		call.hear(p.data())
	}
}

func (n *naiveBot) trusts(token string) bool {
	_, err := jwt.Parse(token, func(token *jwt.Token) (any, error) {
		kid, _ := token.Header["kid"].(string)
		if key := n.keys[kid]; key != nil {
			return key, nil
		}
		return nil, errors.New("unknown key")
	}, jwt.WithIssuer("https://api.botframework.com"))
	return err == nil
}

func (n *naiveBot) callOf(p post) string {
	name, prefix := "resourceUrl", "/communications/calls/"
	if n.byResource {
		name, prefix = "resource", "/app/calls/"
	}
	path, _ := p.value[name].(string)
	return strings.TrimPrefix(path, prefix)
}

func (c *naiveCall) hear(data map[string]any) {
	if etag, _ := data["@odata.etag"].(string); etag != "" {
		if etag <= c.etag {
			return // old news
		}
		c.etag = etag
	}
	state, _ := data["state"].(string)
	if state == "established" && c.state != "established" {
		c.connections++
	}
	if state != "" {
		c.state = state
	}
	if data["toneInfo"] != nil {
		c.keys++
	}
}

// send asks up to three times for an answer that is no server error.
func (n *naiveBot) send(method, path string, body any) (status int, answer map[string]any) {
	text, _ := json.Marshal(body)
	for range 3 {
		request, err := http.NewRequestWithContext(n.t.Context(), method, n.platform.ServiceBaseURL()+"/communications/calls"+path, bytes.NewReader(text))
		if err != nil {
			return 0, nil
		}
		request.Header.Set("Authorization", "Bearer "+n.token)
		request.Header.Set("Content-Type", "application/json")
		response, err := n.client.Do(request)
		if err != nil {
			continue
		}
		text, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err == nil && response.StatusCode < 500 {
			_ = json.Unmarshal(text, &answer)
			return response.StatusCode, answer
		}
	}
	return 0, nil
}

// place calls somebody and waits a second for them to be there.
func (n *naiveBot) place(person *simulator.Person) (*simulator.Call, *naiveCall, error) {
	n.turn <- struct{}{}
	defer func() { <-n.turn }()
	status, answer := n.send(http.MethodPost, "", n.callTo(person))
	if status != http.StatusCreated {
		return nil, nil, fmt.Errorf("the call was not placed: %d", status)
	}
	if calls := len(n.platform.Calls()); calls != 1 {
		return nil, nil, fmt.Errorf("%d calls were placed", calls)
	}
	id, _ := answer["id"].(string)
	known := &naiveCall{state: "establishing"}
	n.mu.Lock()
	n.calls[id] = known
	n.mu.Unlock()
	return n.platform.Call(id), known, nil
}

func (n *naiveBot) knows(call *naiveCall) naiveCall {
	n.mu.Lock()
	defer n.mu.Unlock()
	return *call
}

const pressed = 8

// phoneCall is a call in which keys are pressed and then the other end hangs
// up. What the bot makes of it is an error where it is not what happened.
func (n *naiveBot) phoneCall() error {
	adele := n.platform.AddPerson("Adele Vance")
	call, known, err := n.place(adele)
	if err != nil {
		return err
	}
	<-time.NewTimer(time.Second).C
	if is := n.knows(known); is.state != "established" {
		return fmt.Errorf("nobody is there after a second: %+v", is)
	}
	for range pressed {
		call.PressKey(resources.Tone1)
	}
	adele.Leave()
	<-time.NewTimer(time.Second).C
	if is := n.knows(known); is.state != "terminated" || is.connections != 1 || is.keys != pressed {
		return fmt.Errorf("it was otherwise: %+v", is)
	}
	return nil
}

// keptAlive is a call that a bot keeps alive, which ends it otherwise.
func (n *naiveBot) keptAlive(fault func()) error {
	call, _, err := n.place(n.platform.AddPerson("Adele Vance"))
	if err != nil {
		return err
	}
	fault()
	if status, _ := n.send(http.MethodPost, "/"+call.ID()+"/keepAlive", nil); status != http.StatusOK {
		return fmt.Errorf("the call must be over: %d", status)
	}
	return nil
}

// called is a call to the bot, which it has to hear of.
func (n *naiveBot) called() error {
	call := n.platform.AddPerson("Adele Vance").Call(n.bot)
	<-time.NewTimer(time.Second).C
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.calls[call.ID()] == nil {
		return errors.New("the phone did not ring")
	}
	return nil
}
