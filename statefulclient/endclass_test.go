package statefulclient_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

func reported(code, subcode int32, message string) statefulclient.EndReason {
	return statefulclient.EndReason{Cause: statefulclient.EndReported, Code: code, Subcode: subcode, Message: message}
}

// The pages on deleting a call, transferring, recording and cancelling print
// these.
func TestDocumentedEndsAreClassified(t *testing.T) {
	for class, ends := range map[statefulclient.EndClass][][2]int32{
		statefulclient.EndClassNormal: {
			{200, 4097}, {200, 4521}, {200, 5000}, {200, 5001}, {200, 5002}, {200, 5003}, {200, 5007}, {200, 5010},
			{200, 5012}, {200, 5013}, {200, 5014}, {200, 5020}, {200, 5030}, {200, 5300}, {200, 7000}, {200, 7015},
			{200, 10550}, {200, 18503}, {200, 540000}, {200, 560000}, {0, 7015}, {200, 0}, {200, 8515}, {400, 8508},
		},
		statefulclient.EndClassRejected:    {{200, 5855}, {480, 10199}},
		statefulclient.EndClassUnreachable: {{408, 8537}, {408, 1106}, {408, 10057}, {480, 10037}, {480, 10076}, {480, 10134}},
		statefulclient.EndClassMedia:       {{410, 301005}, {500, 1005}},
		statefulclient.EndClassServer:      {{500, 7000}, {500, 7700}},
	} {
		for _, end := range ends {
			reason := reported(end[0], end[1], "")
			require.Equal(t, class, reason.Class(), end)
			require.True(t, reason.Documented(), end)
			requireHint(t, reason)
			if class != statefulclient.EndClassNormal {
				require.NotContains(t, reason.Hint(), "nothing to do", end)
			}
		}
	}
}

func TestEndsSeenInTheFieldAreClassified(t *testing.T) {
	for _, end := range []struct {
		code, subcode int32
		message       string
		class         statefulclient.EndClass
		hint          string
	}{
		{500, 7112, "MediaControllerConversationAddParticipantFailed", statefulclient.EndClassMedia, "certificate"},
		{500, 7106, "", statefulclient.EndClassMedia, "certificate"},
		{500, 3002, "", statefulclient.EndClassMedia, "socket"},
		{500, 3003, "", statefulclient.EndClassMedia, "socket"},
		{500, 1203002, "", statefulclient.EndClassMedia, "socket"},
		{500, 1203003, "", statefulclient.EndClassMedia, "socket"},
		{503, 3002, "", statefulclient.EndClassMedia, "socket"},
		{500, 0, "Server Internal Error. DiagCode: 3002#7106.@", statefulclient.EndClassMedia, "certificate"},
		{500, 0, "Server Internal Error. DiagCode: 500#1203002.@", statefulclient.EndClassMedia, "socket"},
		{500, 0, "DiagCode: 1203003#0.@", statefulclient.EndClassMedia, "socket"},
		{0, 0, "DiagCode: 500#7112.@", statefulclient.EndClassMedia, "certificate"},
		{500, 7117, "Server Internal Error. DiagCode: 500#7117.@", statefulclient.EndClassServer, "media endpoint"},
		{400, 2203, "", statefulclient.EndClassUnknown, "deploying"},
		{408, 8544, "", statefulclient.EndClassUnreachable, "answers fail"},
		{408, 13025, "", statefulclient.EndClassUnreachable, "try again later"},
		{412, 9999, "", statefulclient.EndClassAuth, "application instance"},
		{500, 0, "412#10073", statefulclient.EndClassAuth, "application instance"},
		{403, 9999, "DiagCode: 403#10151.@", statefulclient.EndClassAuth, "application instance"},
		{500, 9999, "", statefulclient.EndClassUnknown, "identity"},
		{500, 9999, "DiagCode: 500#31.@", statefulclient.EndClassUnknown, "identity"},
		{403, 7504, "", statefulclient.EndClassAuth, "permissions"},
		{403, 7505, "", statefulclient.EndClassAuth, "tenant"},
		{400, 7507, "", statefulclient.EndClassAuth, "application instance"},
		{404, 8522, "", statefulclient.EndClassUnknown, "drop it"},
		{400, 8506, "", statefulclient.EndClassRejected, "recording policy"},
		{412, 9999, "The invitation failed. DiagCode: 603#0.@", statefulclient.EndClassRejected, "declined"},
		{412, 9999, "DiagCode: 487#0.@", statefulclient.EndClassUnreachable, "called off"},
		{603, 0, "", statefulclient.EndClassRejected, "declined"},
	} {
		reason := reported(end.code, end.subcode, end.message)
		require.Equal(t, end.class, reason.Class(), "%v", end)
		require.Contains(t, reason.Hint(), end.hint, "%v", end)
		require.False(t, reason.Documented(), "%v", end)
		requireHint(t, reason)
	}
}

