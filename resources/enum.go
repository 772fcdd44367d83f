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

// spelt is a word as this package spells it, whatever its case.
func spelt[E Enum](text string) E {
	for _, word := range E("").words() {
		if strings.EqualFold(word, text) {
			return E(word)
		}
	}
	return E(text)
}

// vocabulary is the words of an enumeration.
type vocabulary struct {
	words  []string
	folded map[string]string // from all in lower case
}

func wordsOf(t reflect.Type) vocabulary {
	enum, ok := reflect.TypeAssert[interface{ words() []string }](reflect.Zero(t))
	if !ok {
		return vocabulary{}
	}
	v := vocabulary{enum.words(), map[string]string{}}
	for _, word := range v.words {
		v.folded[strings.ToLower(word)] = word
	}
	return v
}

// canonical is a word as this package spells it, which is mostly how the platform
// does; one that is not known is returned as it is.
func (v vocabulary) canonical(text string) string {
	for _, word := range v.words {
		if word == text {
			return word
		}
	}
	if v.folded == nil {
		return text
	}
	if word, known := v.folded[strings.ToLower(text)]; known {
		return word
	}
	return text
}
