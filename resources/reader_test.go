package resources

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext" //nolint:depguard // what writes judges what reads
	"github.com/stretchr/testify/require"
)

// FuzzReader holds that a reader takes what jsontext takes, whether it reads, passes
// over or keeps it, and understands it as encoding/json does.
func FuzzReader(f *testing.F) {
	for _, text := range []string{
		`{"a":[1,-2.5e+7,true,false,null,"x"],"b":{},"c":[[],{"":""}]}`, " [\n{ \"a\" :\t\"b\\\"\\u00e9\\\\\" , \"c\\n\" : [ ] } ]\r\n",
		`"\ud800 and \ud83d\ude00"`, `"\\"`, `""`, `0`, `[`, `{`, `[1 2]`, `[1,]`, `[,1]`, `{"a"}`, `{"a":}`, `{"a":1,}`, `{"a" 1}`, `{"a"::1}`, `{1:2}`, `[}`, `{]`, `"`, "\"\x01\"", "\"\xff\"",
		`[] []`, `[]]`, `nul`, `nulll`, `truefalse`, ``, `,`, `:`, `-`, `-0`, `-01`, `01`, `1e5`, `1E+5`, `1e`, `1e+`, `1.`, `.5`, `1.5.5`, `+1`, `0x1`, `1-2`, `"\u12G4"`, `"\u12"`, `"\x"`, `"\`,
		`{"a":1,"a":2}`, `[""""]`, "\ufeff[]", `"abcdefg\u0041hijklmnop"`, "\"abcdefgh\nijkl\"", "[\v]", `"é\/"`,
		strings.Repeat("[", 100) + strings.Repeat("]", 100),
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(checkReader)
}

func TestReaderTakesBracketsAsDeepAsTheWriterDoes(t *testing.T) {
	for _, depth := range []int{maxDepth, maxDepth + 1} {
		checkReader(t, []byte(strings.Repeat("[", depth)+strings.Repeat("]", depth)))
		checkReader(t, []byte(strings.Repeat(`{"a":`, depth)+"1"+strings.Repeat("}", depth)))
		checkReader(t, []byte(strings.Repeat("[", depth)))
	}
}

func checkReader(t *testing.T, text []byte) {
	t.Helper()
	oracle := jsontext.Value(bytes.ToValidUTF8(text, []byte("\uFFFD")))
	want := oracle.IsValid(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	for _, pass := range []func(r *reader){func(r *reader) { valueOf(r) }, (*reader).skip, func(r *reader) { r.raw() }} {
		r := newReader(text)
		pass(r)
		err := r.end()
		require.Equal(t, want, err == nil, "%v", err)
		if err != nil {
			require.ErrorIs(t, err, ErrMalformed)
		}
		require.Zero(t, r.kind())
		r.release()
	}
	if want {
		checkUnderstood(t, text)
	}
}

func checkUnderstood(t *testing.T, text []byte) {
	t.Helper()
	r := newReader(text)
	defer r.release()
	var want any
	decoder := json.NewDecoder(strings.NewReader(r.text))
	decoder.UseNumber()
	require.NoError(t, decoder.Decode(&want))
	start := r.place
	require.Equal(t, want, valueOf(r))
	r.back(start)
	var compacted bytes.Buffer
	require.NoError(t, json.Compact(&compacted, []byte(r.text)))
	require.Equal(t, compacted.String(), string(r.raw()))
	require.NoError(t, r.end())
}

// valueOf is the next value as encoding/json would have it.
func valueOf(r *reader) any {
	switch r.kind() {
	case '{':
		members := map[string]any{}
		for r.enter('{'); r.more('}'); {
			name := r.name()
			members[name] = valueOf(r)
		}
		return members
	case '[':
		list := []any{}
		for r.enter('['); r.more(']'); {
			list = append(list, valueOf(r))
		}
		return list
	case '"':
		return r.unquoted()
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return json.Number(r.number())
	case 't':
		return r.literal("true")
	case 'f':
		return !r.literal("false")
	default:
		r.skip()
		return nil
	}
}
