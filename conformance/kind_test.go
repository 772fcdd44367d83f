package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestKinds(t *testing.T) {
	for file, test := range map[string]struct {
		text string
		kind kind
	}{
		"p.01.request.http":              {"GET /x\n", request},
		"p.02.request.draft2024.http":    {"GET /x\n", request},
		"p.03.response-redirect.http":    {"HTTP/1.1 302 Found\n", response},
		"p.04.token-service.json":        {"{}", token},
		"p.05.body.json":                 {"{}", body},
		"p.http":                         {"GET https://x/ HTTP/1.1\n", request},
		"q.http":                         {"HTTP/1.1 200 OK\n", response},
		"r.07.json":                      {`{"value":[{"changeType":"created","resourceUrl":"/x"}]}`, notification},
		"s.08.anything.json":             {"{}", body},
		"t.09.anything.else.http":        {"POST https://x/\n\n{\"value\":[{\"changeType\":\"created\",\"resourceUrl\":\"/x\"}]}", notification},
		"u.10.notification.edition.json": {"{}", notification},
	} {
		e, err := newExample(file, []byte(test.text))
		require.NoError(t, err, file)
		require.Equal(t, test.kind, e.kind, file)
	}
}

// FuzzExample reads any file as an example.
func FuzzExample(f *testing.F) {
	f.Add("p.http", []byte("POST https://x/ HTTP/1.1\r\nA: b\r\n\r\n{\"a\":[\"b\"]}"))
	f.Add("p.01.response.http", []byte("HTTP/1.1 200 OK\n\n[1,]"))
	f.Fuzz(func(t *testing.T, file string, text []byte) {
		e, err := newExample(file, text)
		if err != nil {
			return
		}
		whole, sound := e.mended()
		require.Equal(t, sound, whole.sound())
		same := func(w word) string { return w.text }
		require.Equal(t, string(whole.body), string(rewritten(whole.body, wordsOf(whole.body), same)))
		if where, ok := placeOf(e.url, "v1.0"); ok {
			endpointOf(e.method, where)
		}
	})
}
