package resources

import (
	"reflect"
	"strings"
)

// dataShape reads a notification's data by its @odata.type and, where that is
// left out, by the properties it has. The path, which may stand behind the
// data, is asked last, by placeData.
type dataShape struct{ operations familyShape }

func (s dataShape) decode(r *reader, into reflect.Value) bool {
	data, _ := reflect.TypeAssert[*Data](into.Addr())
	*data = s.data(r)
	return true
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

func (s dataShape) data(r *reader) Data {
	switch r.kind() {
	case '[':
		return s.list(r)
	case '{':
	default:
		return RawData(r.raw())
	}
	switch r.hints().kind() {
	case "call":
		return decodeAs[Call](r)
	case "deltaparticipants":
		return decodeAs[DeltaParticipants](r)
	case "participantjoiningnotification":
		return decodeAs[ParticipantJoiningNotification](r)
	case "participantleftnotification":
		return decodeAs[ParticipantLeftNotification](r)
	case "realtimetranscript":
		return decodeAs[RealTimeTranscript](r)
	case "callevent", "emergencycallevent":
		return decodeAs[CallEvent](r)
	case "operation":
		return OperationData{s.operations.decodeMember(r).Interface().(Operation)}
	case "participant", "contentsharingsession", "audioroutinggroup":
		return RawData(r.raw())
	default:
		return decodeAs[Unknown](r)
	}
}

func (s dataShape) list(r *reader) Data {
	start := r.place
	r.enter('[')
	if !r.more(']') {
		return Participants{}
	}
	first := r.place
	kind := r.hints().kind()
	r.back(start)
	switch kind {
	case "participant":
		return decodeList[Participant, Participants](r)
	case "contentsharingsession":
		return decodeList[ContentSharingSession, ContentSharingSessions](r)
	case "audioroutinggroup":
		return decodeList[AudioRoutingGroup, AudioRoutingGroups](r)
	case "":
		return RawData(r.raw())
	}
	r.back(first)
	if data := s.data(r); !r.more(']') {
		return data // a list of one is that one
	}
	return RawData(r.rawFrom(start))
}

// placeData reads data that does not say what it is as what the path says.
func (n *Notification) placeData() error {
	raw := untyped(n.Data)
	if raw == nil {
		return nil
	}
	path, ok := n.Path()
	if !ok {
		return nil
	}
	r := newReader(raw)
	defer r.release()
	if data := decodeByPath(path, r); data != nil {
		n.Data = data
	}
	return r.err
}

func decodeByPath(path Path, r *reader) Data {
	list := r.kind() == '['
	switch {
	case path.Collection == "" && !list:
		return decodeAs[Call](r)
	case path.Collection == CollectionParticipants && list:
		return decodeList[Participant, Participants](r)
	case path.Collection == CollectionContentSharingSessions && list:
		return decodeList[ContentSharingSession, ContentSharingSessions](r)
	case path.Collection == CollectionAudioRoutingGroups && list:
		return decodeList[AudioRoutingGroup, AudioRoutingGroups](r)
	case path.Collection == CollectionOperations && !list:
		operation := new(CommsOperation)
		planFor[CommsOperation]().decode(r, pointerTo(operation))
		return OperationData{operation}
	default:
		return nil
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
}](r *reader) Data {
	value := new(T)
	planFor[T]().decode(r, pointerTo(value))
	return P(value)
}

// decodeList reads a list whose every element must be an object.
func decodeList[T any, L interface {
	~[]T
	Data
}](r *reader) Data {
	start := r.place
	var list []T
	if !shapeOf(reflect.TypeFor[[]T]()).decode(r, pointerTo(&list)) {
		return RawData(r.rawFrom(start))
	}
	return L(list)
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
