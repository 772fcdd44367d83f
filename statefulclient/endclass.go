package statefulclient

import (
	"strings"

	"github.com/graphcalls/graphcalls-go/resources"
)

// EndClass sorts the reasons of calls' ends by who has to do something about
// them. Hint says what.
type EndClass string

// The classes of ends.
const (
	// EndClassNormal: the call was over. Nobody has to do anything.
	EndClassNormal EndClass = "normal"
	// EndClassRejected: a person or a policy said no.
	EndClassRejected EndClass = "rejected"
	// EndClassUnreachable: one side, the bot included, was not found or fell
	// silent.
	EndClassUnreachable EndClass = "unreachable"
	// EndClassMedia: signalling worked, but media did not come through.
	EndClassMedia EndClass = "media"
	// EndClassAuth: a permission, or an identity that may place such a call, was
	// missing.
	EndClassAuth EndClass = "auth"
	// EndClassServer: the platform failed, and does not say at what.
	EndClassServer EndClass = "server"
	// EndClassUnknown: the platform gave no reason, or one whose meaning is not
	// known.
	EndClassUnknown EndClass = "unknown"
)

// Class sorts the reason. A code without a known meaning is sorted like an HTTP
// or SIP status.
func (r EndReason) Class() EndClass {
	class, _, _ := r.meaning()
	return class
}

// Hint says in one line what to do about the reason.
func (r EndReason) Hint() string {
	_, hint, _ := r.meaning()
	return hint
}

// Documented reports whether Microsoft has documented the reason. Otherwise
// Class and Hint rest on what users have seen in the field, or on nothing but
// the code's kind.
func (r EndReason) Documented() bool {
	_, _, documented := r.meaning()
	return documented
}

func (r EndReason) meaning() (class EndClass, hint string, documented bool) {
	switch {
	case r.Cause == EndRemoved:
		return EndClassNormal, "nothing to do: the bot gave the call up; unless it hung up first, the platform may still hold it", false
	case r.Cause == EndLost && r.Code == 0 && r.Subcode == 0:
		return EndClassUnknown, "the call's end was never reported: check that the notification URL can be reached and answers 2xx", false
	case r.InLobby && r.Code == 200 && (r.Subcode == 5000 || r.Subcode == 5300):
		return EndClassRejected, "the bot was turned away in the lobby: ask who is in the meeting to let it in, or have its settings pass it by", true
	default:
		return classify(r.Code, r.Subcode, r.Message)
	}
}

// classifyResult is for what ends other than calls.
func classifyResult(result *resources.ResultInfo) (class EndClass, hint string) {
	if result == nil || result.Code == 0 && result.Subcode == 0 && result.Message == "" {
		return EndClassUnknown, "the platform gave no reason: if it lasts, give the call's ids to Microsoft's support"
	}
	class, hint, _ = classify(result.Code, result.Subcode, result.Message)
	return class, hint
}

// classify says what a code and subcode mean, helped by the codes in the
// message. Documented ones were printed in the documentation; the others were
// met by users, or are judged by the code's kind.
func classify(code, subcode int32, message string) (class EndClass, hint string, documented bool) {
	known := knownEnds()
	for _, pair := range pairsOf(code, subcode, message) {
		if end, met := known[pair]; met {
			return end.class, end.hint, end.documented
		}
		if end, met := known[endCode{anyFailure, pair.subcode}]; met && (pair.code < 200 || pair.code >= 300) {
			return end.class, end.hint, end.documented
		}
	}
	if code == 0 && subcode == 0 {
		return EndClassUnknown, "the platform gave no reason, as it may when the bot itself hung up", false
	}
	class = classOf(code, message)
	return class, hintFor(class), false
}

// pairsOf lists what to look a reason up by, the platform's own pair first,
// unless that says nothing.
func pairsOf(code, subcode int32, message string) []endCode {
	pairs := []endCode{{code, inner(subcode)}}
	diag, found := parseDiagCode(message)
	if !found {
		return pairs
	}
	hidden := []endCode{{code, diag.Subcode}, {diag.Code, diag.Subcode}, {code, diag.Code}}
	if subcode == codeGeneral {
		return append(hidden, pairs...)
	}
	return append(pairs, hidden...)
}

// classOf judges a code nobody is known to have met. The platform's codes are
// like those of HTTP, with a few of SIP's.
func classOf(code int32, message string) EndClass {
	switch {
	case code >= 200 && code < 300:
		return EndClassNormal
	case code == 401, code == 403, code == 407:
		return EndClassAuth
	case code == 404, code == 408, code == 480:
		return EndClassUnreachable
	case code == 486, code == 600, code == 603:
		return EndClassRejected
	case code == 410, code >= 500 && strings.Contains(strings.ToLower(message), "media"):
		return EndClassMedia
	case code >= 500 && code < 600:
		return EndClassServer
	default:
		return EndClassUnknown
	}
}

func hintFor(class EndClass) string {
	switch class {
	case EndClassNormal:
		return "nothing to do: the call is over"
	case EndClassRejected:
		return "the other side does not want the call: do not try again unasked"
	case EndClassUnreachable:
		return hintUnreachable
	case EndClassMedia:
		return hintMedia
	case EndClassAuth:
		return "check the application's permissions, an administrator's consent to them, and that the tenant is the call's"
	case EndClassServer:
		return "try again later; if it lasts, give the call's ids to Microsoft's support"
	default:
		return "the meaning is not known; if the call should have gone on, give its ids to Microsoft's support"
	}
}
