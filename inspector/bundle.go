package inspector

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// ErrUnknownCall is returned for a call that is not there, and not among the last
// that have ended.
var ErrUnknownCall = errors.New("inspector: there is no such call, or none any more")

// bundle is what a ticket needs of a call.
type bundle struct {
	About    string   `json:"about"`
	Written  string   `json:"written"`
	Since    string   `json:"since"` // when the inspector began to note
	Versions versions `json:"versions"`
	// Process is how the whole process does, in the names of statefulclient.Stats.
	Process statefulclient.Stats `json:"process"`
	Call    detail               `json:"call"`
	// Running is where the handlers are that have not returned.
	Running  []stuck `json:"running,omitempty"`
	Lost     uint64  `json:"notesNoLongerKept,omitempty"`
	Timeline []note  `json:"timeline"`
}

type versions struct {
	Module string `json:"module"`
	Go     string `json:"go"`
	System string `json:"system"`
}

const aboutBundle = "One call of a bot's, for support: its ids, how it stands, and its timeline. Times are in milliseconds since 1970, " +
	"durations in milliseconds; process counts all calls. Personal data is left out; people are numbered."

// WriteSupportBundle writes what a ticket about a call needs, as one JSON text:
// its ids, how it stands, the states it went through, who is in it, and its
// timeline. It is redacted, with ShowPersonalData too. Without an id it is about
// what belongs to no call. It returns ErrUnknownCall, or what w returned.
func (i *Inspector) WriteSupportBundle(w io.Writer, callID string) error {
	r := i.recordOf(callID)
	if r == nil {
		return ErrUnknownCall
	}
	t, _ := r.timeline(0)
	for n := range t.Notes {
		t.Notes[n].Private = ""
	}
	b := bundle{
		About: aboutBundle, Written: time.Now().UTC().Format(time.RFC3339), Since: i.began.UTC().Format(time.RFC3339),
		Versions: versions{moduleVersion(), runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH},
		Process:  i.client.Stats(), Call: i.detail(r, false), Lost: t.First, Timeline: t.Notes,
	}
	if b.Call.Running > 0 {
		b.Running = stacks(b.Call.ID)
	}
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	return out.Encode(b)
}

func moduleVersion() string {
	const module = "github.com/graphcalls/graphcalls-go"
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, m := range append(info.Deps, &info.Main) {
		if m.Path == module {
			return m.Version
		}
	}
	return "unknown"
}

func (i *Inspector) serveBundle(w http.ResponseWriter, r *http.Request) {
	id := r.URL.Query().Get("id")
	if i.recordOf(id) == nil {
		http.Error(w, "There is no such call, or none any more.", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Disposition", `attachment; filename="`+fileName(id)+`"`)
	_ = i.WriteSupportBundle(w, id) // who has gone needs none
}

// fileName has nothing of an id that has a meaning in a header or a folder.
func fileName(id string) string {
	plain := strings.Map(func(r rune) rune {
		if r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, id)
	if plain == "" {
		plain = "no-call"
	}
	return "call-" + plain[:min(len(plain), 64)] + ".json"
}
