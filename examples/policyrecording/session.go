package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
)

// session is the near end of a session of the media stack, which runs in a
// process of its own. Each session has an address there: PUT begins it and is
// answered with its blob, POST has it keep the media from now on, DELETE ends
// it. It is a media.Session.
type session struct {
	client  *http.Client
	address string
}

func (s *session) Blob(ctx context.Context) (string, error) { return s.ask(ctx, http.MethodPut) }

func (s *session) Modalities() []resources.Modality {
	return []resources.Modality{resources.ModalityAudio}
}

func (s *session) keep(ctx context.Context) error {
	_, err := s.ask(ctx, http.MethodPost)
	return err
}

func (s *session) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_, err := s.ask(ctx, http.MethodDelete)
	return err
}

func (s *session) ask(ctx context.Context, method string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, method, s.address, http.NoBody)
	if err != nil {
		return "", err
	}
	reply, err := s.client.Do(request)
	if err != nil {
		return "", err
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(io.LimitReader(reply.Body, 1<<16))
	if err == nil && reply.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("the media stack answered a %s with %s", method, reply.Status)
	}
	return string(text), err
}
