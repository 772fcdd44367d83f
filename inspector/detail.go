package inspector

import (
	"bytes"
	"encoding/json"
	"net/http"
	"time"
)

// detail is one call as the page and the bundle have it, but for its timeline.
type detail struct {
	row

	Scenario string    `json:"scenario,omitempty"`
	Chain    string    `json:"chain,omitempty"`
	Tenant   string    `json:"tenant,omitempty"`
	Media    string    `json:"media,omitempty"`
	Doubted  int64     `json:"doubted,omitempty"` // since when the platform has not confirmed it
	Inputs   int       `json:"inputs,omitempty"`  // waiting to be worked on
	Updates  int       `json:"updates,omitempty"` // waiting for handlers
	Resting  bool      `json:"resting,omitempty"`
	Pendings []pending `json:"pendings,omitempty"`
	Path     []step    `json:"path,omitempty"`
	Edges    []passage `json:"edges,omitempty"`
	Roster   roster    `json:"roster"`
	Personal bool      `json:"personal,omitempty"` // data is shown
	Posts    *posts    `json:"posts,omitempty"`    // of what belongs to no call
}

// pending is an operation that has not ended.
type pending struct {
	ID    string `json:"id,omitempty"`
	What  string `json:"what,omitempty"`
	Since int64  `json:"since,omitempty"`
}

// detail describes a call. Personal says whether personal data may be in it.
func (i *Inspector) detail(r *record, personal bool) detail {
	if r.call == nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		return detail{row: row{Kind: "no call", Began: unix(i.began), Bad: r.bad, Odd: r.odd}, Posts: i.posts()}
	}
	v := r.call.Vitals()
	d := detail{
		row: r.row(&v), Doubted: unix(v.UnverifiedSince), Inputs: v.InboxBacklog, Updates: v.HandlerBacklog, Resting: v.Resting, Personal: personal,
		Roster: i.people.roster(r.call, personal),
	}
	if d.Ended == 0 {
		for _, p := range v.Pending {
			d.Pendings = append(d.Pendings, pending{ID: p.ID, What: p.Action, Since: unix(p.Since)})
		}
	}
	if !personal {
		d.Private = ""
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	d.Scenario, d.Chain, d.Tenant, d.Media = r.facts.Scenario, r.facts.Chain, r.facts.Tenant, string(r.facts.Media)
	d.Path, d.Edges = append(d.Path, r.path...), append(d.Edges, r.edges...)
	return d
}

// recordOf finds a record by the id in a request: that of a call, or "" for what
// belongs to none.
func (i *Inspector) recordOf(id string) *record {
	if id == "" {
		return i.book.elsewhere
	}
	i.book.catchUp()
	return i.book.find(id)
}

// timeline is what is new in a call's timeline.
type timeline struct {
	Now   int64  `json:"now"`
	First uint64 `json:"first"` // the number of the oldest note that is kept
	Notes []note `json:"notes"`
}

// streamCall tells of one call: how it stands, and its timeline; at first, and
// then what is different.
func (i *Inspector) streamCall(w http.ResponseWriter, r *http.Request) {
	held := i.recordOf(r.URL.Query().Get("id"))
	if held == nil {
		i.stream(w, r, heartbeat, func(out *events) { out.send("gone", struct{}{}) })
		return
	}
	var told []byte
	var version uint64
	begun := false
	i.stream(w, r, callEvery, func(out *events) {
		t, is := held.timeline(version)
		news := !begun || is != version
		if news {
			begun, version = true, is
			out.send("timeline", t)
		}
		if !news && held.call != nil { // else posts may have come
			return
		}
		now, err := json.Marshal(i.detail(held, i.options.ShowPersonalData))
		if err == nil && !bytes.Equal(now, told) {
			told = now
			out.send("call", json.RawMessage(now))
		}
	})
}

// timeline returns what came or changed after a version, and which it is now.
func (r *record) timeline(since uint64) (timeline, uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return timeline{Now: time.Now().UnixMilli(), First: r.ring.first(), Notes: r.ring.since(since)}, r.ring.version
}
