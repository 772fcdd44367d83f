package resources

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzReader holds that a reader takes what encoding/json takes, and understands
// it the same.
func FuzzReader(f *testing.F) {
	for _, text := range []string{
		`{"a":[1,-2.5e+7,true,false,null,"x"],"b":{},"c":[[],{"":""}]}`, " [\n{ \"a\" :\t\"b\\\"\\u00e9\\\\\" , \"c\\n\" : [ ] } ]\r\n",
		`"\ud800 and \ud83d\ude00"`, `"\\"`, `""`, `0`, `[1 2]`, `[1,]`, `{"a"}`, `[}`, `"`, `01`, "\"\x01\"", "\"\xff\"", `[] []`, `nul`, ``,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := newReader(text)
		require.Equal(t, json.Valid(bytes.ToValidUTF8(text, []byte("\uFFFD"))), err == nil)
		if err != nil {
			require.ErrorIs(t, err, ErrMalformed)
			return
		}
		defer r.release()
		var want any
		decoder := json.NewDecoder(bytes.NewReader(r.text))
		decoder.UseNumber()
		require.NoError(t, decoder.Decode(&want))
		require.Equal(t, want, valueOf(r))
		require.Zero(t, r.kind())

		r.at = 0
		var compacted bytes.Buffer
		require.NoError(t, json.Compact(&compacted, r.text))
		require.Equal(t, compacted.String(), string(r.raw()))
		require.Zero(t, r.kind())
	})
}

// valueOf is the next value as encoding/json would have it.
func valueOf(r *reader) any {
	switch r.kind() {
	case '{':
		members := map[string]any{}
		for r.enter('{'); r.more('}'); {
			name := string(r.unquoted())
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
		return string(r.unquoted())
	case '0':
		return json.Number(r.word())
	case 'n':
		r.skip()
		return nil
	default:
		return r.word()[0] == 't'
	}
}

func TestStringsSaidTwiceAreKeptOnce(t *testing.T) {
	var said recent
	first := said.string([]byte("en-US"))
	require.Zero(t, testing.AllocsPerRun(10, func() { _ = said.string([]byte("en-US")) }))
	require.Equal(t, first, said.string([]byte("en-US")))
	for _, text := range []string{"", "x", "de-DE", string(make([]byte, 100))} {
		require.Equal(t, text, said.string([]byte(text)))
	}
}
