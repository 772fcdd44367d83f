package resources

import "bytes"

// Real bodies have a value in every twenty bytes or so.
const (
	bytesPerValue = 8
	fewValues     = 1000
)

// crowded reports whether a text has far more values than its length is good
// for. What is made of a value takes tens of bytes, or hundreds, so that a text
// of nothing but brackets would take up to eighty times its own room.
func crowded(text []byte) bool {
	most := fewValues + len(text)/bytesPerValue
	if len(text) <= most {
		return false
	}
	if bytes.Count(text, []byte{'{'})+bytes.Count(text, []byte{'['})+bytes.Count(text, []byte{','}) <= most {
		return false // not even with those that are part of a string
	}
	values, quoted, escaped := 0, false, false
	for _, c := range text {
		switch {
		case escaped:
			escaped = false
		case c == '"':
			quoted = !quoted
		case quoted:
			escaped = c == '\\'
		case c == '{' || c == '[' || c == ',':
			values++
		}
	}
	return values > most
}
