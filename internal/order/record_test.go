package order_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/graphcalls/graphcalls-go/internal/order"
	"github.com/graphcalls/graphcalls-go/resources"
)

func bands() []resources.CallState {
	return []resources.CallState{"", resources.CallStateEstablishing, resources.CallStateEstablished}
}

func stateOf(band int) resources.CallState { return bands()[band] }

func bandOf(state resources.CallState) int {
	for band, known := range bands() {
		if state == known {
			return band
		}
	}
	return 0
}

// Stamps that were kept answer as those they were made from.
func TestStampsSurviveBeingKept(t *testing.T) {
	names := resources.FieldNames[resources.Call](1<<6 - 1)
	stamp := rapid.Custom(func(t *rapid.T) order.Stamp {
		return order.Stamp{Version: rapid.Uint64Range(0, 3).Draw(t, "version"), Band: rapid.IntRange(0, 2).Draw(t, "band")}
	})
	rapid.Check(t, func(t *rapid.T) {
		var stamps order.Stamps
		for range rapid.IntRange(0, 20).Draw(t, "facts") {
			if rapid.Bool().Draw(t, "declared") {
				field := resources.FieldNamed[resources.Call](rapid.SampledFrom(names).Draw(t, "field"))
				stamps, _ = stamps.With(stamp.Draw(t, "stamp"), field)
			} else {
				stamps, _ = stamps.WithName(stamp.Draw(t, "stamp"), rapid.SampledFrom(names).Draw(t, "name"))
			}
		}
		records := order.Records[resources.Call](stamps, stateOf)
		restored, err := order.StampsOf[resources.Call](records, bandOf)
		require.NoError(t, err)
		require.Equal(t, records, order.Records[resources.Call](restored, stateOf))
		later := stamp.Draw(t, "later")
		require.Equal(t, stamps.Admit(later, ^resources.Fields(0)), restored.Admit(later, ^resources.Fields(0)))
		for _, name := range names {
			require.Equal(t, stamps.AdmitName(later, name), restored.AdmitName(later, name))
		}
	})
}

func TestRecordsAreInOneOrderWhateverTheArrival(t *testing.T) {
	early, late := order.Stamp{Band: 1}, order.Stamp{Version: 5445, Band: 2}
	subject, source := resources.FieldNamed[resources.Call]("subject"), resources.FieldNamed[resources.Call]("source")

	one, _ := order.Stamps{}.With(early, subject|source)
	one, _ = one.With(late, subject)
	one, _ = one.WithName(late, "b")
	one, _ = one.WithName(late, "a")

	other, _ := order.Stamps{}.WithName(late, "a")
	other, _ = other.With(late, subject)
	other, _ = other.WithName(late, "b")
	other, _ = other.With(early, source)

	want := []order.Record{
		{State: resources.CallStateEstablishing, Fields: []string{"source"}},
		{State: resources.CallStateEstablished, Version: "5445", Fields: []string{"subject"}, Undeclared: []string{"a", "b"}},
	}
	require.Equal(t, want, order.Records[resources.Call](one, stateOf))
	require.Equal(t, want, order.Records[resources.Call](other, stateOf))
}

// A field of a later version is a property without one to this version.
func TestNameWithoutAFieldIsUndeclared(t *testing.T) {
	stamps, err := order.StampsOf[resources.Call]([]order.Record{{State: resources.CallStateEstablished, Fields: []string{"mood", "subject"}}}, bandOf)
	require.NoError(t, err)
	early, subject := order.Stamp{Band: 1}, resources.FieldNamed[resources.Call]("subject")
	require.False(t, stamps.AdmitName(early, "mood"))
	require.Zero(t, stamps.Admit(early, subject))
	require.True(t, stamps.AdmitName(order.Stamp{Band: 2}, "mood"))

	_, err = order.StampsOf[resources.Call]([]order.Record{{Version: "latest"}}, bandOf)
	require.ErrorIs(t, err, resources.ErrMalformed)
}
