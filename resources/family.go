package resources

import (
	"reflect"
	"strings"
)

const (
	odataType   = "@odata.type"
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
	of   reflect.Type
	mark string // lower case
}

func memberOf[T any](mark string) member { return member{reflect.TypeFor[T](), strings.ToLower(mark)} }

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

// choose looks at an object's text and says which struct it is for.
func (f family) choose(object Raw) (reflect.Type, error) {
	hints, err := hintsOf(object)
	if err != nil {
		return nil, err
	}
	if hints.graphType != "" {
		for _, m := range f.members {
			if strings.EqualFold(planOf(m.of).graphType, hints.graphType) {
				return m.of, nil
			}
		}
		return f.fallback, nil
	}
	for _, m := range f.members {
		if m.mark != "" && hints.names[m.mark] {
			return m.of, nil
		}
	}
	return f.fallback, nil
}

// hints are what tells one type of object from another: its type's name or,
// only where it has none, the names of its properties.
type hints struct {
	graphType string
	names     map[string]bool // lower case
}

func hintsOf(object Raw) (hints, error) {
	r := newReader(object)
	defer r.release()
	found := hints{names: map[string]bool{}}
	if r.kind() != '{' {
		return found, nil
	}
	if err := r.token(); err != nil {
		return found, err
	}
	for r.kind() != '}' {
		quoted, err := r.scalar()
		if err != nil {
			return found, err
		}
		name := strings.ToLower(string(unquote(quoted)))
		found.names[name] = true
		if name != odataType || r.kind() != '"' {
			if err := r.skip(); err != nil {
				return found, err
			}
			continue
		}
		quoted, err = r.scalar()
		found.graphType = withPrefix(string(unquote(quoted)))
		return found, err
	}
	return found, nil
}

func withPrefix(graphType string) string {
	if strings.HasPrefix(graphType, "#") {
		return graphType
	}
	return "#" + graphType
}

type familyShape struct{ family }

func (s familyShape) decode(r *reader, into reflect.Value) (bool, error) {
	if r.kind() != '{' {
		return false, nil
	}
	object, err := r.text()
	if err != nil {
		return false, err
	}
	value, err := s.decodeMember(object)
	if err == nil {
		into.Set(value)
	}
	return true, err
}

func (s familyShape) decodeMember(object Raw) (reflect.Value, error) {
	of, err := s.choose(object)
	if err != nil {
		return reflect.Value{}, err
	}
	r := newReader(object)
	defer r.release()
	value := reflect.New(of)
	_, err = planOf(of).decode(r, value.Elem())
	return value, err
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
