package scenario_test

import (
	"bytes"
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// The tests' own program is every bot that scenarios of the tests start: under
// another name it is a bot instead of the tests.
func TestMain(m *testing.M) {
	name := strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe")
	if behaviour, isBot := behaviours()[name]; isBot {
		fmt.Fprintln(os.Stdout, name, "begins")
		if name == "broken" {
			os.Exit(4) //nolint:forbidigo // it is a program
		}
		if err := (&bot{behave: behaviour}).serve(); err != nil {
			fmt.Fprintln(os.Stdout, name+":", err)
			os.Exit(3) //nolint:forbidigo // it is a program
		}
		return
	}
	goleak.VerifyTestMain(m)
}

// bot is a bot of a few lines, for what it is told to do.
type bot struct {
	behave func(b *bot, id string, news call) error
	client *http.Client
	calls  sync.Map // established, by id
}

type call struct {
	State    string `json:"state"`
	ToneInfo *struct {
		Tone string `json:"tone"`
	} `json:"toneInfo"`
	Status string `json:"status"` // of an operation
}

func behaviours() map[string]func(*bot, string, call) error {
	return map[string]func(*bot, string, call) error{
		"python": (*bot).receive, "reception": (*bot).receive, "busy": (*bot).reject, "switchboard": (*bot).redirect,
		"reminder": (*bot).remind, "notetaker": (*bot).attend, "recorder": (*bot).record, "host": (*bot).host, "chair": (*bot).chair,
		"deserter": (*bot).desert, "mute": nil, "broken": nil,
	}
}

func (b *bot) desert(string, call) error {
	os.Exit(5) //nolint:forbidigo // it is a program
	return nil
}

func option(name string) string {
	for i, arg := range os.Args {
		if arg == "--"+name {
			return os.Args[i+1]
		}
	}
	return ""
}

// receive answers, plays a menu, and does what the key says.
func (b *bot) receive(id string, news call) error {
	switch {
	case news.ToneInfo != nil && news.ToneInfo.Tone == "tone1":
		return b.play(id, "hello.wav")
	case news.ToneInfo != nil && news.ToneInfo.Tone == "tone2":
		return b.post("/"+id+"/transfer", map[string]any{"transferTarget": guest("user", option("support"))})
	case news.ToneInfo != nil:
		return b.ask(http.MethodDelete, "/"+id, nil)
	case news.State == "incoming":
		return b.answer(id)
	case news.State == "established" && b.first(id):
		if err := b.play(id, cmp.Or(option("menu"), "menu.wav")); err != nil {
			return err
		}
		return b.post("/"+id+"/subscribeToTone", map[string]any{})
	}
	return nil
}

func (b *bot) reject(id string, news call) error {
	if news.State != "incoming" {
		return nil
	}
	return b.post("/"+id+"/reject", map[string]any{"reason": "busy"})
}

func (b *bot) redirect(id string, news call) error {
	if news.State != "incoming" {
		return nil
	}
	return b.post("/"+id+"/redirect", map[string]any{"targets": []any{guest("user", option("to"))}})
}

// remind calls somebody when it begins, and plays a reminder when they are there.
func (b *bot) remind(id string, news call) error {
	switch {
	case id == "":
		kind, source := "user", any(nil)
		if strings.HasPrefix(option("call"), "+") {
			kind, source = "phone", guest("applicationInstance", option("instance"))
		}
		return b.post("", map[string]any{"targets": []any{guest(kind, option("call"))}, "source": source})
	case news.State == "established" && b.first(id):
		return b.play(id, "reminder.wav")
	case news.Status == "completed":
		return b.ask(http.MethodDelete, "/"+id, nil)
	}
	return nil
}

// attend joins a meeting when it begins, and leaves after a while.
func (b *bot) attend(id string, news call) error {
	if id == "" {
		return b.post("", map[string]any{
			"chatInfo":    map[string]any{"@odata.type": "#microsoft.graph.chatInfo", "threadId": option("thread"), "messageId": "0"},
			"meetingInfo": map[string]any{"@odata.type": "#microsoft.graph.organizerMeetingInfo", "organizer": identity("user", option("organizer"))},
		})
	}
	if news.State == "established" && b.first(id) {
		time.AfterFunc(300*time.Millisecond, func() { _ = b.ask(http.MethodDelete, "/"+id, nil) })
	}
	return nil
}

// record answers whoever calls, and says that it records if that is a policy.
func (b *bot) record(id string, news call) error {
	switch {
	case news.State == "incoming":
		return b.answer(id)
	case news.State == "established" && b.first(id):
		if option("policy") != "" {
			return b.post("/"+id+"/updateRecordingStatus", map[string]any{"status": "recording"})
		}
		return b.post("/"+id+"/recordResponse", map[string]any{"maxRecordDurationInSeconds": 10, "maxSilenceTimeoutInSeconds": 1})
	case news.Status == "completed" && option("policy") == "":
		return b.ask(http.MethodDelete, "/"+id, nil)
	}
	return nil
}

// host answers, and does a lot to the call.
func (b *bot) host(id string, news call) error {
	switch {
	case news.State == "incoming":
		return b.answer(id)
	case news.State == "established" && b.first(id):
		for _, step := range []struct {
			action string
			body   map[string]any
		}{
			{"keepAlive", nil},
			{"sendDtmfTones", map[string]any{"tones": []string{"tone1", "star"}, "delayBetweenTonesMs": 10}},
			{"cancelMediaProcessing", map[string]any{}},
			{"participants/invite", map[string]any{"participants": []any{guest("user", option("invite"))}}},
			{"mute", nil}, {"unmute", nil}, {"nonsense", nil},
		} {
			_ = b.post("/"+id+"/"+step.action, step.body)
		}
	}
	return nil
}

// chair creates a meeting when it begins, and rules over the calls it answers.
func (b *bot) chair(id string, news call) error {
	switch {
	case id == "":
		return b.post("/users/"+option("organizer")+"/onlineMeetings", map[string]any{"subject": "Later"})
	case news.State == "incoming":
		return b.answer(id)
	case news.State == "established" && b.first(id):
		if err := b.post("/"+id+"/participants/invite", map[string]any{"participants": []any{guest("user", option("invite"))}}); err != nil {
			return err
		}
		var people struct {
			Value []struct {
				ID   string `json:"id"`
				Info struct {
					Identity struct {
						User struct {
							ID string `json:"id"`
						} `json:"user"`
					} `json:"identity"`
				} `json:"info"`
			} `json:"value"`
		}
		if err := b.fetch("/"+id+"/participants", &people); err != nil {
			return err
		}
		for _, one := range people.Value {
			if one.Info.Identity.User.ID != option("invite") && one.Info.Identity.User.ID != "" {
				return errors.Join(b.post("/"+id+"/participants/"+one.ID+"/mute", nil), b.ask(http.MethodDelete, "/"+id+"/participants/"+one.ID, nil))
			}
		}
	}
	return nil
}

func identity(kind, id string) map[string]any {
	return map[string]any{"@odata.type": "#microsoft.graph.identitySet", kind: map[string]any{"@odata.type": "#microsoft.graph.identity", "id": id}}
}

func guest(kind, id string) map[string]any {
	return map[string]any{"@odata.type": "#microsoft.graph.invitationParticipantInfo", "identity": identity(kind, id)}
}

func (b *bot) first(id string) bool {
	_, before := b.calls.LoadOrStore(id, true)
	return !before
}

func (b *bot) answer(id string) error { return b.post("/"+id+"/answer", map[string]any{}) }

func (b *bot) play(id, file string) error {
	return b.post("/"+id+"/playPrompt", map[string]any{"prompts": []any{map[string]any{
		"@odata.type": "#microsoft.graph.mediaPrompt", "mediaInfo": map[string]any{"uri": "https://bot.contoso.com/" + file},
	}}})
}

func (b *bot) post(address string, body map[string]any) error {
	if body != nil && (address == "" || strings.HasSuffix(address, "/answer")) {
		body["callbackUri"] = os.Getenv("CALLSIM_BOT_WEBHOOK")
		body["mediaConfig"] = map[string]any{"@odata.type": "#microsoft.graph.serviceHostedMediaConfig"}
		body["acceptedModalities"] = []string{"audio"}
	}
	return b.ask(http.MethodPost, address, body)
}

func (b *bot) ask(method, address string, body any) error {
	return b.exchange(method, address, body, nil)
}

func (b *bot) fetch(address string, into any) error {
	return b.exchange(http.MethodGet, address, nil, into)
}

func (b *bot) exchange(method, address string, body, into any) error {
	if !strings.HasPrefix(address, "/users/") {
		address = "/communications/calls" + address
	}
	reply, err := b.client.PostForm(os.Getenv("CALLSIM_AUTHORITY_URL")+"/"+os.Getenv("CALLSIM_TENANT_ID")+"/oauth2/v2.0/token", url.Values{
		"grant_type": {"client_credentials"}, "scope": {"https://graph.microsoft.com/.default"},
		"client_id": {os.Getenv("CALLSIM_APP_ID")}, "client_secret": {os.Getenv("CALLSIM_APP_SECRET")},
	})
	if err != nil {
		return err
	}
	var granted struct {
		Token string `json:"access_token"`
	}
	err = json.NewDecoder(reply.Body).Decode(&granted)
	reply.Body.Close()
	if err != nil {
		return err
	}
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequest(method, os.Getenv("CALLSIM_BASE_URL")+address, bytes.NewReader(text))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+granted.Token)
	request.Header.Set("Content-Type", "application/json")
	if reply, err = b.client.Do(request); err != nil {
		return err
	}
	defer reply.Body.Close()
	if into == nil {
		return nil
	}
	return json.NewDecoder(reply.Body).Decode(into)
}

