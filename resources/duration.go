package resources

import (
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// durationShape is a length of time as Graph writes it, such as PT1.5S: days,
// hours, minutes and seconds, a fraction only of the last. Years, months and
// weeks, which Graph does not know, do not fit.
type durationShape struct{}

func (durationShape) decode(r *reader, into reflect.Value) bool {
	if r.kind() != '"' {
		return false
	}
	value, fits := parseDuration(r.unquoted())
	if fits {
		into.SetInt(int64(value))
	}
	return fits
}

func (durationShape) encode(w *writer, from reflect.Value) error {
	return w.text(formatDuration(time.Duration(from.Int())))
}

func (durationShape) equal(a, b reflect.Value) bool { return a.Int() == b.Int() }

// parseDuration reads [-]P[nD][T[nH][nM][n[.n]S]]. What is shorter than a
// nanosecond is dropped.
func parseDuration(text string) (time.Duration, bool) {
	text, negative := strings.CutPrefix(strings.TrimSpace(text), "-")
	text, marked := strings.CutPrefix(text, "P")
	date, clock, timed := strings.Cut(text, "T")
	if !marked || date == "" && clock == "" || timed && clock == "" {
		return 0, false
	}
	sum, most := uint64(0), uint64(math.MaxInt64)
	if negative {
		most++
	}
	for _, part := range []struct {
		text  *string
		unit  string
		worth time.Duration
	}{
		{&date, "D", 24 * time.Hour}, {&clock, "H", time.Hour}, {&clock, "M", time.Minute}, {&clock, "S", time.Second},
	} {
		number, rest, named := strings.Cut(*part.text, part.unit)
		if !named {
			continue
		}
		*part.text = rest
		worth, fits := nanoseconds(number, part.worth)
		if sum += worth; !fits || sum > most {
			return 0, false
		}
	}
	if date != "" || clock != "" {
		return 0, false
	}
	if negative {
		return -time.Duration(sum), true
	}
	return time.Duration(sum), true
}

// nanoseconds is a number of units of that worth; only seconds have fractions.
func nanoseconds(number string, worth time.Duration) (uint64, bool) {
	whole, fraction, broken := strings.Cut(number, ".")
	if broken && (worth != time.Second || !isDigits(fraction)) || !isDigits(whole) {
		return 0, false
	}
	units, err := strconv.ParseUint(whole, 10, 63)
	if err != nil || units > uint64(math.MaxInt64/worth) {
		return 0, false
	}
	sum := units * uint64(worth)
	for i, place := 0, uint64(worth)/10; i < len(fraction) && place > 0; i, place = i+1, place/10 {
		sum += uint64(fraction[i]-'0') * place
	}
	return sum, true
}

func isDigits(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

// formatDuration writes hours, minutes and seconds, leaving out what is zero.
func formatDuration(d time.Duration) string {
	if d == 0 {
		return "PT0S"
	}
	text, left := "PT", uint64(d)
	if d < 0 {
		text, left = "-PT", -uint64(d)
	}
	for _, part := range []struct {
		unit  string
		worth time.Duration
	}{{"H", time.Hour}, {"M", time.Minute}} {
		if n := left / uint64(part.worth); n > 0 {
			text += strconv.FormatUint(n, 10) + part.unit
			left %= uint64(part.worth)
		}
	}
	if left == 0 {
		return text
	}
	text += strconv.FormatUint(left/uint64(time.Second), 10)
	if rest := left % uint64(time.Second); rest > 0 {
		// The leading digit keeps the zeros behind the point.
		digits := strconv.FormatUint(uint64(time.Second)+rest, 10)[1:]
		text += "." + strings.TrimRight(digits, "0")
	}
	return text + "S"
}
