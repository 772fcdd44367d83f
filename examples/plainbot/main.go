// Plainbot is a bot without this SDK: net/http, encoding/json and what Microsoft
// documents, as a bot in another language would do it. It answers whoever calls,
// plays a menu, says hello at key 1 and hangs up at any other.
//
//	callsim run scenarios/plainbot-*.callsim      after go install ./cmd/callsim ./examples/plainbot
//	go run ./examples/plainbot                    on a running callsim, with its settings in the environment
//
// It does not check the tokens that notifications come with, which a bot that
// others can reach must.
package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"
	"sync"
	"time"
)

const (
	menu  = "https://bot.contoso.com/menu.wav"
	hello = "https://bot.contoso.com/hello.wav"
)

// bot is what the environment says, and a client that trusts the service.
type bot struct {
	client  *http.Client
	setting func(name string) string
	greeted sync.Map // calls, by id
}

// call is what this bot reads of a call.
type call struct {
	State    string `json:"state"`
	ToneInfo *struct {
		Tone string `json:"tone"`
	} `json:"toneInfo"`
}

// notifications is the body of a POST to the webhook.
type notifications struct {
	Value []struct {
		ChangeType   string          `json:"changeType"`
		ResourceURL  string          `json:"resourceUrl"`
		ResourceData json.RawMessage `json:"resourceData"`
	} `json:"value"`
}

func main() {
	authority, err := os.ReadFile(os.Getenv("CALLSIM_CA_FILE")) //nolint:gosec // whoever starts it names it
	if err != nil {
		log.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority)
	b := &bot{setting: os.Getenv, client: &http.Client{
		Timeout:   10 * time.Second,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}},
	}}
	listen := cmp.Or(os.Getenv("CALLSIM_BOT_LISTEN"), "localhost:8080")
	log.Fatal((&http.Server{Addr: listen, Handler: b, ReadHeaderTimeout: 5 * time.Second}).ListenAndServe())
}

// ServeHTTP takes notifications, and acts on each once it has been answered.
func (b *bot) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var batch notifications
	if err := json.NewDecoder(r.Body).Decode(&batch); err != nil {
		http.Error(w, "not notifications", http.StatusBadRequest)
		return
	}
	w.WriteHeader(http.StatusAccepted)
	for _, one := range batch.Value {
		var news call
		isCall := strings.EqualFold(path.Base(path.Dir(one.ResourceURL)), "calls")
		if !isCall || one.ChangeType == "deleted" || json.Unmarshal(one.ResourceData, &news) != nil {
			continue
		}
		go func() {
			ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
			defer cancel()
			if err := b.react(ctx, path.Base(one.ResourceURL), news); err != nil {
				log.Print(err)
			}
		}()
	}
}

// react does what is due when something is heard of a call. That it is
// established is said more than once.
func (b *bot) react(ctx context.Context, id string, news call) error {
	switch {
	case news.ToneInfo != nil && news.ToneInfo.Tone == "tone1":
		return b.play(ctx, id, hello)
	case news.ToneInfo != nil:
		return b.ask(ctx, http.MethodDelete, "/communications/calls/"+id, nil)
	case news.State == "incoming":
		return b.ask(ctx, http.MethodPost, "/communications/calls/"+id+"/answer", map[string]any{
			"callbackUri": b.setting("CALLSIM_BOT_WEBHOOK"), "acceptedModalities": []string{"audio"},
			"mediaConfig": map[string]any{"@odata.type": "#microsoft.graph.serviceHostedMediaConfig"},
		})
	case news.State == "established":
		if _, before := b.greeted.LoadOrStore(id, true); before {
			return nil
		}
		if err := b.ask(ctx, http.MethodPost, "/communications/calls/"+id+"/subscribeToTone", map[string]any{}); err != nil {
			return err
		}
		return b.play(ctx, id, menu)
	default:
		return nil
	}
}

func (b *bot) play(ctx context.Context, id, file string) error {
	media := map[string]any{"@odata.type": "#microsoft.graph.mediaInfo", "uri": file}
	return b.ask(ctx, http.MethodPost, "/communications/calls/"+id+"/playPrompt", map[string]any{
		"prompts": []any{map[string]any{"@odata.type": "#microsoft.graph.mediaPrompt", "mediaInfo": media}},
	})
}

// ask sends the service a request.
func (b *bot) ask(ctx context.Context, method, address string, body any) error {
	token, err := b.token(ctx)
	if err != nil {
		return err
	}
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, method, b.setting("CALLSIM_BASE_URL")+address, bytes.NewReader(text))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	return b.send(request, nil)
}

// token gets an access token, as any application does.
func (b *bot) token(ctx context.Context) (string, error) {
	form := url.Values{
		"grant_type": {"client_credentials"}, "scope": {"https://graph.microsoft.com/.default"},
		"client_id": {b.setting("CALLSIM_APP_ID")}, "client_secret": {b.setting("CALLSIM_APP_SECRET")},
	}
	address := b.setting("CALLSIM_AUTHORITY_URL") + "/" + b.setting("CALLSIM_TENANT_ID") + "/oauth2/v2.0/token"
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	var granted struct {
		AccessToken string `json:"access_token"`
	}
	err = b.send(request, &granted)
	return granted.AccessToken, err
}

func (b *bot) send(request *http.Request, into any) error {
	reply, err := b.client.Do(request)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	switch {
	case reply.StatusCode > 299:
		return fmt.Errorf("%s %s: %s", request.Method, request.URL.Path, reply.Status)
	case into != nil:
		return json.NewDecoder(reply.Body).Decode(into)
	default:
		return nil
	}
}
