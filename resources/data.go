package resources

import (
	"reflect"
	"strings"
)

// dataShape reads a notification's data by its @odata.type and, where that is
// left out, by the properties it has. The path, which may stand behind the
// data, is asked last, by placeData.
type dataShape struct{}

func (dataShape) decode(r *reader, into reflect.Value) (bool, error) {
	text, err := r.text()
	if err != nil {
		return false, err
	}
	data, err := decodeData(text)
	if err == nil {
		into.Set(reflect.ValueOf(data))
	}
	return true, err
}

func (dataShape) encode(w *writer, from reflect.Value) error {
	if operation, ok := reflect.TypeAssert[OperationData](from); ok {
		return encodeAny(w, operation.Operation)
	}
	return encodeAny(w, from.Interface())
}

func (dataShape) equal(a, b reflect.Value) bool {
	if a.IsNil() || b.IsNil() {
		return a.IsNil() == b.IsNil()
	}
	return textOf(a.Interface()) == textOf(b.Interface())
}

func textOf(data any) string {
	if operation, ok := data.(OperationData); ok {
		data = operation.Operation
	}
	text, err := Encode(data)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func decodeData(raw Raw) (Data, error) {
	if raw[0] == '[' {
		return decodeDataList(raw)
	}
	if raw[0] != '{' {
		return rawData(raw), nil
	}
	h, err := hintsOf(raw)
	if err != nil {
		return nil, err
	}
	switch h.kind() {
	case "call":
		return decodeAs[Call](raw)
	case "deltaparticipants":
		return decodeAs[DeltaParticipants](raw)
	case "participantjoiningnotification":
		return decodeAs[ParticipantJoiningNotification](raw)
	case "participantleftnotification":
		return decodeAs[ParticipantLeftNotification](raw)
	case "realtimetranscript":
		return decodeAs[RealTimeTranscript](raw)
	case "callevent", "emergencycallevent":
		return decodeAs[CallEvent](raw)
	case "operation":
		value, err := familyShape{operationFamily()}.decodeMember(raw)
		if err != nil {
			return nil, err
		}
		return OperationData{value.Interface().(Operation)}, nil
	case "participant", "contentsharingsession", "audioroutinggroup":
		return rawData(raw), nil
	default:
		return decodeAs[Unknown](raw)
	}
}

// placeData reads data that does not say what it is as what the path says.
func (n *Notification) placeData() error {
	path, ok := n.Path()
	raw := untyped(n.Data)
	if !ok || raw == nil {
		return nil
	}
	data, err := decodeByPath(path, raw)
	if err == nil && data != nil {
		n.Data = data
	}
	return err
}

func decodeByPath(path Path, raw Raw) (Data, error) {
	list := raw[0] == '['
	switch {
	case path.Collection == "" && !list:
		return decodeAs[Call](raw)
	case path.Collection == CollectionParticipants && list:
		return decodeList[Participant, Participants](raw)
	case path.Collection == CollectionContentSharingSessions && list:
		return decodeList[ContentSharingSession, ContentSharingSessions](raw)
	case path.Collection == CollectionAudioRoutingGroups && list:
		return decodeList[AudioRoutingGroup, AudioRoutingGroups](raw)
	case path.Collection == CollectionOperations && !list:
		operation, err := Decode[CommsOperation](raw)
		return OperationData{operation}, err
	default:
		return nil, nil
	}
}

// untyped is the text of data that names no type and has none of the
// properties that would give it away; nil for all other data.
func untyped(data Data) Raw {
	switch d := data.(type) {
	case RawData:
		if d[0] == '[' {
			return Raw(d)
		}
	case *Unknown:
		if _, named := d.Property(odataType); !named {
			return Raw(textOf(d))
		}
	}
	return nil
}

func decodeAs[T any, P interface {
	*T
	Data
}](raw Raw) (Data, error) {
	value, err := Decode[T](raw)
	return P(value), err
}

func decodeDataList(raw Raw) (Data, error) {
	first, more, err := firstOf(raw)
	if err != nil {
		return nil, err
	}
	if first == nil {
		return Participants{}, nil
	}
	h, err := hintsOf(first)
	if err != nil {
		return nil, err
	}
	switch h.kind() {
	case "participant":
		return decodeList[Participant, Participants](raw)
	case "contentsharingsession":
		return decodeList[ContentSharingSession, ContentSharingSessions](raw)
	case "audioroutinggroup":
		return decodeList[AudioRoutingGroup, AudioRoutingGroups](raw)
	default:
		if !more && h.kind() != "" {
			return decodeData(first)
		}
		return rawData(raw), nil
	}
}

// firstOf returns a list's first element, nil if it has none, and whether there
// are more.
func firstOf(list Raw) (first Raw, more bool, err error) {
	r := newReader(list)
	defer r.release()
	if err := r.token(); err != nil || r.kind() == ']' {
		return nil, false, err
	}
	first, err = r.text()
	return first, r.kind() != ']', err
}

// rawData keeps text that is part of something larger.
func rawData(text Raw) RawData { return RawData(compact(text)) }

// decodeList reads a list whose every element must be an object.
func decodeList[T any, L interface {
	~[]T
	Data
}](raw Raw) (Data, error) {
	r := newReader(raw)
	defer r.release()
	var list []T
	fits, err := shapeOf(reflect.TypeFor[[]T]()).decode(r, pointerTo(&list))
	if err != nil {
		return nil, err
	}
	if !fits {
		return rawData(raw), nil
	}
	return L(list), nil
}

// kind names what an object is, in lower case: its type's name, "operation"
// for all operations, or a guess where it does not say.
func (h hints) kind() string {
	name := strings.ToLower(h.graphType[strings.LastIndexByte(h.graphType, '.')+1:])
	switch {
	case strings.HasSuffix(name, "operation"):
		return "operation"
	case name != "":
		return strings.TrimPrefix(name, "#")
	case h.names["sequencenumber"] && h.names["participants"]:
		return "deltaparticipants"
	case h.names["clientcontext"] || h.names["status"]:
		return "operation"
	case h.names["info"] || h.names["isinlobby"] || h.names["ismuted"] || h.names["mediastreams"]:
		return "participant"
	case h.names["state"] || h.names["resultinfo"] || h.names["callchainid"] || h.names["mediastate"] || h.names["toneinfo"]:
		return "call"
	default:
		return ""
	}
}
