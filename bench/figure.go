package main

import (
	"math"
	"strconv"
	"strings"
)

// Figure is one row of the table.
type Figure struct {
	Name    string // as in "ratio: NAME VALUE"
	What    string
	Wanted  Bound
	Measure func(*Bench) (Result, error)
}

// Result is what was measured. Value is what the bound is for: mostly a ratio,
// for some figures bytes or a number of goroutines.
type Result struct {
	Ours   string // for reading, with its unit
	Peer   string
	Value  float64
	Spread float64 // half of what lies between the quartiles of the rounds, as a share of the median
	Note   string
}

// Bound is what a figure should be.
type Bound struct {
	AtLeast float64 // 0 where there is no such bound
	AtMost  float64
}

// Met reports whether a value is within the bound.
func (b Bound) Met(value float64) bool {
	return value >= b.AtLeast && (b.AtMost == 0 || value <= b.AtMost)
}

func (b Bound) String() string {
	switch {
	case b.AtLeast > 0:
		return "≥ " + number(b.AtLeast)
	case b.AtMost > 0:
		return "≤ " + number(b.AtMost)
	default:
		return "report"
	}
}

// number has four digits that count, no zeros at its end and no exponent.
func number(value float64) string {
	decimals := 3
	if value != 0 {
		decimals = max(0, 3-int(math.Floor(math.Log10(math.Abs(value)))))
	}
	text := strconv.FormatFloat(value, 'f', decimals, 64)
	if decimals > 0 {
		text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	}
	return text
}
