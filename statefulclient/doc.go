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
// # Errors
//
// What the platform refused, or never answered, is a *transport.Error, which says
// what to do and whether the request may have had an effect all the same. What was
// wrong before anything was sent matches ErrInvalid. Whatever fails because the call
// is over matches ErrCallEnded. A wait that is given up by its context loses
// nothing: it can be begun again.
//
// # Finding your way
//
//   - To begin: [NewStatefulClientBuilder], [Limits]; [Client.SelfTest] and
//     [Client.Warm] before the first call. To stop: [Client.Drain],
//     [Client.Shutdown], [Client.Close].
//   - To place a call: [Calls.Add] with [CallTo] or [CallToPhone]. To join a meeting:
//     [Calls.Join] with what [ParseJoinURL] or [JoinByMeetingID] returns;
//     [Client.OnlineMeetings] looks meetings up.
//   - To take a call: [Calls.OnIncoming]; then [Call.Answer], [Call.Reject] or
//     [Call.Redirect]. To hand it on: [Call.Transfer]. To end it: [Call.Hangup].
//   - To follow calls: [Calls.OnUpdated], [Call.OnUpdated], and [On] for each [Event].
//     To wait: [Call.WaitFor], [Call.WaitForJoinState], [Participants.WaitFor].
//   - To know who is there: [Call.Participants], [Participants.Invite],
//     [Participant.Remove].
//   - To speak and listen: [Call.PlayPrompt], [Call.RecordResponse], [Call.Ask],
//     [Call.CollectDigits], [Call.Mute]. What takes its time returns an [Operation].
//     A media stack of the bot's own: [Calls.AddWithMedia], [AnswerOptions], and
//     package media.
//   - To record by policy: [Calls.DecideJoining], [Call.UpdateRecordingStatus],
//     [Call.Conversation].
//   - To know why a call ended: [Call.End], [EndReason].
//   - To outlive the process: [StatefulClientBuilder.SetStore], [Client.Rehydrate],
//     [Client.Flush]. To be several: [StatefulClientBuilder.SetInstance], or
//     [StatefulClientBuilder.SetFleet] and module cluster.
//   - To see what goes on: [Client.Stats], [Client.OnSilent], [Client.OnUnmatched],
//     [Client.OnHandlerPanic], [Client.OnStoreFailure], [Call.Vitals],
//     [Client.Observe], [Client.RecordTrace].
//
// ARCHITECTURE.md has a map of the files.
package statefulclient
