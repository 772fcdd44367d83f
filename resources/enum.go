package resources

import (
	"reflect"
	"slices"
	"strings"
)

// Enum is any of this package's enumerations. They are open: a value the
// platform learns tomorrow decodes to itself, and is written back as it came.
// Known values are recognised in any case.
type Enum interface {
	~string
	words() []string
}

// Known reports whether a value is one this package has a constant for.
func Known[E Enum](value E) bool { return slices.Contains(value.words(), string(value)) }

// Values lists an enumeration's known values, in the platform's order.
func Values[E Enum]() []E {
	var none E
	var values []E
	for _, word := range none.words() {
		values = append(values, E(word))
	}
	return values
}

// vocabulary maps the spellings met most, and all in lower case, to the one
// this package uses.
type vocabulary map[string]string

func wordsOf(t reflect.Type) vocabulary {
	enum, ok := reflect.TypeAssert[interface{ words() []string }](reflect.Zero(t))
	if !ok {
		return nil
	}
	words := vocabulary{}
	for _, word := range enum.words() {
		words[word] = word
		words[strings.ToLower(word)] = word
	}
	return words
}

func (v vocabulary) canonical(text []byte) string {
	if word, known := v[string(text)]; known {
		return word
	}
	if v != nil {
		if word, known := v[strings.ToLower(string(text))]; known {
			return word
		}
	}
	return string(text)
}

func wordsFor[E Enum](value E) vocabulary { return wordsOf(reflect.TypeOf(value)) }
