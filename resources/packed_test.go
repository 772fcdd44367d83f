package resources

import (
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Whatever a resource says, and in whatever way, it says after its rest.
func TestNothingIsLostAtRest(t *testing.T) {
	for _, of := range everyType(t) {
		t.Run(of.Name(), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				value := drawn{t}.structOf(of, 3)
				rested := reflect.New(of)
				p, u := new(packer), new(unpacker)
				planOf(of).pack(p, value.Elem())
				u.form = string(p.form)
				planOf(of).unpack(u, rested.Elem())
				require.Empty(t, u.form)
				requireSame(t, value.Interface(), rested.Interface())
			})
		})
	}
}

// Who is in a roster is packed without reflection.
func TestNothingOfAParticipantIsLostAtRest(t *testing.T) {
	t.Run("participant", testRest[Participant])
	t.Run("info", testRest[ParticipantInfo])
	t.Run("identities", testRest[IdentitySet])
	t.Run("identity", testRest[Identity])
	t.Run("stream", testRest[MediaStream])
}

func testRest[T any](t *testing.T) {
	require.Implements(t, (*visitable)(nil), new(T))
	rapid.Check(t, func(t *rapid.T) {
		resource := drawn{t}.structOf(reflect.TypeFor[T](), 5).Interface().(*T)
		packed := Pack(resource)
		rested := packed.Unpack()
		requireSame(t, resource, rested)
		require.True(t, Equal(resource, rested))
		require.Equal(t, FieldsOf(resource), FieldsOf(rested))
		require.True(t, packed.Holds(resource))
		require.Equal(t, packed, Pack(rested))
		p := planFor[T]()
		for i := range p.fields {
			require.Equal(t, !p.fields[i].of(pointerTo(resource)).IsZero(), packed.Filled().Has(1<<i), p.fields[i].name)
		}
	})
}

func requireSame(t *rapid.T, want, got any) {
	wanted, problem := Encode(want)
	text, other := Encode(got)
	require.Equal(t, problem, other)
	require.Equal(t, string(wanted), string(text))
	require.True(t, reflect.DeepEqual(want, got), "%#v\n%#v", want, got)
}

func TestDocumentedBodiesRest(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		call, err := Decode[Call](text)
		require.NoError(t, err)
		require.Equal(t, call, Pack(call).Unpack(), file)
		if !strings.Contains(string(text), `"changeType"`) {
			continue
		}
		batch, err := DecodeNotifications(text)
		require.NoError(t, err)
		require.Equal(t, batch, Pack(batch).Unpack(), file)
	}
}

func TestOneOfAnothersTypeRestsAsItsText(t *testing.T) {
	type theirs struct {
		PlayPromptOperation
		Volume string `json:"volume"`
	}
	n := &Notification{Data: OperationData{&theirs{PlayPromptOperation{CommsOperation: CommsOperation{ID: "1"}}, "11"}}}
	operation := Pack(n).Unpack().Data.(OperationData).Operation.(*PlayPromptOperation)
	require.Equal(t, "1", operation.ID)
	volume, _ := operation.Property("volume")
	require.JSONEq(t, `"11"`, string(volume))
}

func TestAtRestNothingIsShared(t *testing.T) {
	participant, err := Decode[Participant]([]byte(`{"id":"a","future":{"b":1},"mediaStreams":[{"label":"c"}]}`))
	require.NoError(t, err)
	packed := Pack(participant)
	first, second := packed.Unpack(), packed.Unpack()
	for _, one := range []*Participant{participant, first} {
		future, _ := one.Property("future")
		future[1] = '!'
		one.MediaStreams[0].Label = "d"
	}
	text, err := Encode(second)
	require.NoError(t, err)
	require.JSONEq(t, `{"id":"a","future":{"b":1},"mediaStreams":[{"label":"c"}]}`, string(text))
}

func TestManyMayRestAtOnce(t *testing.T) {
	participant, err := Decode[Participant]([]byte(`{"id":"57dab8b1-894c-409a-b240-bd8beae78896","info":{"identity":{"user":{"id":"7"}}},"isMuted":true}`))
	require.NoError(t, err)
	packed := Pack(participant)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 100 {
				if Pack(participant) != packed || !reflect.DeepEqual(participant, packed.Unpack()) {
					t.Error("not the same")
				}
			}
		})
	}
	group.Wait()
}

func TestNobodyAtRest(t *testing.T) {
	var nobody Packed[Participant]
	require.Nil(t, nobody.Unpack())
	require.Zero(t, nobody.Filled())
	require.False(t, nobody.Holds(new(Participant)))
	require.Equal(t, new(Participant), Pack(new(Participant)).Unpack())
}

func TestPackedIsSmall(t *testing.T) {
	participant, err := Decode[Participant]([]byte(`{"id":"57dab8b1-894c-409a-b240-bd8beae78896","mediaStreams":[` +
		`{"mediaType":"audio","sourceId":"4711","direction":"sendReceive","serverMuted":false}]}`))
	require.NoError(t, err)
	require.LessOrEqual(t, len(Pack(participant).form), 32)
}

