package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
)

// example is one file: one message as the documentation prints it.
type example struct {
	file string
	kind kind
	// method and url are those of a request line, status that of a status
	// line; zero where the file has none.
	method, url string
	status      int
	header      http.Header
	body        []byte
	isJSON      bool // the body is, or is meant to be
}

func newExample(file string, text []byte) (*example, error) {
	e := &example{file: file, header: http.Header{}, body: text}
	if e.kind = kindNamed(file); e.kind == "" {
		e.kind = kindOf(text)
	}
	if strings.HasSuffix(file, ".http") {
		if err := e.split(text); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	e.body = bytes.TrimSpace(e.body)
	media, _, _ := mime.ParseMediaType(e.header.Get("Content-Type"))
	e.isJSON = len(e.body) > 0 && (strings.HasSuffix(file, ".json") || e.body[0] == '{' || e.body[0] == '[' ||
		media == "application/json" && e.kind != response)
	return e, nil
}

// split parts a message into its first line, headers and body.
func (e *example) split(text []byte) error {
	head, rest, _ := strings.Cut(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n\n")
	e.body = []byte(rest)
	first, fields, _ := strings.Cut(strings.TrimSpace(head), "\n")
	if words := strings.Fields(first); len(words) > 1 && strings.HasPrefix(words[0], "HTTP/") {
		status, err := strconv.Atoi(words[1])
		if err != nil {
			return fmt.Errorf("the status line: %w", err)
		}
		e.status = status
	} else if match := requestLine.FindStringSubmatch(first); match != nil {
		e.method, e.url = match[1], match[2]
	} else {
		return fmt.Errorf("%q is no request or status line", first)
	}
	for line := range strings.Lines(fields) {
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			return fmt.Errorf("%q is no header", line)
		}
		e.header.Add(textproto.TrimString(name), textproto.TrimString(value))
	}
	return nil
}

// sound reports whether the body is JSON as printed, or is not meant to be.
func (e *example) sound() bool { return !e.isJSON || json.Valid(e.body) }

// mended returns the example with a body that is JSON, if that takes no more
// than what mend does, and itself otherwise.
func (e *example) mended() (*example, bool) {
	whole := *e
	whole.body = mend(e.body)
	if e.sound() || !whole.sound() {
		return e, e.sound()
	}
	return &whole, true
}

// value is the body, read; nil where it is not JSON.
func (e *example) value() any {
	var value any
	if !e.isJSON || json.Unmarshal(e.body, &value) != nil {
		return nil
	}
	return value
}

// sent are the headers to send an example with: all but those that belong to
// the connection it is sent over, and to who sends it.
func (e *example) sent() http.Header {
	header := e.header.Clone()
	for _, own := range []string{"Authorization", "Host", "Content-Length", "Transfer-Encoding", "Date"} {
		header.Del(own)
	}
	return header
}
