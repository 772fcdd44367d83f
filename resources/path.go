package resources

import (
	"net/url"
	"strings"
)

// Path names a resource by its place under a call.
type Path struct {
	CallID     string
	Collection Collection // empty for the call itself
	ItemID     string     // empty for the collection itself
}

// Collection is one of the collections under a call, named as the wire does.
type Collection string

// The collections under a call.
const (
	CollectionParticipants           Collection = "participants"
	CollectionOperations             Collection = "operations"
	CollectionAudioRoutingGroups     Collection = "audioRoutingGroups"
	CollectionContentSharingSessions Collection = "contentSharingSessions"
)

func (Collection) words() []string {
	return []string{
		string(CollectionParticipants), string(CollectionOperations),
		string(CollectionAudioRoutingGroups), string(CollectionContentSharingSessions),
	}
}

// ParsePath reads a resource's path, in any of the forms the platform uses:
// under /communications or /app, with or without a leading slash, as a full
// URL, its words in any case. It reports false for what is not under a call.
func ParsePath(text string) (Path, bool) {
	text, _, _ = strings.Cut(text, "?")
	for text != "" {
		var segment string
		segment, text = cutSegment(text)
		if strings.EqualFold(segment, "calls") && text != "" {
			return pathUnder(text)
		}
	}
	return Path{}, false
}

// cutSegment takes the first segment off a path.
func cutSegment(path string) (segment, rest string) {
	segment, rest, _ = strings.Cut(strings.TrimLeft(path, "/"), "/")
	return segment, strings.TrimLeft(rest, "/")
}

// maxCallIDBytes bounds what is taken for a call's id, which is remembered
// after the call. The platform's have 36 bytes.
const maxCallIDBytes = 512

func pathUnder(calls string) (Path, bool) {
	id, below := cutSegment(calls)
	id, err := url.PathUnescape(id)
	if err != nil || len(id) > maxCallIDBytes {
		return Path{}, false
	}
	path := Path{CallID: id}
	if below == "" {
		return path, true
	}
	collection, item := cutSegment(below)
	path.Collection = spelt[Collection](collection)
	if item != "" {
		segments := strings.FieldsFunc(item, func(r rune) bool { return r == '/' })
		path.ItemID, err = url.PathUnescape(strings.Join(segments, "/"))
	}
	// One documented example has the roster at operations/participants.
	if path.Collection == CollectionOperations && strings.EqualFold(path.ItemID, string(CollectionParticipants)) {
		path = Path{CallID: id, Collection: CollectionParticipants}
	}
	return path, err == nil
}

// String returns the path as the platform documents it.
func (p Path) String() string {
	text := "/communications/calls/" + url.PathEscape(p.CallID)
	if p.Collection != "" {
		text += "/" + string(p.Collection)
	}
	if p.ItemID != "" {
		text += "/" + url.PathEscape(p.ItemID)
	}
	return text
}

// Key returns an id in the form to compare and index by. The platform writes
// one and the same id as a dashed lower-case GUID and as 32 upper-case
// hexadecimal digits; the former is its key.
func Key(id string) string {
	if isGUID(id) {
		return id
	}
	digits := strings.ToLower(strings.ReplaceAll(id, "-", ""))
	if len(digits) != 32 {
		return id
	}
	guid := strings.Join([]string{digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]}, "-")
	if !isGUID(guid) {
		return id
	}
	return guid
}

// isGUID reports whether an id is a dashed lower-case GUID.
func isGUID(id string) bool {
	_, ok := guidOf(id)
	return ok
}
