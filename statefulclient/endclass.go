package statefulclient

import (
	"regexp"
	"strconv"
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

// DiagCode is the platform's inner pair of codes, often the only true reason in
// an end of 500; false where Message has none.
func (r EndReason) DiagCode() (DiagCode, bool) { return parseDiagCode(r.Message) }

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

const (
	hintEnded       = "nothing to do: the conversation is over"
	hintLeft        = "nothing to do: the other participant hung up"
	hintRemoved     = "a participant removed the bot: find out why before it comes back"
	hintByBot       = "nothing to do: the bot ended the call"
	hintUnreachable = "try again later; if it lasts, check whom the call is for, and that the bot's notification URL can be reached"
	hintTransfer    = "the call goes on here: check that the target exists, is of the same tenant and takes calls; telephone numbers need an application instance"
	hintMedia       = "check the bot's media endpoint: certificate and its key, DNS name, public address, ports and firewall"
	hintSocket      = "check the bot's media endpoint (certificate, DNS name, ports, firewall), and that no socket of its media session is inactive"
	hintPhone       = "telephone numbers can be invited only from a call that has an application instance for its source"
)

const (
	anyFailure  = -1   // stands for all codes that are not of success
	codeGeneral = 9999 // a subcode of many failures; the message has the true one
)

type endCode struct{ code, subcode int32 }

type knownEnd struct {
	class      EndClass
	documented bool
	hint       string
}

// knownEnds are the reasons somebody has met. It is for reading a call's end,
// which is seldom enough to be built anew.
func knownEnds() map[endCode]knownEnd {
	return map[endCode]knownEnd{
		{0, 7015}:     {EndClassNormal, true, "nothing to do: the transfer succeeded"},
		{200, 0}:      {EndClassNormal, true, "nothing to do"},
		{200, 4097}:   {EndClassNormal, true, hintLeft},
		{200, 4521}:   {EndClassNormal, true, hintLeft},
		{200, 5000}:   {EndClassNormal, true, hintRemoved},
		{200, 5001}:   {EndClassNormal, true, hintEnded},
		{200, 5002}:   {EndClassNormal, true, "nothing to do: all others have left, or nobody ever came"},
		{200, 5003}:   {EndClassNormal, true, hintEnded},
		{200, 5007}:   {EndClassNormal, true, "nothing to do: who had started the group call left"},
		{200, 5010}:   {EndClassNormal, true, "nothing to do: only one participant remained"},
		{200, 5012}:   {EndClassNormal, true, "nobody was in the call: invite somebody, or join later"},
		{200, 5013}:   {EndClassNormal, true, "nobody else joined: invite somebody, or join later"},
		{200, 5014}:   {EndClassNormal, true, "nobody could be the host: have a user of the tenant in the call"},
		{200, 5020}:   {EndClassNormal, true, "only hidden participants were in the call: invite somebody, or join later"},
		{200, 5030}:   {EndClassNormal, true, "nothing to do: the breakout room's time was up"},
		{200, 5300}:   {EndClassNormal, true, hintRemoved},
		{200, 5855}:   {EndClassRejected, true, "nobody let the bot in from the lobby: have it admitted in time, or let the meeting's settings pass it by"},
		{200, 7000}:   {EndClassNormal, true, hintByBot},
		{200, 7015}:   {EndClassNormal, true, "nothing to do: the transfer succeeded"},
		{200, 8515}:   {EndClassNormal, true, "nothing to do: the recording reached its greatest length"},
		{200, 10550}:  {EndClassNormal, true, hintByBot},
		{200, 18503}:  {EndClassNormal, true, hintLeft},
		{200, 540000}: {EndClassNormal, true, "nothing to do: the telephone user hung up"},
		{200, 560000}: {EndClassNormal, true, "nothing to do: the telephone user hung up"},
		{400, 8508}:   {EndClassNormal, true, "nothing to do: the bot cancelled the operation"},
		{408, 1106}:   {EndClassUnreachable, true, "the platform never acknowledged that the call was accepted: answer sooner, and check that the notification URL can be reached"},
		{408, 8537}:   {EndClassUnreachable, true, "no keep-alive arrived for 45 minutes: check that the bot's process runs and its requests get out"},
		{408, 10057}:  {EndClassUnreachable, true, "none of the callee's devices answered: try again later; where the bot is the callee, it did not answer in time"},
		{410, 301005}: {EndClassMedia, true, "media was lost on the way: check the network; with app-hosted media the endpoint's ports, firewall and public address"},
		{480, 10037}:  {EndClassUnreachable, true, "the callee is signed in nowhere: try again later"},
		{480, 10076}:  {EndClassUnreachable, true, "the callee could not be reached: try again later"},
		{480, 10134}:  {EndClassUnreachable, true, "the call found no way: check the target's id, and that a number is E.164 and the caller may call it"},
		{480, 10199}:  {EndClassRejected, true, "private calls are turned off for this user: an administrator can change their calling policy"},
		{500, 1005}:   {EndClassMedia, true, hintMedia},
		{500, 7000}:   {EndClassServer, true, hintTransfer},
		{500, 7700}:   {EndClassServer, true, hintTransfer},

		{487, 0}: {EndClassUnreachable, false, "nobody had answered when the ringing was called off: try again later, or let it ring longer"},
		{603, 0}: {EndClassRejected, false, "they declined: do not try again unasked"},

		{400, 2203}:               {EndClassUnknown, false, "no cause is known; deploying the bot anew, media endpoint and all, has helped"},
		{403, 10151}:              {EndClassAuth, false, hintPhone},
		{408, 8544}:               {EndClassUnreachable, false, "the callee was not reached; if the bot is the callee, look why its answers fail"},
		{408, 13025}:              {EndClassUnreachable, false, hintUnreachable},
		{412, 9999}:               {EndClassAuth, false, hintPhone},
		{412, 10073}:              {EndClassAuth, false, hintPhone},
		{anyFailure, 3002}:        {EndClassMedia, false, hintSocket},
		{anyFailure, 3003}:        {EndClassMedia, false, hintSocket},
		{anyFailure, 7106}:        {EndClassMedia, false, hintMedia},
		{anyFailure, 7112}:        {EndClassMedia, false, hintMedia},
		{anyFailure, 7117}:        {EndClassServer, false, "no cause is known; with app-hosted media check the media endpoint, else try again later"},
		{anyFailure, 7504}:        {EndClassAuth, false, "grant the application its calling permissions in the call's tenant; everybody called must be of that tenant"},
		{anyFailure, 7505}:        {EndClassAuth, false, "the token was for another tenant: name the call's own tenant in the call"},
		{anyFailure, 7507}:        {EndClassAuth, false, "a call to a telephone number needs an application instance for its source"},
		{anyFailure, 8506}:        {EndClassRejected, false, "set the recording status only in calls to which a recording policy invited the bot"},
		{anyFailure, 8522}:        {EndClassUnknown, false, "the call was gone already, or not answered in time: drop it and do not try again"},
		{anyFailure, codeGeneral}: {EndClassUnknown, false, "check that each identity is an object of the right type; in a recorded call tones cannot be subscribed to"},
	}
}
