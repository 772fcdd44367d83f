package resources

import (
	"errors"
	"fmt"
)

// Notifications is the body of one POST from the platform to the bot.
type Notifications struct {
	Wire
	Value []Notification `json:"value"`
}

func (*Notifications) graphType() string { return graphPrefix + "commsNotifications" }

// Notification tells of one change.
//
// See https://learn.microsoft.com/graph/api/resources/commsnotification.
type Notification struct {
	Wire
	ChangeType  ChangeType `json:"changeType"`
	Resource    string     `json:"resource"`    // the path under /app, from older and newer services alike
	ResourceURL string     `json:"resourceUrl"` // the path under /communications
	CallbackURI string     `json:"callbackUri"`
	// Data is the changed resource, in part or whole; nil where the platform
	// sent none.
	Data Data `json:"resourceData"`
}

func (*Notification) graphType() string { return graphPrefix + "commsNotification" }

// Path says which resource changed; false when the notification names none, or
// none that belongs to a call.
func (n *Notification) Path() (Path, bool) {
	if path, ok := ParsePath(n.ResourceURL); ok {
		return path, true
	}
	return ParsePath(n.Resource)
}

// ChangeType says what happened to a resource. The end of calls and operations
// comes as deleted, with their last data.
type ChangeType string

// The kinds of change.
const (
	ChangeTypeCreated ChangeType = "created"
	ChangeTypeUpdated ChangeType = "updated"
	ChangeTypeDeleted ChangeType = "deleted"
)

func (ChangeType) words() []string {
	return []string{string(ChangeTypeCreated), string(ChangeTypeUpdated), string(ChangeTypeDeleted)}
}

// Data is what a notification carries: *Call, Participants,
// *DeltaParticipants, OperationData, ContentSharingSessions,
// AudioRoutingGroups, *ParticipantJoiningNotification,
// *ParticipantLeftNotification, *RealTimeTranscript, *CallEvent, *Unknown for
// an object of another type, or RawData for anything else.
type Data interface{ data() }

// Participants is a whole roster.
type Participants []Participant

// ContentSharingSessions are the sessions a notification speaks of.
type ContentSharingSessions []ContentSharingSession

// AudioRoutingGroups are the groups a notification speaks of.
type AudioRoutingGroups []AudioRoutingGroup

// OperationData is the operation a notification speaks of.
type OperationData struct{ Operation }

// RawData is a notification's data that is none of the shapes this package
// knows.
type RawData Raw

func (*Call) data()                           {}
func (Participants) data()                    {}
func (*DeltaParticipants) data()              {}
func (OperationData) data()                   {}
func (ContentSharingSessions) data()          {}
func (AudioRoutingGroups) data()              {}
func (*ParticipantJoiningNotification) data() {}
func (*ParticipantLeftNotification) data()    {}
func (*RealTimeTranscript) data()             {}
func (*CallEvent) data()                      {}
func (*Unknown) data()                        {}
func (RawData) data()                         {}

// ErrLegacyFormat is returned for an incoming call in the format of Skype bots.
// Answered with 204, the platform sends the call again in Graph's format.
var ErrLegacyFormat = errors.New("notification in the legacy Skype format")

// What is made of a value takes tens of bytes, or hundreds, so that a text of
// nothing but brackets would take up to eighty times its own room. Real bodies
// have a value in every twenty bytes or so.
const (
	bytesPerValue = 8
	fewValues     = 1000
)

// DecodeNotifications reads the body of a POST from the platform. An item that
// cannot be understood does not spoil its siblings: it is kept as far as it can
// be, and has no Path or a Data of type RawData or *Unknown.
//
// It returns ErrMalformed for a body of no use and ErrLegacyFormat for one in
// the old format. Of no use is also what nobody but an attacker writes: text
// that is little but brackets and commas, or an object with hundreds of
// properties that have no field; so what is kept of a body is bounded by its
// length, and so is the work.
//
// The strings of all it returns share one copy of the body's text, which lives as
// long as any of them; [Detach] has one resource let go of it.
func DecodeNotifications(body []byte) (*Notifications, error) {
	batch, err := decodeBatch(body)
	if err != nil {
		return nil, err
	}
	for i := range batch.Value {
		if err := batch.Value[i].placeData(); err != nil {
			return nil, err
		}
	}
	return batch, nil
}

func decodeBatch(body []byte) (*Notifications, error) {
	r := newReader(body)
	defer r.release()
	r.most = fewValues + len(body)/bytesPerValue
	batch, err := decode[Notifications](r)
	if err != nil || batch.Value != nil {
		return batch, err
	}
	if items, ok := batch.Property("value"); ok {
		return decodeUneven(batch, items)
	}
	return decodeBare(batch, body)
}

// decodeUneven reads a batch some item of which is not an object.
func decodeUneven(batch *Notifications, items Raw) (*Notifications, error) {
	raws, err := elementsOf(items)
	if err != nil {
		return nil, fmt.Errorf("%w: value is not a list", ErrMalformed)
	}
	for _, raw := range raws {
		n, err := Decode[Notification](raw)
		if err != nil {
			n = &Notification{Data: RawData(raw)}
		}
		batch.Value = append(batch.Value, *n)
	}
	says := batch.says()
	says.unknown = nil
	batch.said = &says
	return batch, nil
}

// decodeBare reads a body without an envelope: the legacy format, or a lone
// notification.
func decodeBare(batch *Notifications, body []byte) (*Notifications, error) {
	if _, ok := batch.Property("callState"); ok {
		return nil, ErrLegacyFormat
	}
	n, err := Decode[Notification](body)
	if err != nil {
		return nil, err
	}
	if n.Resource == "" && n.ResourceURL == "" {
		return nil, fmt.Errorf("%w: no notifications in it", ErrMalformed)
	}
	return &Notifications{Value: []Notification{*n}}, nil
}

func elementsOf(list Raw) ([]Raw, error) {
	r := newReader(list)
	defer r.release()
	if !r.enter('[') {
		r.fail("want a list")
	}
	var elements []Raw
	for r.more(']') {
		elements = append(elements, r.raw())
	}
	return elements, r.end()
}
