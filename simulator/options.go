package simulator

import (
	"time"

	"go.uber.org/zap"
)

// Options shape a platform. The zero value is good for tests: the service's
// own time limits, and people and prompts that are quick.
type Options struct {
	// Address to listen on; 127.0.0.1 and a free port when empty. With InMemory
	// it is any host and port, made up when empty.
	Address string
	// InMemory carries everything between the platform, the bots it serves and
	// [Platform.Client] within the process instead of over sockets: TLS, HTTP
	// and tokens are as real as ever. In a bubble of testing/synctest that is
	// what lets time pass while all wait, so that hours take milliseconds.
	// Nobody outside the process reaches such a platform, nor it them.
	InMemory bool
	// Speed is how many times faster than real the platform's time runs: at 60
	// a minute takes a second, in every window, time-out, pause and duration
	// here, in what requests ask for in seconds, and in faults. 1 when zero.
	// Not sped up is what bots measure by clocks of their own: the life of
	// tokens, DeliveryTimeout, and Retry-After in replies.
	Speed float64
	// AnswerWindow is how long a bot has to answer, reject or redirect an
	// incoming call before it is withdrawn. 15 s when zero, as Teams has it.
	AnswerWindow time.Duration
	// RecordingAnswerWindow is AnswerWindow for a bot called to record by
	// policy. 5 s when zero.
	RecordingAnswerWindow time.Duration
	// KeepAliveWindow is how long a call lasts without a keepAlive. 45 min
	// when zero.
	KeepAliveWindow time.Duration
	// RingTimeout is how long a person who does not answer is rung. 60 s when
	// zero; a call's own ringingTimeoutInSeconds goes before it.
	RingTimeout time.Duration
	// LobbyTimeout is how long a bot waits in a lobby. 30 min when zero.
	LobbyTimeout time.Duration
	// PromptDuration is how long every prompt plays. 5 ms when zero.
	PromptDuration time.Duration
	// MediaSecond is how long a second of a recording, or of the pauses between
	// tones, takes. 5 ms when zero.
	MediaSecond time.Duration
	// RequireToneSubscription has keys reach a bot only after subscribeToTone,
	// as Teams has it.
	RequireToneSubscription bool
	// DeliveryTimeout is how long the platform waits for a bot to answer one
	// notification, and with NotifyBeforeReply for all of them. 10 s when zero.
	DeliveryTimeout time.Duration
	// DeliveryTries is how often a notification is sent to a bot that is
	// unreachable or says 429 or 503. 3 when zero.
	DeliveryTries int
	// RetryDelay is the pause before the next try when the bot names none. 20
	// ms when zero.
	RetryDelay time.Duration
	// LongestRetryDelay caps what a bot can ask for with Retry-After, so that
	// tests need not wait whole seconds. 250 ms when zero.
	LongestRetryDelay time.Duration
	// ScrambleWindow is how long Scramble gathers notifications before it
	// shuffles them. 20 ms when zero.
	ScrambleWindow time.Duration
	// AccessTokenLifetime is what the token endpoint grants. 1 h when zero.
	AccessTokenLifetime time.Duration
	// BodyLimit is the largest request body taken, in bytes. 1 MiB when zero.
	BodyLimit int64
	// Remember is how many ended calls, how many exchanges, and of each call how
	// many deliveries are kept to be looked at; the oldest go first. 1,000 when
	// zero.
	Remember int
	// RosterLimit is how many participants a whole roster names; those beyond
	// are left out, as on Teams. Changes to a roster name everybody, 500 at a
	// time. 100 when
	// zero.
	RosterLimit int
	// AllowHTTP lets bots be called back over plain http, which Teams refuses.
	AllowHTTP bool
	// Logger is told of requests and deliveries at debug level. Silent when
	// nil.
	Logger *zap.Logger
}

func (o Options) withDefaults() Options {
	orDuration := func(value *time.Duration, fallback time.Duration) {
		if *value == 0 {
			*value = fallback
		}
	}
	orDuration(&o.AnswerWindow, 15*time.Second)
	orDuration(&o.RecordingAnswerWindow, 5*time.Second)
	orDuration(&o.KeepAliveWindow, 45*time.Minute)
	orDuration(&o.RingTimeout, time.Minute)
	orDuration(&o.LobbyTimeout, 30*time.Minute)
	orDuration(&o.PromptDuration, 5*time.Millisecond)
	orDuration(&o.MediaSecond, 5*time.Millisecond)
	orDuration(&o.DeliveryTimeout, 10*time.Second)
	orDuration(&o.RetryDelay, 20*time.Millisecond)
	orDuration(&o.LongestRetryDelay, 250*time.Millisecond)
	orDuration(&o.ScrambleWindow, 20*time.Millisecond)
	orDuration(&o.AccessTokenLifetime, time.Hour)
	if o.Speed == 0 {
		o.Speed = 1
	}
	if o.DeliveryTries == 0 {
		o.DeliveryTries = 3
	}
	if o.RosterLimit == 0 {
		o.RosterLimit = 100
	}
	if o.BodyLimit == 0 {
		o.BodyLimit = 1 << 20
	}
	if o.Remember == 0 {
		o.Remember = 1000
	}
	if o.Logger == nil {
		o.Logger = zap.NewNop()
	}
	return o
}

func (o Options) network() network {
	if o.InMemory {
		return newMemoryNetwork()
	}
	return &sockets{}
}