// drawn makes resources up.
type drawn struct{ *rapid.T }

// structOf is one that came from text or was made by hand, nested so deep at most.
func (d drawn) structOf(of reflect.Type, depth int) reflect.Value {
	value := reflect.New(of)
	p := planOf(of)
	var says said
	if rapid.Bool().Draw(d.T, "decoded") {
		says.present = fieldDecoded
		if p.graphType != "" && rapid.Bool().Draw(d.T, "typed") {
			says.present |= fieldType
		}
	}
	for i := range p.fields {
		bit := Fields(1) << i
		switch rapid.SampledFrom([]string{"absent", "absent", "null", "zero", "there", "there", "slipped in", "once null"}).Draw(d.T, "field") {
		case "null":
			says.present, says.null = says.present|bit, says.null|bit
		case "zero":
			says.present |= bit
		case "there":
			says.present |= bit
			fallthrough
		case "once null":
			says.present, says.null = says.present|bit, says.null|bit
			fallthrough
		case "slipped in":
			d.fill(p.fields[i].of(value.Elem()), depth)
		}
	}
	for range rapid.SampledFrom([]int{0, 0, 0, 1, 2}).Draw(d.T, "unknown") {
		says.unknown = set(says.unknown, rapid.SampledFrom([]string{"future", "id", "Ü"}).Draw(d.T, "name"), d.raw())
	}
	if says.present != 0 || says.unknown != nil {
		p.tell(value.Elem(), &says)
	}
	return value
}

func (d drawn) raw() Raw {
	return Raw(rapid.SampledFrom([]string{`null`, `{"a":[1,2.50]}`, `"text"`, `0`}).Draw(d.T, "raw"))
}

func (d drawn) text(words []string) string {
	some := []string{
		"", "0", "7", "007", "123456789012345678", "9999999999999999999", "-1", "+4930", "Ünïcode", "audio", "AUDIO", "tone5",
		"57dab8b1-894c-409a-b240-bd8beae78896", "57DAB8B1-894C-409A-B240-BD8BEAE78896", "57dab8b1894c409ab240bd8beae78896",
		"57dab8b1-894c-409a-b240-bd8beae7889g", "57dab8b1x894c-409a-b240-bd8beae78896", strings.Repeat("long ", 50),
	}
	if rapid.Bool().Draw(d.T, "any text") {
		return rapid.String().Draw(d.T, "text")
	}
	return rapid.SampledFrom(append(some, words...)).Draw(d.T, "text")
}

func (d drawn) fill(into reflect.Value, depth int) {
	t := into.Type()
	switch {
	case t == reflect.TypeFor[time.Time]():
		moment := time.Unix(rapid.Int64Range(-1e11, 1e11).Draw(d.T, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(d.T, "nanoseconds"))
		into.Set(reflect.ValueOf(moment.UTC()))
	case t == reflect.TypeFor[Raw](), t == reflect.TypeFor[RawData]():
		into.SetBytes(d.raw())
	case t == reflect.TypeFor[OperationData]():
		d.fill(into.Field(0), depth)
	case t == reflect.TypeFor[Data]():
		d.fillMember(into, append(dataTypes(), reflect.TypeFor[OperationData]()), depth)
	case t.Kind() == reflect.Interface:
		d.fillMember(into, familyOf(t).types(), depth)
	case t.Kind() == reflect.Pointer && depth > 0:
		into.Set(d.structOf(t.Elem(), depth-1))
	case t.Kind() == reflect.Struct && depth > 0:
		into.Set(d.structOf(t, depth-1).Elem())
	case t.Kind() == reflect.Slice:
		length := rapid.IntRange(0, 2).Draw(d.T, "length")
		into.Set(reflect.MakeSlice(t, length, length))
		for i := range length {
			d.fill(into.Index(i), depth-1)
		}
	case t.Kind() == reflect.String:
		into.SetString(d.text(wordsOf(t).words))
	case t.Kind() == reflect.Bool:
		into.SetBool(rapid.Bool().Draw(d.T, "flag"))
	case t.Kind() == reflect.Float64:
		into.SetFloat(rapid.SampledFrom([]float64{0, 1.5, math.MaxFloat64, -3}).Draw(d.T, "float"))
	case into.CanInt():
		into.SetInt(rapid.SampledFrom([]int64{0, 1, -1, math.MaxInt32, math.MinInt32, math.MaxInt64 >> (64 - t.Bits())}).Draw(d.T, "integer"))
	}
}

func (d drawn) fillMember(into reflect.Value, types []reflect.Type, depth int) {
	if depth <= 0 {
		return
	}
	of := rapid.SampledFrom(types).Draw(d.T, "member")
	value := reflect.New(of).Elem()
	d.fill(value, depth)
	into.Set(value)
}