func TestOtherEndsAreJudgedByTheirCode(t *testing.T) {
	for _, end := range []struct {
		code, subcode int32
		message       string
		class         statefulclient.EndClass
	}{
		{0, 0, "", statefulclient.EndClassUnknown},
		{0, 31, "", statefulclient.EndClassUnknown},
		{200, 31, "", statefulclient.EndClassNormal},
		{200, 7112, "", statefulclient.EndClassNormal}, // a success is not a failure's subcode
		{299, 0, "", statefulclient.EndClassNormal},
		{302, 31, "", statefulclient.EndClassUnknown},
		{400, 31, "", statefulclient.EndClassUnknown},
		{401, 31, "", statefulclient.EndClassAuth},
		{403, 31, "", statefulclient.EndClassAuth},
		{404, 31, "", statefulclient.EndClassUnreachable},
		{408, 31, "", statefulclient.EndClassUnreachable},
		{410, 31, "", statefulclient.EndClassMedia},
		{480, 31, "", statefulclient.EndClassUnreachable},
		{486, 31, "", statefulclient.EndClassRejected},
		{603, 31, "", statefulclient.EndClassRejected},
		{500, 31, "", statefulclient.EndClassServer},
		{500, 31, "Media session failed", statefulclient.EndClassMedia},
		{599, 31, "", statefulclient.EndClassServer},
		{-1, 31, "", statefulclient.EndClassUnknown},
		{777, 31, "", statefulclient.EndClassUnknown},
	} {
		reason := reported(end.code, end.subcode, end.message)
		require.Equal(t, end.class, reason.Class(), "%v", end)
		require.False(t, reason.Documented(), "%v", end)
		requireHint(t, reason)
	}
}

// Whoever removes a bot from the lobby turns it away; all else that ends a call
// there means what it means elsewhere.
func TestEndsInTheLobby(t *testing.T) {
	for _, subcode := range []int32{5000, 5300} {
		reason := reported(200, subcode, "")
		require.Equal(t, statefulclient.EndClassNormal, reason.Class())
		reason.InLobby = true
		require.Equal(t, statefulclient.EndClassRejected, reason.Class())
		require.Contains(t, reason.Hint(), "lobby")
		require.True(t, reason.Documented())
		requireHint(t, reason)
	}
	for _, subcode := range []int32{5001, 5855, 7000} {
		inside, outside := reported(200, subcode, ""), reported(200, subcode, "")
		outside.InLobby = true
		require.Equal(t, inside.Class(), outside.Class())
		require.Equal(t, inside.Hint(), outside.Hint())
	}
}

// Operations fail for the reasons calls end for, and say so alike.
func TestOperationErrorSaysWhatToDo(t *testing.T) {
	for _, failure := range []struct {
		result *resources.ResultInfo
		class  statefulclient.EndClass
		text   string
	}{
		{&resources.ResultInfo{Code: 412, Subcode: 9999, Message: "DiagCode: 603#0.@"}, statefulclient.EndClassRejected, "they declined"},
		{&resources.ResultInfo{Code: 412, Subcode: 9999, Message: "DiagCode: 412#10073.@"}, statefulclient.EndClassAuth, "application instance"},
		{&resources.ResultInfo{Code: 400, Subcode: 8508}, statefulclient.EndClassNormal, "the bot cancelled the operation"},
		{&resources.ResultInfo{}, statefulclient.EndClassUnknown, "gave no reason"},
		{nil, statefulclient.EndClassUnknown, "gave no reason"},
	} {
		err := &statefulclient.OperationError{OperationID: "o1", Result: failure.result}
		require.Equal(t, failure.class, err.Class(), failure.text)
		require.Contains(t, err.Hint(), failure.text)
		require.Contains(t, err.Error(), failure.text)
		require.Contains(t, err.Error(), "operation o1 failed")
		require.NotContains(t, err.Error(), "\n")
	}
}

func TestEndsThatWereNotReported(t *testing.T) {
	lost := statefulclient.EndReason{Cause: statefulclient.EndLost}
	require.Equal(t, statefulclient.EndClassUnknown, lost.Class())
	require.Contains(t, lost.Hint(), "notification URL")
	removed := statefulclient.EndReason{Cause: statefulclient.EndRemoved, Code: 500, Subcode: 3002}
	require.Equal(t, statefulclient.EndClassNormal, removed.Class())
	for _, reason := range []statefulclient.EndReason{lost, removed} {
		require.False(t, reason.Documented())
		requireHint(t, reason)
	}
	gone := statefulclient.EndReason{Cause: statefulclient.EndLost, Code: 404, Subcode: 8522}
	require.Contains(t, gone.Hint(), "drop it")
}

