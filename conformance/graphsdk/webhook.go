package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"sync"

	"github.com/microsoft/kiota-abstractions-go/serialization"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
)

// webhook is where the bot's notifications come. It has the client read them.
type webhook struct {
	url string

	mu       sync.Mutex
	notices  []notice
	wrong    checks
	statuses int // that the client could not read
}

// notice is one entity in a notification, as the text and as the client's
// model of it. What is around it the client of v1.0 has no models of.
type notice struct {
	change, resourceURL string
	text                []byte
	model               serialization.Parsable
}

// status is what the text says of an operation.
func (n notice) status() string {
	var said struct{ Status string }
	_ = json.Unmarshal(n.text, &said)
	return said.Status
}

// ServeHTTP takes notifications.
func (w *webhook) ServeHTTP(answer http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		answer.WriteHeader(http.StatusBadRequest)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	notices, err := readNotices(body)
	if err != nil {
		w.wrong.fail("%w in %s", err, body)
	}
	for _, n := range notices {
		w.statuses += w.wrong.whole(n.text, n.model)
	}
	w.notices = append(w.notices, notices...)
	if slices.ContainsFunc(notices, isJoining) {
		answer.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(answer, `{"@odata.type":"#microsoft.graph.acceptJoinResponse"}`)
		return
	}
	answer.WriteHeader(http.StatusAccepted)
}

// isJoining reports whether the answer to a notification says who is recorded.
func isJoining(n notice) bool {
	_, joining := n.model.(*models.ParticipantJoiningNotification)
	return joining
}

func (w *webhook) heard() []notice {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.notices
}

// verdict is what was wrong with notifications, and of how many operations the
// client could not read the status.
func (w *webhook) verdict() (statuses int, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.statuses, w.wrong.err()
}

// readNotices reads a body, and has the client read the entities in it.
func readNotices(body []byte) ([]notice, error) {
	var envelope struct {
		Value []struct {
			ChangeType   string          `json:"changeType"`
			ResourceURL  string          `json:"resourceUrl"`
			ResourceData json.RawMessage `json:"resourceData"`
		} `json:"value"`
	}
	if err := json.Unmarshal(body, &envelope); err != nil {
		return nil, err
	}
	var notices []notice
	for _, item := range envelope.Value {
		entities, err := split(item.ResourceData)
		if err != nil {
			return notices, err
		}
		for _, text := range entities {
			model, err := readEntity(text)
			if err != nil {
				return notices, err
			}
			notices = append(notices, notice{item.ChangeType, item.ResourceURL, text, model})
		}
	}
	return notices, nil
}

// split returns the entities in resourceData, which is one, a list, or not
// there.
func split(data json.RawMessage) ([]json.RawMessage, error) {
	switch {
	case len(data) == 0:
		return nil, nil
	case !bytes.HasPrefix(data, []byte("[")):
		return []json.RawMessage{data}, nil
	}
	var list []json.RawMessage
	err := json.Unmarshal(data, &list)
	return list, err
}

// readEntity reads an entity as what its @odata.type says it is.
func readEntity(text []byte) (serialization.Parsable, error) {
	node, err := serialization.DefaultParseNodeFactoryInstance.GetRootParseNode("application/json", text)
	if err != nil {
		return nil, err
	}
	return node.GetObjectValue(models.CreateEntityFromDiscriminatorValue)
}
