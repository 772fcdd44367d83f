package transport

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxTextBytes = 400
	maxIDBytes   = 200
)

// credentials matches what could be a token in a text of the service's, which may have been made from our request.
var credentials = regexp.MustCompile(`(?i)\bbearer\s+[^\s"',;]+|eyJ[\w-]{4,}(?:\.[\w-]*)*`)

// plainText makes a text of the service's fit for one line of an error or a log: without control characters, without
// anything like a token, and not too long.
func plainText(text string) string {
	if len(text) > 8*maxTextBytes {
		text = text[:8*maxTextBytes]
	}
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == utf8.RuneError || !unicode.IsPrint(r):
			return -1
		}
		return r
	}, text)
	text = credentials.ReplaceAllString(text, "[redacted]")
	if len(text) <= maxTextBytes {
		return strings.TrimSpace(text)
	}
	cut := maxTextBytes
	for !utf8.RuneStart(text[cut]) {
		cut--
	}
	return strings.TrimSpace(text[:cut]) + "…"
}

// plainID returns an id as it came if it is one: short, and of characters that are safe in headers and logs. Anything
// else is as good as no id. Of a value that a proxy doubled, a comma between, the first counts.
func plainID(value string) string {
	value, _, _ = strings.Cut(value, ",")
	value = strings.TrimSpace(value)
	if len(value) > maxIDBytes {
		return ""
	}
	for i := range len(value) {
		if !ofID(value[i]) {
			return ""
		}
	}
	return value
}

func ofID(c byte) bool {
	switch c {
	case '-', '.', '_', '~', ':', '/', '+', '=', '|', '@':
		return true
	}
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}
