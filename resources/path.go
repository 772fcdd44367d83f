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
	segments := strings.FieldsFunc(text, func(r rune) bool { return r == '/' })
	for i, segment := range segments {
		if strings.EqualFold(segment, "calls") && i+1 < len(segments) {
			return pathUnder(segments[i+1:])
		}
	}
	return Path{}, false
}

// maxCallIDBytes bounds what is taken for a call's id, which is remembered
// after the call. The platform's have 36 bytes.
const maxCallIDBytes = 512

func pathUnder(segments []string) (Path, bool) {
	id, err := url.PathUnescape(segments[0])
	if err != nil || len(id) > maxCallIDBytes {
		return Path{}, false
	}
	path := Path{CallID: id}
	if len(segments) > 1 {
		words := wordsFor(CollectionParticipants)
		path.Collection = Collection(words.canonical([]byte(segments[1])))
	}
	if len(segments) > 2 {
		path.ItemID, err = url.PathUnescape(strings.Join(segments[2:], "/"))
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
// hexadecimal digits.
func Key(id string) string {
	digits := strings.ToLower(strings.ReplaceAll(id, "-", ""))
	if len(digits) != 32 || strings.Trim(digits, "0123456789abcdef") != "" {
		return id
	}
	return digits
}
