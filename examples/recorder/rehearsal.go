package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

// rehearse serves a caller of the simulator's, and listens with their ears.
func (r *recorder) rehearse(ctx context.Context) error {
	diego := r.Platform.AddPerson("Diego Siciliani").Call(r.Bot)
	diego.SpeaksFor(8 * time.Second)
	if err := r.serve(ctx); err != nil {
		return err
	}
	var recorded, heard bytes.Buffer
	if err := errors.Join(r.fetchRecording(ctx, diego, &recorded), r.fetchPrompt(ctx, diego, &heard)); err != nil {
		return err
	}
	if !bytes.Equal(recorded.Bytes(), heard.Bytes()) {
		return errors.New("what the caller heard is not what the platform recorded")
	}
	r.Tell("Diego", "has heard their own answer, %d bytes", heard.Len())
	return nil
}

// fetchRecording writes what the platform recorded.
func (r *recorder) fetchRecording(ctx context.Context, call *simulator.IncomingCall, w io.Writer) error {
	var recording *resources.RecordOperation
	_, err := call.WaitForDelivery(ctx, func(n *resources.Notification) bool {
		data, _ := n.Data.(resources.OperationData)
		recording, _ = data.Operation.(*resources.RecordOperation)
		return recording != nil
	})
	if err != nil {
		return err
	}
	_, err = r.Client.DownloadRecording(ctx, recording, w)
	return err
}

// fetchPrompt writes what the platform was asked to play, from where it was
// told to fetch it.
func (r *recorder) fetchPrompt(ctx context.Context, call *simulator.IncomingCall, w io.Writer) error {
	var asked struct {
		Prompts [1]struct{ MediaInfo struct{ URI string } }
	}
	for _, exchange := range call.Exchanges() {
		if strings.HasSuffix(exchange.URL, "/playPrompt") {
			if err := json.Unmarshal(exchange.RequestBody, &asked); err != nil {
				return err
			}
		}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, asked.Prompts[0].MediaInfo.URI, http.NoBody)
	if err != nil {
		return err
	}
	reply, err := r.Platform.Client().Do(request)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	_, err = io.Copy(w, reply.Body)
	return err
}
