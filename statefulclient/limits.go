package statefulclient

import "time"

// Limits bound what a client holds and how long it waits. The zero value of a
// field stands for its default.
type Limits struct {
	// HandlerBacklog is how many updates of one call wait for its handlers
	// before they are folded into their net difference. 256.
	HandlerBacklog int
	// HandlerEvents is how many events that are never folded (edges, tones,
	// results) may wait for one call's handlers. Past it the call's
	// notifications are refused with 503, so that the platform sends them
	// again. 10,000.
	HandlerEvents int
	// Inbox is how many notifications of one call may wait to be worked on;
	// past it they are refused with 503. 10,000.
	Inbox int
	// NotificationBytes is the size of the largest POST taken, and
	// NotificationBytesAtOnce of all that are being taken together, past which
	// they are refused with 503. 1 MiB and 32 MiB.
	NotificationBytes       int64
	NotificationBytesAtOnce int64
	// Notifications is how many may come in one POST; one with more is refused
	// with 413. 1,000.
	Notifications int
	// Calls is how many calls there may be before those coming in are refused
	// with 503. 100,000.
	Calls int

	// RecordingHosts are the domains, beside the service's own host, that
	// DownloadRecording may send a recording's token to. None unless set.
	RecordingHosts []string

	// Parked is how many notifications of calls not known yet may wait,
	// ParkedBytes how long the bodies they came in may be together, and ParkFor
	// how long each waits before it goes to OnUnmatched. 4,096, 16 MiB and 10 s.
	Parked      int
	ParkedBytes int
	ParkFor     time.Duration
	// Tombstones is how many ended calls are remembered. 16,384.
	Tombstones int
	// RememberedDeliveries is how many POSTs are remembered by their id. 16,384.
	RememberedDeliveries int
	// Notices is how many unmatched notifications and handler panics may wait
	// for their handlers, and how many of OnNotificationQueued and
	// OnNotificationProcessed. 1,024.
	Notices int

	// AnswerWithin is the deadline of OnIncoming handlers, and
	// AnswerRecordingWithin that for policy recording. 15 s and 5 s, as the
	// platform's.
	AnswerWithin          time.Duration
	AnswerRecordingWithin time.Duration
	// KeepAlive is about how often each call is kept alive. The platform ends a
	// call after 45 minutes without. 10 min.
	KeepAlive time.Duration
	// SilentAfter is how long a call that was placed or answered may go unheard
	// of before OnSilent is told. 20 s.
	SilentAfter time.Duration
	// EndGrace is how long a call that an action found gone waits for the
	// platform to say why it ended, before it ends as lost. 1 s.
	EndGrace time.Duration
	// EndWithin is how long a call that was hung up waits for its end to be
	// reported, before the platform is asked whether it is still there. 15 s.
	EndWithin time.Duration
	// RosterWithin is how long a bot that has joined a meeting waits for the
	// roster to say whether it is in the lobby, before the platform is asked: see
	// Call.JoinState. 5 s.
	RosterWithin time.Duration
	// Sweep is about how often the platform is asked how each call stands, in
	// case a notification was lost. 30 min.
	Sweep time.Duration
	// ResyncsPerSecond is how many calls are fetched again in a second at most,
	// for all reasons together. 10.
	ResyncsPerSecond int
	// RosterGap is how long a change of the roster waits for a missing one
	// before it, and ToneGap a key for a missing one. 2 s and 500 ms.
	RosterGap time.Duration
	ToneGap   time.Duration
	// RestAfter is how long nothing is heard of a call or asked about it before it
	// rests: what is known of it is packed until it is needed, which nobody sees but
	// in Stats.Resting. It may take twice as long. Negative: calls never rest. 1 min.
	RestAfter time.Duration
	// SlowHandler is how long handlers may take for one update before it is
	// logged. 5 s.
	SlowHandler time.Duration
}

func (l Limits) withDefaults() Limits {
	standard := Limits{
		HandlerBacklog: 256, HandlerEvents: 10_000, Inbox: 10_000, NotificationBytes: 1 << 20,
		NotificationBytesAtOnce: 32 << 20, Notifications: 1000, Calls: 100_000,
		Parked: 4096, ParkedBytes: 16 << 20, ParkFor: 10 * time.Second, Tombstones: 16_384, RememberedDeliveries: 16_384, Notices: 1024,
		AnswerWithin: 15 * time.Second, AnswerRecordingWithin: 5 * time.Second,
		KeepAlive: 10 * time.Minute, SilentAfter: 20 * time.Second,
		EndGrace: time.Second, EndWithin: 15 * time.Second, RosterWithin: 5 * time.Second, Sweep: 30 * time.Minute, ResyncsPerSecond: 10,
		RosterGap: 2 * time.Second, ToneGap: 500 * time.Millisecond,
		RestAfter: time.Minute, SlowHandler: 5 * time.Second,
	}
	setDefault(&l.HandlerBacklog, standard.HandlerBacklog)
	setDefault(&l.HandlerEvents, standard.HandlerEvents)
	setDefault(&l.Inbox, standard.Inbox)
	setDefault(&l.NotificationBytes, standard.NotificationBytes)
	setDefault(&l.NotificationBytesAtOnce, standard.NotificationBytesAtOnce)
	setDefault(&l.Notifications, standard.Notifications)
	setDefault(&l.Calls, standard.Calls)
	setDefault(&l.Parked, standard.Parked)
	setDefault(&l.ParkedBytes, standard.ParkedBytes)
	setDefault(&l.ParkFor, standard.ParkFor)
	setDefault(&l.Tombstones, standard.Tombstones)
	setDefault(&l.RememberedDeliveries, standard.RememberedDeliveries)
	setDefault(&l.Notices, standard.Notices)
	setDefault(&l.AnswerWithin, standard.AnswerWithin)
	setDefault(&l.AnswerRecordingWithin, standard.AnswerRecordingWithin)
	setDefault(&l.KeepAlive, standard.KeepAlive)
	setDefault(&l.SilentAfter, standard.SilentAfter)
	setDefault(&l.EndGrace, standard.EndGrace)
	setDefault(&l.EndWithin, standard.EndWithin)
	setDefault(&l.RosterWithin, standard.RosterWithin)
	setDefault(&l.Sweep, standard.Sweep)
	setDefault(&l.ResyncsPerSecond, standard.ResyncsPerSecond)
	setDefault(&l.RosterGap, standard.RosterGap)
	setDefault(&l.ToneGap, standard.ToneGap)
	if l.RestAfter == 0 {
		l.RestAfter = standard.RestAfter
	}
	setDefault(&l.SlowHandler, standard.SlowHandler)
	return l
}

func setDefault[T int | int64 | time.Duration](field *T, value T) {
	if *field <= 0 {
		*field = value
	}
}
