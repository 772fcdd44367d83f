package statefulclient

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
