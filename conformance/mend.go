package main

// mend takes out what the documentation prints into JSON although it is not:
// comments to the end of the line, and commas after the last of a list.
func mend(text []byte) []byte {
	var out []byte
	for at := 0; at < len(text); {
		switch next := skip(text, at); {
		case text[at] == '"':
			out = append(out, text[at:next]...)
			at = next
		case next > at:
			at = next
		default:
			out = append(out, text[at])
			at++
		}
	}
	return out
}

// skip returns the end of the string, comment or superfluous comma that begins
// at a place, and the place itself where none does.
func skip(text []byte, at int) int {
	switch {
	case text[at] == '"':
		return endOfString(text, at)
	case text[at] == '/' && at+1 < len(text) && text[at+1] == '/':
		return endOfLine(text, at)
	case text[at] == ',' && closes(text, at+1):
		return at + 1
	default:
		return at
	}
}

func endOfString(text []byte, at int) int {
	for at++; at < len(text); at++ {
		switch text[at] {
		case '\\':
			at++
		case '"':
			return at + 1
		}
	}
	return len(text)
}

func endOfLine(text []byte, at int) int {
	for at < len(text) && text[at] != '\n' {
		at++
	}
	return at
}

// closes reports whether the next thing after a place closes a list or object.
func closes(text []byte, at int) bool {
	for at < len(text) {
		switch text[at] {
		case ' ', '\t', '\r', '\n':
			at++
		case '/':
			at = endOfLine(text, at)
		default:
			return text[at] == '}' || text[at] == ']'
		}
	}
	return false
}
