package resources

import "strings"

// plain reports whether a text has neither an escape nor a control character in
// it.
func plain(text string) bool {
	if strings.IndexByte(text, '\\') >= 0 {
		return false
	}
	found := uint64(0)
	for ; len(text) >= 16; text = text[16:] {
		found |= controls(text[:8]) | controls(text[8:16])
	}
	for i := range len(text) {
		if text[i] < ' ' {
			return false
		}
	}
	return found == 0
}

// controls is not zero where any of eight characters is below the space: taking
// one from the other borrows from the highest bit, which no such character has.
func controls(eight string) uint64 {
	const (
		spaces = 0x2020202020202020
		highs  = 0x8080808080808080
	)
	word := uint64(eight[0]) | uint64(eight[1])<<8 | uint64(eight[2])<<16 | uint64(eight[3])<<24 |
		uint64(eight[4])<<32 | uint64(eight[5])<<40 | uint64(eight[6])<<48 | uint64(eight[7])<<56
	return (word - spaces) &^ word & highs
}

// escapeLength is the length of the escape that a text begins with; 0 where it
// is none.
func escapeLength(text string) int {
	const short, long = len(`\n`), len(`\u0000`)
	if len(text) < short {
		return 0
	}
	switch text[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return short
	case 'u':
	default:
		return 0
	}
	if len(text) < long {
		return 0
	}
	for i := short; i < long; i++ {
		if c := text[i] | 0x20; !isDigit(text[i]) && (c < 'a' || c > 'f') {
			return 0
		}
	}
	return long
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// compact returns a copy of a JSON text without the white space between values.
func compact(text string) Raw {
	out := make(Raw, 0, len(text))
	for at := 0; at < len(text); {
		end := at + 1
		if text[at] == '"' {
			end = endOfString(text, at)
		}
		if !isSpace(text[at]) {
			out = append(out, text[at:end]...)
		}
		at = end
	}
	return out
}

// endOfString is the place after the string that starts at a place.
func endOfString(text string, at int) int {
	for at++; text[at] != '"'; at++ {
		if text[at] == '\\' {
			at++
		}
	}
	return at + 1
}
