// Package simulator is the platform next door: Microsoft Graph's calls API,
// the authority that grants tokens for it and the notifier that calls bots
// back, played locally, so that a calling bot can be tested as a handler is
// with net/http/httptest. It speaks real HTTPS under a certificate authority
// of its own and signs and checks real RS256 tokens in both directions, so it
// serves bots in any language.
//
//	func TestBotAnswers(t *testing.T) {
//		platform := simulator.New(t)
//		bot := platform.RegisterBot(simulator.Bot{DisplayName: "Echo"})
//		address, err := bot.Listen() // where the bot is to hear of calls
//		require.NoError(t, err)
//		bot.Serve(newEchoBot(address, bot.AppID, bot.Secret,
//			platform.ServiceBaseURL(), platform.AuthorityURL(),
//			platform.OpenIDConfigurationURL(), platform.Client()))
//
//		call := platform.AddPerson("Adele Vance").Call(bot)
//		require.NoError(t, call.WaitListening(t.Context()))
//		call.PressKey(resources.Tone1)
//		call.Hangup()
//		_, err = call.WaitForDelivery(t.Context(), simulator.Ended)
//		require.NoError(t, err)
//	}
//
// All documented operations on calls are there, and those a calling bot needs
// of online meetings; what only beta has is served under beta alone. Limits are
// enforced as the service does: permissions (403 with 7504, 7505, 7507), 15
// seconds to answer and 5 for a recorder, 45 minutes from one keepAlive to the
// next, ringing and lobby time-outs, 100 participants to a whole roster, 20
// prompts, 5 invitations, 25 targets of a redirection, 256 characters of
// clientContext.
//
// People, meetings and calls are there to be acted on: [Person] calls, joins,
// mutes, shares content, picks up or declines what a bot's call, invitation,
// transfer or redirection rings; [Platform.AddPhone] is somebody with nothing
// but a number. [Call] ends, vanishes, sends tones, speaks into recordings.
// [Meeting] keeps bots in its lobby, and [Tenant.SetRecordingPolicy] has a bot
// called to record people. [Meeting.Crowd] fills a meeting with thousands, and
// [Meeting.Churn] has them behave as people do. What a bot is told is what the
// real service has been seen to send, rather than what its documentation
// shows: updates are partial and trickle in, no etags, a finished operation
// and an ended call come as deleted, with data.
//
// Each call's notifications are sent in order, each after the one before was
// answered.
//
// # Faults
//
// [Faults] are verbs that spoil notifications, those of one call or of all:
// Hold, Delay, Scramble, Duplicate, Drop, Batch, LoseEnd, SameETag, Capitalize,
// Forge and more. Those of [Platform] spoil replies and tokens: FailNext,
// FailAfterEffect, Throttle, SlowReplies, CutConnections, ExpireTokens,
// RotateKeys. [AllFaults] is the table of them, for whatever chooses from a
// list; [Platform.Inject] and [Call.Inject] take them by name; Heal ends them;
// [Stats] counts what they did. [Platform.Post] sends a bot anything at all,
// with a token that is good or, by a [Forgery], is not.
//
// # Time
//
// Waiting is done with a context, on what has happened: [Platform.WaitUntil],
// [Call.WaitListening], [Call.WaitForDelivery]. Options.Speed runs the
// platform's time faster. With Options.InMemory a test in a bubble of
// testing/synctest has virtual time, which passes as soon as all wait, so that
// hours take milliseconds; the bot's client must be that of [Platform.Client],
// and its webhook served by [Bot.Serve] or [Platform.Serve]:
//
//	synctest.Test(t, func(t *testing.T) {
//		platform := simulator.New(t, func(o *simulator.Options) { o.InMemory = true })
//		… // a bot that never sends a keepAlive
//		began := time.Now()
//		<-call.Done()
//		require.Equal(t, 45*time.Minute, time.Since(began))
//	})
//
// # What it does not imitate
//
// It will never carry media: no sound is played, recorded or mixed, a prompt
// is only the time it takes, a recording is a tone as long as the other end
// spoke, and the blob of app-hosted media goes unread. Nor does it know what
// a real tenant decides: Teams policies, licences, consent, federation,
// throttling quotas, numbers that can be dialled. Where the service's own
// answer is not documented, the answer here is a guess, and a bot that
// passes here can still be refused there. Guesses are, above all: the result
// of a declined call, and of a recording that ends by a stop tone or in
// silence; that a redirected call ends only once somebody has picked up;
// that a change of a roster names 500 participants at most;
// that an invitation succeeds when anybody it named has come; the envelopes
// of participantJoining and participantLeft notifications, and that a bot
// whose answer to the former says nothing gets a call of its own; the
// actions for the lobby, recording and transcription, of which only the
// names are public.
package simulator
