package inspector

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longest is how much of a text from elsewhere is kept, in bytes.
const longest = 128

// short is a text from elsewhere that may be kept: a copy, for what it was read
// from is long; of one line, and not long.
func short(text string) string {
	if len(text) > longest {
		end := longest
		for end > 0 && !utf8.RuneStart(text[end]) {
			end--
		}
		text = text[:end]
	}
	plain := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
	return strings.Clone(plain)
}

// numbers are the platform's code and subcode.
func numbers(code, subcode int32) string {
	if code == 0 && subcode == 0 {
		return ""
	}
	return strconv.Itoa(int(code)) + "/" + strconv.Itoa(int(subcode))
}
