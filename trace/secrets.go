package trace

import (
	"bytes"
	"slices"
	"strings"
)

// secrets replaces credentials, and leaves everything else alone.
type secrets struct{ *pseudonyms }

// isSecret reports whether properties of a name hold a credential: whoever has it
// can fetch a recording, enter a meeting, or speak for the media of a call.
func isSecret(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc([]string{"token", "passcode", "password", "secret", "blob", "authorization"}, func(end string) bool {
		return strings.HasSuffix(name, end)
	})
}

// isBearer knows a token wherever it stands: it begins with an object's brace.
func isBearer(text string) bool {
	return strings.Contains(text, "Bearer ") || strings.Contains(text, "eyJ") && strings.Count(text, ".") >= 2
}

// clean returns a JSON text without credentials.
func (s *secrets) clean(text []byte) []byte {
	if len(text) == 0 || !mayHoldSecrets(text) {
		return text
	}
	return rewrite(text, s)
}

// mayHoldSecrets spares most texts the work.
func mayHoldSecrets(text []byte) bool {
	lower := bytes.ToLower(text)
	return slices.ContainsFunc([]string{"token", "passcode", "password", "secret", "blob", "authorization", "bearer ", "eyj", "?", `\u`}, func(sign string) bool {
		return bytes.Contains(lower, []byte(sign))
	})
}

// text replaces also the query of every address: it may hold a signature.
func (s *secrets) text(at place, quoted []byte) []byte {
	text := plain(quoted)
	address, query, hasQuery := strings.Cut(text, "?")
	switch {
	case text == "":
		return quoted
	case at.inside, isBearer(text):
		return quote(s.word("secret-", text))
	case hasQuery && query != "" && (strings.Contains(address, "://") || strings.EqualFold(at.name, "callbackUri")):
		return quote(address + "?" + s.word("secret-", query))
	default:
		return quoted
	}
}

func (s *secrets) number(at place, literal []byte) []byte {
	if at.inside && isNumber(literal) {
		return s.someNumber(literal)
	}
	return literal
}

// property has all be replaced that is in a property which holds a credential.
func (s *secrets) property(at place, quoted []byte) ([]byte, bool) {
	return quoted, !isSecret(at.name)
}

func isNumber(literal []byte) bool {
	return len(literal) > 0 && strings.IndexByte("-0123456789", literal[0]) >= 0
}

func (p *pseudonyms) someNumber(literal []byte) []byte {
	return []byte("1" + p.digits("number", string(literal), 14))
}
