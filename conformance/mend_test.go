package main

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMending(t *testing.T) {
	for printed, mended := range map[string]string{
		`{"a": 1,}`:                      `{"a": 1}`,
		`[1, 2 , ]`:                      `[1, 2  ]`,
		"{\"a\": [1,],\n\t} ":            "{\"a\": [1]\n\t} ",
		"{\"a\": 1, // one\n\"b\": 2}":   "{\"a\": 1, \n\"b\": 2}",
		"{\"a\": 1, // the last\n}":      "{\"a\": 1 \n}",
		`{"a": "https://x/,]", "b": ""}`: `{"a": "https://x/,]", "b": ""}`,
		`{"a": "say \"//,}\" aloud",}`:   `{"a": "say \"//,}\" aloud"}`,
		`{"a" 1,,}`:                      `{"a" 1,}`,
		`{"a`:                            `{"a`,
		`/`:                              `/`,
		`,`:                              `,`,
	} {
		require.Equal(t, mended, string(mend([]byte(printed))), printed)
	}
}

// What is JSON needs no mending, and mending takes away and never adds.
func FuzzMend(f *testing.F) {
	for _, text := range []string{`{"a": [1, "x//", ""],}`, "[// y\n]", `"\"`, `{"a":"\\",}`, `/`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		mended := mend(text)
		require.LessOrEqual(t, len(mended), len(text))
		if json.Valid(text) {
			require.Equal(t, string(text), string(mended))
		}
	})
}
