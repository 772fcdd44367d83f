package resources

import (
	"reflect"
	"slices"
)

// A value of an interface begins with the place of its type among those it may
// be of, from packedMember.
const (
	packedNil    = iota
	packedText   // none of them, since some interfaces others can have types for: its text
	packedMember // the first of them
)

func (s familyShape) pack(p *packer, from reflect.Value) {
	if packMember(p, from, s.types()) {
		return
	}
	p.number(packedText)
	text, _ := Encode(from.Interface())
	p.string(string(text))
}

// unpack makes of another's type what the platform's text would be made into.
func (s familyShape) unpack(u *unpacker, into reflect.Value) {
	if unpackMember(u, into, s.types()) {
		return
	}
	r := newReader([]byte(u.string()))
	defer r.release()
	s.decode(r, into)
}

// types are those a value of the family may be of.
func (f family) types() []reflect.Type {
	types := []reflect.Type{reflect.PointerTo(f.fallback)}
	for _, m := range f.members {
		types = append(types, reflect.PointerTo(m.of))
	}
	return types
}

// pack has an operation in the place of what is of none of the types.
func (s dataShape) pack(p *packer, from reflect.Value) {
	if operation, ok := reflect.TypeAssert[OperationData](from); ok {
		p.number(packedText)
		s.operations.pack(p, reflect.ValueOf(&operation.Operation).Elem())
		return
	}
	packMember(p, from, dataTypes())
}

func (s dataShape) unpack(u *unpacker, into reflect.Value) {
	if !unpackMember(u, into, dataTypes()) {
		var operation OperationData
		s.operations.unpack(u, reflect.ValueOf(&operation.Operation).Elem())
		into.Set(reflect.ValueOf(operation))
	}
}

// dataTypes are what a notification can carry, but for OperationData.
func dataTypes() []reflect.Type {
	return []reflect.Type{
		reflect.TypeFor[*Call](), reflect.TypeFor[Participants](), reflect.TypeFor[*DeltaParticipants](),
		reflect.TypeFor[ContentSharingSessions](), reflect.TypeFor[AudioRoutingGroups](),
		reflect.TypeFor[*ParticipantJoiningNotification](), reflect.TypeFor[*ParticipantLeftNotification](),
		reflect.TypeFor[*RealTimeTranscript](), reflect.TypeFor[*CallEvent](), reflect.TypeFor[*Unknown](), reflect.TypeFor[RawData](),
	}
}

// packMember reports false, and packs nothing, for a value of none of the types.
func packMember(p *packer, from reflect.Value, types []reflect.Type) bool {
	if from.IsNil() {
		p.number(packedNil)
		return true
	}
	value := from.Elem()
	place := slices.Index(types, value.Type())
	if place < 0 {
		return false
	}
	p.number(packedMember + uint64(place))
	shapeOf(value.Type()).pack(p, value)
	return true
}

// unpackMember reports false for a value that was of none of the types.
func unpackMember(u *unpacker, into reflect.Value, types []reflect.Type) bool {
	switch head := u.number(); head {
	case packedNil:
		return true
	case packedText:
		return false
	default:
		of := types[head-packedMember]
		value := reflect.New(of).Elem()
		shapeOf(of).unpack(u, value)
		into.Set(value)
		return true
	}
}
