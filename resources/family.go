package resources

import (
	"reflect"
	"strings"
)

const (
	odataType   = "@odata.type"
	quotedType  = `"` + odataType + `":`
	graphPrefix = "#microsoft.graph."
)

// Unknown is a resource, or a part of one, of an @odata.type this package has
// no struct for. Its properties, the type's name among them, are in its Wire.
type Unknown struct{ Wire }

// A family is the set of structs one abstract type of the platform's can stand
// for. The member is chosen by @odata.type or, where that is left out, by a
// property only that member has.
type family struct {
	members  []member
	fallback reflect.Type
}

type member struct {
	of        reflect.Type
	graphType string
	mark      string // lower case
}

func memberOf[T any](mark string) member {
	return member{reflect.TypeFor[T](), graphTypeOf(reflect.TypeFor[T]()), strings.ToLower(mark)}
}

// graphTypeOf is what the platform calls a type, where it has a name for it.
func graphTypeOf(t reflect.Type) string {
	named, ok := reflect.TypeAssert[interface{ graphType() string }](reflect.New(t))
	if !ok {
		return ""
	}
	return named.graphType()
}

func familyOf(t reflect.Type) family {
	unknown := reflect.TypeFor[Unknown]()
	switch t {
	case reflect.TypeFor[MediaConfig]():
		return family{[]member{memberOf[AppHostedMediaConfig]("blob"), memberOf[ServiceHostedMediaConfig]("preFetchMedia")}, unknown}
	case reflect.TypeFor[MeetingInfo]():
		return family{[]member{memberOf[OrganizerMeetingInfo]("organizer"), memberOf[TokenMeetingInfo]("token"), memberOf[JoinMeetingIDMeetingInfo]("joinMeetingId")}, unknown}
	case reflect.TypeFor[Prompt]():
		return family{[]member{memberOf[MediaPrompt]("mediaInfo")}, unknown}
	case reflect.TypeFor[ParticipantJoiningResponse]():
		return family{[]member{memberOf[AcceptJoinResponse](""), memberOf[RejectJoinResponse]("reason"), memberOf[InviteNewBotResponse]("inviteUri")}, unknown}
	case reflect.TypeFor[Operation]():
		return operationFamily()
	case reflect.TypeFor[MediaQuality]():
		return mediaQualityFamily()
	default:
		return family{nil, unknown}
	}
}

// choose looks at the object that comes next and says which struct it is for.
func (f family) choose(r *reader) reflect.Type {
	hints := r.hints()
	if hints.graphType != "" {
		for _, m := range f.members {
			if strings.EqualFold(m.graphType, hints.graphType) {
				return m.of
			}
		}
		return f.fallback
	}
	for _, m := range f.members {
		if m.mark != "" && hints.names[m.mark] {
			return m.of
		}
	}
	return f.fallback
}

// hints are what tells one type of object from another: its type's name or,
// only where it has none, the names of its properties.
type hints struct {
	graphType string
	names     map[string]bool // lower case
}

// hints looks at the object that comes next, and leaves it there. Mostly its type
// stands first.
func (r *reader) hints() hints {
	start := r.place
	defer r.back(start)
	found := hints{}
	if !r.enter('{') {
		return found
	}
	for r.more('}') {
		name := odataType
		if !r.pass(quotedType) {
			name = r.name()
		}
		if r.kind() == '"' && strings.EqualFold(name, odataType) {
			return hints{graphType: withPrefix(r.unquoted())}
		}
		if found.names == nil {
			found.names = map[string]bool{}
		}
		found.names[strings.ToLower(name)] = true
		r.skip()
	}
	return found
}

func withPrefix(graphType string) string {
	if strings.HasPrefix(graphType, "#") {
		return graphType
	}
	return "#" + graphType
}

type familyShape struct{ family }

func (s familyShape) decode(r *reader, into reflect.Value) bool {
	if r.kind() != '{' {
		return false
	}
	into.Set(s.decodeMember(r))
	return true
}

// decodeMember reads the object that comes next.
func (s familyShape) decodeMember(r *reader) reflect.Value {
	of := s.choose(r)
	value := reflect.New(of)
	planOf(of).decode(r, value.Elem())
	return value
}

func (familyShape) encode(w *writer, from reflect.Value) error { return encodeAny(w, from.Interface()) }

func (familyShape) equal(a, b reflect.Value) bool {
	if a.IsNil() || b.IsNil() {
		return a.IsNil() == b.IsNil()
	}
	mine, theirs := a.Elem(), b.Elem()
	return mine.Type() == theirs.Type() && planOf(mine.Type().Elem()).equal(mine.Elem(), theirs.Elem())
}

// encodeAny writes a pointer to a struct of this package, or a list of them.
func encodeAny(w *writer, resource any) error {
	value := reflect.ValueOf(resource)
	if raw, ok := resource.(RawData); ok {
		return w.raw(Raw(raw))
	}
	if !value.IsValid() || value.Kind() == reflect.Pointer && value.IsNil() {
		return w.null()
	}
	if value.Kind() == reflect.Slice {
		return shapeOf(value.Type()).encode(w, value)
	}
	return planOf(value.Type().Elem()).encode(w, value.Elem())
}