func requireHint(t *testing.T, reason statefulclient.EndReason) {
	t.Helper()
	require.NotEmpty(t, reason.Hint(), "%v", reason)
	require.NotContains(t, reason.Hint(), "\n", "%v", reason)
	require.LessOrEqual(t, len(reason.Hint()), 160, "%v", reason)
}

func TestDiagCodeIsFoundInTheMessage(t *testing.T) {
	for message, want := range map[string]statefulclient.DiagCode{
		"Server Internal Error. DiagCode: 500#7117.@":   {Raw: "500#7117", Code: 500, Subcode: 7117},
		"DiagCode:3002#7106.@":                          {Raw: "3002#7106", Code: 3002, Subcode: 7106},
		"DiagCode: 500#1203002.@":                       {Raw: "500#1203002", Code: 500, Subcode: 3002},
		"DiagCode: 1203003#1207106.@":                   {Raw: "1203003#1207106", Code: 3003, Subcode: 7106},
		"412#10073":                                     {Raw: "412#10073", Code: 412, Subcode: 10073},
		"room 1#2 said DiagCode: 0#5003.@":              {Raw: "0#5003", Code: 0, Subcode: 5003},
		"DiagCode: none, 403#10151":                     {Raw: "403#10151", Code: 403, Subcode: 10151},
		"400#5 but no DiagCode: here":                   {Raw: "400#5", Code: 400, Subcode: 5},
		"DiagCode: 410#301005.@ then DiagCode: 500#1.@": {Raw: "410#301005", Code: 410, Subcode: 301005},
		"DiagCode: 999999999#999999999":                 {Raw: "999999999#999999999", Code: 999999999, Subcode: 999999999},
		"DiagCode: 1200000#1300000":                     {Raw: "1200000#1300000", Code: 1200000, Subcode: 1300000},
		"DiagCode: 200#540000.@":                        {Raw: "200#540000", Code: 200, Subcode: 540000},
	} {
		diag, found := reported(500, 0, message).DiagCode()
		require.True(t, found, message)
		require.Equal(t, want, diag, message)
		require.Equal(t, want.Raw, diag.String())
	}
	for _, message := range []string{
		"", "DiagCode:", "DiagCode: 500", "DiagCode: #7117", "500#", "x500#7117", "1234567890#1", "1#1234567890", "500 # 7117",
	} {
		_, found := reported(500, 0, message).DiagCode()
		require.False(t, found, message)
	}
}

// The numbers of a recorded end and of a newer service's are grouped by the
// same pair.
func TestDiagCodesOfOneFamilyAreEqual(t *testing.T) {
	older, _ := reported(500, 3002, "DiagCode: 500#3002.@").DiagCode()
	newer, _ := reported(500, 1203002, "DiagCode: 500#1203002.@").DiagCode()
	require.NotEqual(t, older.Raw, newer.Raw)
	require.Equal(t, [2]int32{older.Code, older.Subcode}, [2]int32{newer.Code, newer.Subcode})
}

func FuzzDiagCode(f *testing.F) {
	for _, message := range []string{"DiagCode: 500#7117.@", "3002#7106", "DiagCode: 1203002#", "a#b", "#", "DiagCode: x DiagCode: 1#2"} {
		f.Add(int32(500), int32(7117), message)
	}
	f.Fuzz(func(t *testing.T, code, subcode int32, message string) {
		reason := reported(code, subcode, message)
		diag, found := reason.DiagCode()
		require.Equal(t, found, diag.Raw != "")
		require.Contains(t, message, diag.Raw)
		if found {
			require.Equal(t, 1, strings.Count(diag.Raw, "#"))
			require.GreaterOrEqual(t, diag.Code, int32(0))
			require.GreaterOrEqual(t, diag.Subcode, int32(0))
			again, _ := reported(0, 0, diag.Raw).DiagCode()
			require.Equal(t, diag, again)
		}
		require.Contains(t, []statefulclient.EndClass{
			statefulclient.EndClassNormal, statefulclient.EndClassRejected, statefulclient.EndClassUnreachable, statefulclient.EndClassMedia,
			statefulclient.EndClassAuth, statefulclient.EndClassServer, statefulclient.EndClassUnknown,
		}, reason.Class())
		requireHint(t, reason)
	})
}
