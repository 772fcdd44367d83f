package resources

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
)

// A set of fields is a word of bits, the upper ones of which are taken.
func TestEveryTypeHasRoomForItsFields(t *testing.T) {
	for _, of := range everyType(t) {
		p := planOf(of)
		require.LessOrEqual(t, len(p.fields), maxFields, of)
		require.Len(t, p.folded, len(p.fields), "%v has two fields that differ in case alone", of)
	}
}

// everyType is all structs that are read or written.
func everyType(t *testing.T) []reflect.Type {
	t.Helper()
	var every []reflect.Type
	seen := map[reflect.Type]bool{}
	var look func(reflect.Type)
	look = func(of reflect.Type) {
		switch {
		case seen[of]:
			return
		case of.Kind() == reflect.Pointer, of.Kind() == reflect.Slice:
			look(of.Elem())
			return
		case of.Kind() == reflect.Interface && of != reflect.TypeFor[Data]():
			for _, member := range familyOf(of).members {
				look(member.of)
			}
			return
		case of.Kind() != reflect.Struct:
			return
		}
		if wire, embedded := of.FieldByName("Wire"); !embedded || wire.Type != reflect.TypeFor[Wire]() {
			return
		}
		seen[of] = true
		every = append(every, of)
		p := planOf(of)
		for i := range p.fields {
			look(p.fields[i].of(reflect.New(of).Elem()).Type())
		}
	}
	for _, root := range []reflect.Type{
		reflect.TypeFor[Notifications](), reflect.TypeFor[OnlineMeetingsReply](), reflect.TypeFor[CreateOrGetOnlineMeeting](),
		reflect.TypeFor[TeleconferenceDeviceQuality](), reflect.TypeFor[applicationMetadata](),
	} {
		look(root)
	}
	for _, data := range []Data{&Call{}, &DeltaParticipants{}, &ParticipantJoiningNotification{}, &ParticipantLeftNotification{}, &RealTimeTranscript{}, &CallEvent{}} {
		look(reflect.TypeOf(data))
	}
	require.Greater(t, len(every), 55)
	return every
}
