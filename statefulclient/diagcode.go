package statefulclient

import (
	"regexp"
	"strconv"
	"strings"
)

// DiagCode is a pair of codes out of a message such as "DiagCode: 500#7117.@".
type DiagCode struct {
	// Raw is the pair as it came, such as 500#1203002.
	Raw string
	// Code and Subcode are without the prefix 1200000 that newer services put
	// on older codes: 1203002 and 3002 are one and the same here.
	Code, Subcode int32
}

// String is the pair as it came.
func (d DiagCode) String() string { return d.Raw }

// DiagCode is the platform's inner pair of codes, often the only true reason in
// an end of 500; false where Message has none.
func (r EndReason) DiagCode() (DiagCode, bool) { return parseDiagCode(r.Message) }

// diagPair also matches a pair without a title, such as 412#10073.
var diagPair = regexp.MustCompile(`\b(\d{1,9})#(\d{1,9})\b`)

func parseDiagCode(message string) (DiagCode, bool) {
	if _, titled, found := strings.Cut(message, "DiagCode:"); found && diagPair.MatchString(titled) {
		message = titled
	}
	pair := diagPair.FindStringSubmatch(message)
	if pair == nil {
		return DiagCode{}, false
	}
	code, _ := strconv.ParseInt(pair[1], 10, 32) // fits: nine digits at most
	subcode, _ := strconv.ParseInt(pair[2], 10, 32)
	return DiagCode{pair[0], inner(int32(code)), inner(int32(subcode))}, true
}

// inner strips the prefix of the newer services' codes.
func inner(code int32) int32 {
	const prefix = 1_200_000
	if code > prefix && code < prefix+100_000 {
		return code - prefix
	}
	return code
}
