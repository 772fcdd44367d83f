package main

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
)

// kind is what an example is.
type kind string

const (
	request      kind = "request"
	response     kind = "response"
	notification kind = "notification"
	token        kind = "token"
	body         kind = "body" // a part of a body, or one out of context
)

func kinds() []kind { return []kind{request, response, notification, token, body} }

// requestLine also matches what the documentation prints of one: there may be
// no version of HTTP at the end.
var requestLine = regexp.MustCompile(`^([A-Z]+) (\S+)( HTTP/\S+)?$`)

// kindNamed reads the kind out of a file's name, page.number.kind[-more][.more].ext.
// It is empty where the name has none.
func kindNamed(file string) kind {
	parts := strings.Split(file, ".")
	if len(parts) < 4 {
		return ""
	}
	word, _, _ := strings.Cut(parts[2], "-")
	if !slices.Contains(kinds(), kind(word)) {
		return ""
	}
	return kind(word)
}

// kindOf tells the kind of a file whose name does not.
func kindOf(text []byte) kind {
	first, _, _ := bytes.Cut(bytes.TrimSpace(text), []byte("\n"))
	switch {
	case bytes.HasPrefix(first, []byte("HTTP/")):
		return response
	case bytes.Contains(text, []byte(`"resourceUrl"`)) && bytes.Contains(text, []byte(`"changeType"`)):
		return notification
	case requestLine.Match(bytes.TrimSpace(first)):
		return request
	default:
		return body
	}
}
