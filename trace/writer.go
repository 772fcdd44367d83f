package trace

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
)

// Writer writes a trace, each line with one Write. Tokens and other credentials
// in what it is given are replaced, each by a text that tells nothing but whether
// two are the same. It is for one goroutine.
type Writer struct {
	to      io.Writer
	secrets *secrets
	line    bytes.Buffer
}

// NewWriter returns a Writer. Nothing is written yet.
func NewWriter(w io.Writer) *Writer {
	return &Writer{to: w, secrets: &secrets{newPseudonyms(rand.Reader)}}
}

// Begin writes the line that every recording begins with.
func (w *Writer) Begin(now time.Time) error {
	return w.Write(&Entry{Kind: KindTrace, Version: FormatVersion, Time: now})
}

// Write writes one line.
func (w *Writer) Write(e *Entry) error {
	clean := *e
	clean.Data, clean.People = w.secrets.clean(e.Data), w.secrets.clean(e.People)
	clean.State, clean.SinceState = w.secrets.clean(e.State), w.secrets.clean(e.SinceState)
	return w.write(&clean)
}

func (w *Writer) write(e *Entry) error {
	w.line.Reset()
	encoder := json.NewEncoder(&w.line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(e); err != nil {
		return fmt.Errorf("trace: line of kind %s: %w", e.Kind, err)
	}
	_, err := w.to.Write(w.line.Bytes())
	return err
}

// Heard writes the line, or lines, of one thing that a call worked on.
func (w *Writer) Heard(h *Heard) error {
	e, err := h.entry()
	if err != nil {
		return err
	}
	if h.PresentBefore {
		if err := w.state(KindPresent, h, h.Before); err != nil {
			return err
		}
		e.Scenario, e.Tenant = "", ""
	}
	e.Verdict, e.Events, e.Revision, e.Participants = string(h.Verdict), eventsOf(h.Events), h.After.Revision(), h.After.Roster.Len()
	if h.DigestOfEveryState || h.Before.End == nil && h.After.End != nil {
		if e.Digest, err = w.digest(h.After); err != nil {
			return err
		}
	}
	return w.Write(e)
}

// Restored writes the line of a call that came back from a store, with its state
// (After).
func (w *Writer) Restored(h *Heard) error {
	return w.state(KindRestored, h, h.After)
}

func (w *Writer) state(kind Kind, h *Heard, state *reduce.State) error {
	text, err := state.Snapshot()
	if err != nil {
		return err
	}
	return w.Write(&Entry{
		Kind: kind, Time: h.Time, Call: h.Call, Life: h.Life, Scenario: h.Scenario, Tenant: h.Tenant,
		State: text, Revision: state.Revision(), Participants: state.Roster.Len(),
	})
}

// digest names a state as a replay has it, which knows no credentials.
func (w *Writer) digest(state *reduce.State) (string, error) {
	snapshot, err := state.Snapshot()
	return digestOf(w.secrets.clean(snapshot)), err
}

func digestOf(snapshot []byte) string {
	sum := sha256.Sum256(snapshot)
	return hex.EncodeToString(sum[:12])
}
