package scenario

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a word of a line, and where it begins.
type token struct {
	text   string
	quoted bool
	line   int
	column int
}

// line is one statement: a line of the text, and those below it that begin with
// a space.
type line struct {
	number int
	text   string // for people to read, in one line
	tokens []token
	end    token // just behind the last
}

// lex cuts a text into lines of words. Lines that are empty or begin with # say
// nothing.
func lex(file, text string) ([]*line, []error) {
	var lines []*line
	var mistakes []error
	for number, row := range strings.Split(text, "\n") {
		row = strings.TrimRightFunc(row, unicode.IsSpace)
		if number == 0 {
			row = strings.TrimPrefix(row, "\uFEFF") // some editors begin a file with it
		}
		bare := strings.TrimLeftFunc(row, unicode.IsSpace)
		if bare == "" || bare[0] == '#' {
			continue
		}
		tokens, why := lexRow(file, row, number+1)
		if why != nil {
			mistakes = append(mistakes, why)
			continue
		}
		if bare == row || len(lines) == 0 {
			lines = append(lines, &line{number: number + 1})
		}
		last := lines[len(lines)-1]
		last.text = strings.TrimSpace(last.text + " " + bare)
		last.tokens = append(last.tokens, tokens...)
		last.end = token{line: number + 1, column: utf8.RuneCountInString(row) + 1}
	}
	return lines, mistakes
}

func lexRow(file, row string, number int) ([]token, error) {
	var tokens []token
	runes := []rune(row)
	for at := 0; at < len(runes); {
		switch r := runes[at]; {
		case unicode.IsSpace(r):
			at++
		case r == '"':
			end := at + 1
			for end < len(runes) && runes[end] != '"' {
				end++
			}
			if end == len(runes) {
				return nil, &SyntaxError{file, number, at + 1, `the quotation mark is never closed; add a " where the text ends`}
			}
			tokens = append(tokens, token{string(runes[at+1 : end]), true, number, at + 1})
			at = end + 1
		default:
			end := at
			for end < len(runes) && !unicode.IsSpace(runes[end]) {
				end++
			}
			tokens = appendWord(tokens, string(runes[at:end]), number, at+1)
			at = end
		}
	}
	return tokens, nil
}

// appendWord makes a token of its own of the comma or colon that ends a word.
func appendWord(tokens []token, word string, number, column int) []token {
	last := word[len(word)-1]
	if len(word) == 1 || last != ',' && last != ':' {
		return append(tokens, token{word, false, number, column})
	}
	return append(tokens,
		token{word[:len(word)-1], false, number, column},
		token{string(last), false, number, column + utf8.RuneCountInString(word) - 1})
}
