package main

import (
	"bytes"
	"encoding/json"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// word is a text in a JSON body, and where it stands.
type word struct {
	path       string // such as /targets/0/identity/user/id
	text       string
	start, end int // of its bytes, without the quotes
}

// is reports whether the word's path ends so.
func (w word) is(ending string) bool { return strings.HasSuffix(w.path, ending) }

// ofSource reports whether the word is about who places the call.
func (w word) ofSource() bool { return strings.HasPrefix(w.path, "/source/") }

// beside is the path of another property of the same object.
func (w word) beside(name string) string {
	return w.path[:strings.LastIndexByte(w.path, '/')] + "/" + name
}

// wordsOf lists the texts in a JSON body. Those with escapes in them are left
// out: no id has any.
func wordsOf(text []byte) []word {
	reader := &wordReader{text: text, decoder: json.NewDecoder(bytes.NewReader(text))}
	reader.value("")
	return reader.words
}

type wordReader struct {
	text    []byte
	decoder *json.Decoder
	words   []word
}

// value reads one value, and reports false at the first thing that is no JSON.
func (r *wordReader) value(path string) bool {
	next, err := r.decoder.Token()
	if err != nil {
		return false
	}
	switch next := next.(type) {
	case string:
		end := int(r.decoder.InputOffset()) - 1
		if start := end - len(next); start > 0 && string(r.text[start-1:end+1]) == `"`+next+`"` {
			r.words = append(r.words, word{path, next, start, end})
		}
	case json.Delim:
		return r.members(path, next == '{')
	}
	return true
}

// members reads what is in an object or list, and its end.
func (r *wordReader) members(path string, named bool) bool {
	for at := 0; r.decoder.More(); at++ {
		name := strconv.Itoa(at)
		if named {
			key, err := r.decoder.Token()
			if err != nil {
				return false
			}
			name, _ = key.(string)
		}
		if !r.value(path + "/" + name) {
			return false
		}
	}
	_, err := r.decoder.Token()
	return err == nil
}

// rewritten is a body with other texts in place of some of its words.
func rewritten(text []byte, words []word, other func(word) string) []byte {
	var out []byte
	at := 0
	for _, w := range words {
		out = append(append(out, text[at:w.start]...), other(w)...)
		at = w.end
	}
	return append(out, text[at:]...)
}

// sorted ranges over a map in the order of its keys.
func sorted[V any](m map[string]V) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		for _, key := range slices.Sorted(maps.Keys(m)) {
			if !yield(key, m[key]) {
				return
			}
		}
	}
}
