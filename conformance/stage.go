package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/graphcalls/graphcalls-go/simulator"
)

// stage is a platform with a bot on it, new for each example.
type stage struct {
	platform *simulator.Platform
	bot      *simulator.Bot
	webhook  string // without a path
}

// newStage starts a platform. The handler is the bot's webhook.
func newStage(handler http.Handler) (*stage, error) {
	platform, err := simulator.Start(simulator.Options{})
	if err != nil {
		return nil, err
	}
	webhook, err := platform.Serve(handler)
	if err != nil {
		platform.Close()
		return nil, err
	}
	bot := platform.RegisterBot(simulator.Bot{CallingWebhook: webhook + "/api/calls"})
	return &stage{platform, bot, webhook}, nil
}

// accepting is the webhook of a bot that takes every notification and does
// nothing about it.
func accepting(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	w.WriteHeader(http.StatusAccepted)
}

func (s *stage) close() { s.platform.Close() }

// answer is what the service said.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a *answer) value() any {
	var value any
	if json.Unmarshal(a.body, &value) != nil {
		return nil
	}
	return value
}

// send sends the bytes it is given, with a token of the bot's unless the
// headers have one.
func (s *stage) send(ctx context.Context, method, address string, header http.Header, body []byte) (*answer, error) {
	asked, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	asked.Header = header
	if header.Get("Authorization") == "" {
		token, err := s.platform.AccessToken(s.bot, s.bot.TenantID)
		if err != nil {
			return nil, err
		}
		header.Set("Authorization", "Bearer "+token)
	}
	client := *s.platform.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	reply, err := client.Do(asked)
	if err != nil {
		return nil, err
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	return &answer{reply.StatusCode, reply.Header, text}, err
}

// ask sends a request of the scene's own making, which must succeed, and
// returns the id in the reply.
func (s *stage) ask(ctx context.Context, method, path string, body any) (string, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return "", err
	}
	reply, err := s.send(ctx, method, s.platform.ServiceBaseURL()+path, http.Header{"Content-Type": {"application/json"}}, text)
	if err != nil {
		return "", err
	}
	if reply.status/100 != 2 {
		return "", fmt.Errorf("setting the scene: %s %s was answered %d: %s", method, path, reply.status, reply.body)
	}
	var made struct {
		ID string `json:"id"`
	}
	if len(reply.body) > 0 {
		err = json.Unmarshal(reply.body, &made)
	}
	return made.ID, err
}

// address is the platform's, without a version.
func (s *stage) address() string { return strings.TrimSuffix(s.platform.ServiceBaseURL(), "/v1.0") }
