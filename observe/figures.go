package observe

import (
	"slices"

	"go.opentelemetry.io/otel/attribute"

	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// figure is a metric that is read from what the client counts itself.
type figure struct {
	name, unit, says string
	rises            bool // and never falls
	of               func(*snapshot) []value
}

type value struct {
	n      int64
	labels attribute.Set
}

func figures() []figure {
	return slices.Concat(callFigures(), notificationFigures(), handlerFigures(), storeFigures(), clientFigures())
}

func callFigures() []figure {
	return []figure{
		{"graphcalls.call.live", "{call}", "Calls there are.", false,
			func(s *snapshot) []value { return s.live }},
		held("graphcalls.call.resting", "{call}", "Calls packed until they are heard of or asked about.",
			func(s *statefulclient.Stats) int { return s.Resting }),
		held("graphcalls.call.in_doubt", "{call}", "Calls waiting to be fetched again.",
			func(s *statefulclient.Stats) int { return s.InDoubt }),
		held("graphcalls.call.remembered", "{call}", "Ended calls still remembered, so that what comes late is known as such.",
			func(s *statefulclient.Stats) int { return s.EndedRemembered }),
		counted("graphcalls.call.lost", "{call}", "Calls that ended because the platform no longer knew them.",
			func(s *statefulclient.Stats) uint64 { return s.CallsLost }),
		counted("graphcalls.call.silent", "{call}", "Calls placed or answered and then not heard of.",
			func(s *statefulclient.Stats) uint64 { return s.SilentCalls }),
		counted("graphcalls.call.resyncs", "{fetch}", "Calls fetched again because of doubt.",
			func(s *statefulclient.Stats) uint64 { return s.Resyncs }),
		counted("graphcalls.call.keep_alives", "{request}", "Keep-alives sent with success.",
			func(s *statefulclient.Stats) uint64 { return s.KeepAlives }),
		counted("graphcalls.call.released", "{call}", "Calls handed over to another process of the fleet.",
			func(s *statefulclient.Stats) uint64 { return s.Released }),
		counted("graphcalls.call.fenced", "{call}", "Calls let go of because another process of the fleet had them already.",
			func(s *statefulclient.Stats) uint64 { return s.Fenced }),
	}
}

func notificationFigures() []figure {
	return []figure{
		{"graphcalls.notification.processed", "{notification}", "Notifications, by what became of them.", true, verdicts},
		held("graphcalls.notification.parked", "{notification}", "Notifications of calls that are not known yet.",
			func(s *statefulclient.Stats) int { return s.Parked }),
		held("graphcalls.inbox.backlog", "{input}", "What was heard of all calls and waits to be worked on.",
			func(s *statefulclient.Stats) int { return s.InboxBacklog }),
		held("graphcalls.delivery.remembered", "{delivery}", "POSTs remembered, so that one that comes again is known as such.",
			func(s *statefulclient.Stats) int { return s.DeliveriesRemembered }),
		counted("graphcalls.delivery.misrouted", "{delivery}", "POSTs that belong to another instance.",
			func(s *statefulclient.Stats) uint64 { return s.Misrouted }),
		counted("graphcalls.delivery.forwarded", "{delivery}", "POSTs of another instance that were handed on to it.",
			func(s *statefulclient.Stats) uint64 { return s.Forwarded }),
		counted("graphcalls.delivery.redirected", "{delivery}", "POSTs sent elsewhere by the redirect hook.",
			func(s *statefulclient.Stats) uint64 { return s.Redirected }),
		counted("graphcalls.webhook.requests", "{request}", "Requests to the webhook.",
			func(s *statefulclient.Stats) uint64 { return s.Webhook.Requests }),
		counted("graphcalls.webhook.accepted", "{request}", "Requests to the webhook that were accepted.",
			func(s *statefulclient.Stats) uint64 { return s.Webhook.Accepted }),
		counted("graphcalls.webhook.redirected", "{request}", "Requests to the webhook that were redirected.",
			func(s *statefulclient.Stats) uint64 { return s.Webhook.Redirected }),
		{"graphcalls.webhook.refused", "{request}", "Requests to the webhook that were refused, by reason.", true, refusals},
	}
}

func handlerFigures() []figure {
	return []figure{
		held("graphcalls.handler.backlog", "{update}", "Updates of all calls that wait for handlers.",
			func(s *statefulclient.Stats) int { return s.HandlerBacklog }),
		counted("graphcalls.handler.folded", "{update}", "Updates folded because handlers were slow.",
			func(s *statefulclient.Stats) uint64 { return s.FoldedUpdates }),
		counted("graphcalls.handler.panics", "{panic}", "Handlers that panicked.",
			func(s *statefulclient.Stats) uint64 { return s.HandlerPanics }),
		counted("graphcalls.notice.dropped", "{notice}", "Notices that nobody was told of, because their handlers were too slow.",
			func(s *statefulclient.Stats) uint64 { return s.NoticesDropped }),
	}
}

func storeFigures() []figure {
	return []figure{
		held("graphcalls.store.unsaved", "{call}", "Calls waiting to be saved.",
			func(s *statefulclient.Stats) int { return s.Unsaved }),
		counted("graphcalls.store.saves", "{save}", "Calls saved.",
			func(s *statefulclient.Stats) uint64 { return s.Saves }),
		counted("graphcalls.store.failures", "{failure}", "What the store failed at.",
			func(s *statefulclient.Stats) uint64 { return s.StoreFailures }),
	}
}

func clientFigures() []figure {
	return []figure{
		held("graphcalls.client.timers", "{timer}", "Keep-alives, waits for gaps and whatever else is due at a time.",
			func(s *statefulclient.Stats) int { return s.Scheduled }),
		held("graphcalls.client.goroutines", "{goroutine}", "Goroutines of the client, those of handlers among them.",
			func(s *statefulclient.Stats) int { return s.Goroutines }),
	}
}

// held is a figure that rises and falls.
func held(name, unit, says string, of func(*statefulclient.Stats) int) figure {
	return figure{name, unit, says, false, func(s *snapshot) []value { return []value{{n: int64(of(&s.Stats))}} }}
}

// counted is a figure that only rises.
func counted(name, unit, says string, of func(*statefulclient.Stats) uint64) figure {
	return figure{name, unit, says, true, func(s *snapshot) []value { return []value{{n: int64(of(&s.Stats))}} }}
}

func verdicts(s *snapshot) []value {
	labelled := func(verdict statefulclient.NotificationVerdict, n uint64) value {
		return value{int64(n), attribute.NewSet(verdictKey.String(string(verdict)))}
	}
	return []value{
		labelled(statefulclient.VerdictApplied, s.Applied),
		labelled(statefulclient.VerdictUnchanged, s.Unchanged),
		labelled("redelivered", s.Redelivered),
		labelled(statefulclient.VerdictStale, s.Stale),
		labelled(statefulclient.VerdictLate, s.Late),
		labelled(statefulclient.VerdictWaiting, s.Waiting),
		labelled(statefulclient.VerdictUnmatched, s.Unmatched),
	}
}

func refusals(s *snapshot) []value {
	var values []value
	for reason, n := range s.Webhook.Refused {
		values = append(values, value{int64(n), attribute.NewSet(refusalReasonKey.String(string(reason)))})
	}
	return values
}
