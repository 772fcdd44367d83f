package simulator

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// disguise is how notifications are written otherwise than the wire has them.
type disguise struct {
	capitals bool
	naming   naming
	etags    etags
}

// naming is by which of its two paths a notification names what changed.
type naming int

const (
	byBoth naming = iota
	byResource
	byResourceURL
)

type etags int

const (
	noETags etags = iota
	sameETag
	risingETags
)

// Capitalize writes change types, states and their like with a capital letter:
// Updated, Established, Active. So did the .NET SDK's logs, and samples made
// from them.
func (f *Faults) Capitalize() { f.disguiseBy(func(d *disguise) { d.capitals = true }) }

// ResourceOnly leaves resourceUrl out: what changed is named by resource alone,
// under /app, as until 2020.
func (f *Faults) ResourceOnly() { f.disguiseBy(func(d *disguise) { d.naming = byResource }) }

// ResourceURLOnly leaves resource out: what changed is named by resourceUrl
// alone, under /communications, as in the documentation.
func (f *Faults) ResourceURLOnly() { f.disguiseBy(func(d *disguise) { d.naming = byResourceURL }) }

// SameETag gives every call the etag W/"5445" and every operation W/"54451",
// whatever happens to them, as the documentation does. It says nothing of
// order, nor that nothing has changed.
func (f *Faults) SameETag() { f.disguiseBy(func(d *disguise) { d.etags = sameETag }) }

// RisingETags gives calls and operations etags that count a call's
// notifications in the order they came about, which they then keep however they
// are sent. The service sends none.
func (f *Faults) RisingETags() { f.disguiseBy(func(d *disguise) { d.etags = risingETags }) }

func (f *Faults) disguiseBy(change func(*disguise)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(&f.guise)
}

func (f *Faults) disguise() disguise {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.guise
}

// over is the disguise with what another asks for besides.
func (d disguise) over(other disguise) disguise {
	return disguise{d.capitals || other.capitals, max(d.naming, other.naming), max(d.etags, other.etags)}
}

// names are the faults of the disguise.
func (d disguise) names() []string {
	var names []string
	if d.capitals {
		names = append(names, "capitalize")
	}
	names = append(names, [...]string{"", "resource-only", "resource-url-only"}[d.naming], [...]string{"", "same-etag", "rising-etags"}[d.etags])
	return slices.DeleteFunc(names, func(name string) bool { return name == "" })
}

// write is a body in the disguise. Version is the place of its notification
// among those of its call.
func (d disguise) write(body []byte, version int64) ([]byte, bool) {
	var envelope map[string]any
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if err := decoder.Decode(&envelope); err != nil {
		return body, false
	}
	items, _ := envelope["value"].([]any)
	for _, item := range items {
		if item, ok := item.(map[string]any); ok {
			d.rewrite(item, version)
		}
	}
	text, err := json.Marshal(envelope)
	return text, err == nil && len(items) > 0
}

func (d disguise) rewrite(item map[string]any, version int64) {
	if data, ok := item["resourceData"].(map[string]any); ok && d.etags != noETags {
		data["@odata.etag"] = d.etag(data, version)
	}
	switch d.naming {
	case byResource:
		delete(item, "resourceUrl")
	case byResourceURL:
		delete(item, "resource")
	case byBoth:
	}
	if d.capitals {
		capitalize(item)
	}
}

func (d disguise) etag(data map[string]any, version int64) string {
	switch {
	case d.etags == risingETags:
		return `W/"` + strconv.FormatInt(version, 10) + `"`
	case data["@odata.type"] == "#microsoft.graph.call":
		return `W/"5445"`
	default:
		return `W/"54451"`
	}
}

func capitalize(value any) {
	switch value := value.(type) {
	case []any:
		for _, entry := range value {
			capitalize(entry)
		}
	case map[string]any:
		for name, entry := range value {
			word, isText := entry.(string)
			switch {
			case !isText:
				capitalize(entry)
			case word != "" && hasWords(name):
				value[name] = strings.ToUpper(word[:1]) + word[1:]
			}
		}
	}
}

// hasWords says whether a property's value is a word of a list of the
// service's.
func hasWords(property string) bool {
	return slices.Contains([]string{
		"changeType", "state", "status", "direction", "audio", "video", "tone", "mediaType", "completionReason", "recordingStatus",
	}, property)
}

// dressed is a letter as faults want it to look.
func (o *outbox) dressed(l *letter) *letter {
	p := o.call.platform
	dressed := *l
	if l.formerly != nil && (o.call.Faults.wantsLegacy() || p.Faults.wantsLegacy()) {
		dressed.legacy = l.formerly
		p.tally.add("legacy-first", 1)
	}
	guise := o.call.Faults.disguise().over(p.Faults.disguise())
	if names := guise.names(); len(names) > 0 {
		text, ok := guise.write(l.body, l.version)
		if ok {
			dressed.body = text
			for _, name := range names {
				p.tally.add(name, 1)
			}
		}
	}
	return &dressed
}

// LegacyFirst has incoming calls sent in the legacy Skype format first, and
// again in Graph's when the bot answers 204, whatever the bot's own LegacyFirst
// says.
func (f *Faults) LegacyFirst() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.legacy = true
}

func (f *Faults) wantsLegacy() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.legacy
}
