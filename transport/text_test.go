package transport

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func FuzzPlainText(f *testing.F) {
	for _, text := range []string{"", "Call not found.", "a\r\nb\x00\x1b[0m\u202e", "Bearer abc", "eyJhbGci.eyJ.x", strings.Repeat("é", 300)} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		plain := plainText(text)
		require.True(t, utf8.ValidString(plain))
		require.LessOrEqual(t, len(plain), maxTextBytes+len("…"))
		require.False(t, strings.ContainsFunc(plain, func(r rune) bool { return !unicode.IsPrint(r) }))
		require.NotRegexp(t, `eyJ[\w-]{4,}`, plain)
	})
}

func FuzzErrorBody(f *testing.F) {
	f.Add([]byte(`{"error":{"code":"7505","message":"DiagCode: 500#7117.@","innerError":{"request-id":"1"}}}`))
	f.Add([]byte(`{"error":{"code":7505,"message":null,"innerError":[]}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		details := parseErrorBody(body)
		require.LessOrEqual(t, len(details.code), maxIDBytes)
		require.LessOrEqual(t, len(details.message), maxTextBytes+len("…"))
		require.GreaterOrEqual(t, details.subcode, 0)
	})
}

func TestPlainTextHidesTokens(t *testing.T) {
	for text, want := range map[string]string{
		"got Bearer abc.def-123, sorry":       "got [redacted], sorry",
		"BEARER  abc":                         "[redacted]",
		"token eyJhbGciOi.eyJ0aWQi.sig_-9 no": "token [redacted] no",
		"the bearer of news":                  "the [redacted] news",
		"two\r\nlines\x00":                    "two  lines",
	} {
		require.Equal(t, want, plainText(text))
	}
}
