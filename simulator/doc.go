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
//		webhook, err := platform.Serve(newEchoBot(bot.AppID, bot.Secret,
//			platform.ServiceBaseURL(), platform.AuthorityURL(),
//			platform.OpenIDConfigurationURL(), platform.Client()))
//		require.NoError(t, err)
//		bot.SetCallingWebhook(webhook + "/api/calls")
//
//		call := platform.AddPerson("Adele Vance").Call(bot)
//		require.NoError(t, call.WaitAnswered(t.Context()))
//		call.PressKey(resources.Tone1)
//		call.Hangup()
//		_, err = call.WaitForDelivery(t.Context(), simulator.Ended)
//		require.NoError(t, err)
//	}
//
// People, meetings and calls are there to be acted on: [Person] calls, joins,
// mutes; [Call] ends, vanishes, sends tones. What a bot is told is what the
// real service has been seen to send, rather than what its documentation
// shows: updates are partial and trickle in, no etags, a finished operation
// and an ended call come as deleted, with data.
//
// Each call's notifications are sent in order, each after the one before was
// answered. [Faults] are verbs that spoil this, for one call or for all: Hold,
// Scramble, Duplicate, Drop. [Platform.FailNext] and [Platform.Throttle] spoil
// the replies of the service, and [Platform.Post] sends a bot anything at all,
// with a token that is good or, by a [Forgery], is not. Waiting is done with a
// context, on what has happened: [Platform.WaitUntil], [Call.WaitForDelivery].
//
// # What it does not imitate
//
// It will never carry media: no sound is played, recorded or mixed, a prompt
// is only the time it takes, and the blob of app-hosted media goes unread. Nor
// does it know what a real tenant decides: Teams policies, licences, consent,
// federation, throttling quotas, numbers that can be dialled. Where the
// service's own answer is not documented, such as the result code of a
// declined call, the answer here is a guess, and a bot that passes here can
// still be refused there.
package simulator
