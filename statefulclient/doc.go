// Package statefulclient keeps the calls of a Microsoft Teams bot: it places,
// answers and joins them through Microsoft Graph, holds every call and
// participant in memory, puts each notification in its right place, and tells
// bot code what happened by typed events.
//
//	client, err := statefulclient.NewStatefulClientBuilder("EchoBot", appID).
//		SetAuthenticationProvider(provider). // auth.NewClientCredentials
//		SetNotificationUrl("https://bot.contoso.com/api/calls").
//		Build()
//
//	client.Calls().OnIncoming(func(ctx context.Context, e statefulclient.IncomingCall) {
//		e.Call.Answer(ctx, statefulclient.AnswerOptions{})
//	})
//	http.Handle("/api/calls", client.Handler())
//
// # What handlers are promised
//
// State is changed first, then told: a handler reads the state of its event, or
// a newer one. Snapshots handed out never change.
//
// Handlers of one call run one at a time, in the order of what happened. Those
// of different calls run side by side, OnIncoming included, so no call delays
// another; a handler subscribed to all calls must guard what it shares between
// them.
//
// A new subscription is told first what is there already, with Initial set, and
// then what comes, without a gap or a repetition.
//
// No lock is held while a handler runs. It may subscribe, cancel, answer, wait
// for a state of its own call or for an operation, and Close the client. While
// it waits, its call's state goes on, but no other handler of its call runs:
// work that takes long belongs in a goroutine, under Call.Context.
//
// A handler that is too slow for its call holds up no other call. Past
// Limits.HandlerBacklog waiting updates, further ones are folded: the handler
// is told the net difference, with Old as it last saw it and Missed counting
// what it was spared. State edges, tones and results of operations are never
// folded away.
//
// A panic in a handler is recovered, counted, logged and told to
// OnHandlerPanic; all other handlers get their turn.
//
// # What calls are promised
//
// A call never goes backwards. Notifications that are late, doubled or out of
// order end in the same state and the same facts as those that are not; states
// that the platform left out are reported as skipped. A call ends once, even
// when its end is never reported: the client keeps calls alive and ends one
// that the platform no longer knows, with EndLost. Trouble of the network or
// the platform ends no call.
//
// Rosters that carry numbers are put in order by them. Between whole rosters
// that carry none, the one that arrives last is believed; nothing better can be
// known.
//
// # Where to find things
//
//	builder.go, limits.go            what a client is made of
//	client.go, stats.go              its life and figures
//	recording.go                     all that is heard, for package trace
//	calls.go, place.go, join.go      the calls; placing and joining
//	call.go, wait.go, keepalive.go   one call
//	joinstate.go                     how far the bot has come into it
//	conversation.go                  the calls that belong together
//	identity.go                      whom to call
//	redirect.go, transfer.go         handing a call on
//	operation.go                     what the platform does for the bot:
//	prompt.go, record.go, tones.go, ask.go, mute.go, mediacontrol.go, invite.go
//	mediasession.go                  a bot's own media stack
//	participants.go, joining.go      who is in the call
//	contentsharing.go, audiorouting.go
//	                                 what is shared, and who hears whom
//	errors.go, endclass.go           what went wrong, and why calls end
//	fleet.go, queued.go, release.go  several processes that share the calls:
//	eventid.go, savedcall.go, ledger.go, settling.go
//	onlinemeetings.go, devicequality.go
//	event.go, subscription.go        what is told, and to whom
//	intake.go, commit.go, update.go, telling.go, delivery.go
//	                                 a notification's way from the webhook to
//	                                 the handlers
package statefulclient