func (b *bot) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var batch struct {
		Value []struct {
			ResourceURL  string `json:"resourceUrl"`
			ResourceData call   `json:"resourceData"`
		} `json:"value"`
	}
	_ = json.NewDecoder(r.Body).Decode(&batch)
	w.WriteHeader(http.StatusAccepted)
	for _, one := range batch.Value {
		segments := strings.Split(one.ResourceURL, "/")
		for i, segment := range segments {
			if segment == "calls" && b.behave != nil {
				go func() {
					if err := b.behave(b, path.Base(segments[i+1]), one.ResourceData); err != nil {
						fmt.Fprintln(os.Stdout, err)
					}
				}()
			}
		}
	}
}

func (b *bot) serve() error {
	if address := os.Getenv("LISTEN"); address != "" {
		return http.ListenAndServe(address, b) // a program beside the bots
	}
	authority, err := os.ReadFile(os.Getenv("CALLSIM_CA_FILE"))
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority)
	b.client = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	if b.behave != nil {
		time.AfterFunc(50*time.Millisecond, func() {
			if err := b.behave(b, "", call{}); err != nil {
				fmt.Fprintln(os.Stdout, err)
			}
		})
	}
	return http.ListenAndServe(os.Getenv("CALLSIM_BOT_LISTEN"), b)
}
