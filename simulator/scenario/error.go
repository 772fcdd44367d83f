package scenario

import (
	"fmt"
	"strings"
)

// SyntaxError is a line of a scenario that says nothing the language has. Parse
// returns all of a text's, joined; [errors.As] finds the first.
type SyntaxError struct {
	File         string // the name given to Parse
	Line, Column int    // from 1; columns count characters
	// Message says what is wrong, and what would be right.
	Message string
}

// Error is the message after its place, as compilers write it.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
}

// suggest returns the candidate somebody most likely meant, or nothing.
func suggest(typed string, candidates []string) string {
	best, nearest := "", max(1, min(2, len([]rune(typed))/2))
	for _, candidate := range candidates {
		distance := editDistance(strings.ToLower(typed), strings.ToLower(candidate))
		if distance < nearest || distance == nearest && best == "" {
			best, nearest = candidate, distance
		}
	}
	return best
}

// editDistance counts the characters to add, remove, change or swap with their
// neighbour to make one text of another.
func editDistance(from, to string) int {
	a, b := []rune(from), []rune(to)
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range b {
		rows[0][j+1] = j + 1
	}
	for i := range a {
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			rows[i+1][j+1] = min(rows[i][j+1]+1, rows[i+1][j]+1, rows[i][j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				rows[i+1][j+1] = min(rows[i+1][j+1], rows[i-1][j-1]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}

// either writes a list as a sentence does.
func either(list []string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + " or " + list[len(list)-1]
}
