package simulator

import (
	"net/http"
	"slices"
)

// AllFaults is the table of all faults: first those of notifications, which a
// platform and each of its calls can have, then those of replies and tokens,
// which only a platform has. Heal ends them all, and Release what hold does.
// The slice is the caller's.
func AllFaults() []Fault { return slices.Concat(notificationFaults(), replyFaults(), tokenFaults()) }

func notificationFaults() []Fault {
	seed := FaultParameter{"seed", FaultSeed, "1"}
	times := FaultParameter{"times", FaultCount, "1"}
	by := FaultParameter{"by", FaultDuration, "50ms"}
	what := FaultParameter{"what", FaultMatch, "any"}
	return []Fault{
		ofCalls("hold", "keeps notifications back until they are released", func(f *Faults, _ faultArguments) { f.Hold() }),
		ofCalls("delay", "sends every notification that much later, in order", func(f *Faults, a faultArguments) { f.Delay(a.duration) }, by),
		ofCalls("delay-up-to", "sends every notification up to that much later, as the seed decides, in order",
			func(f *Faults, a faultArguments) { f.DelayUpTo(a.duration, a.seed) }, by, seed),
		ofCalls("scramble", "sends each call's notifications in an order the seed decides", func(f *Faults, a faultArguments) { f.Scramble(a.seed) }, seed),
		ofCalls("duplicate", "sends every notification again under its own message id", func(f *Faults, a faultArguments) { f.Duplicate(a.count) }, times),
		ofCalls("duplicate-as-new", "sends every notification again under a new message id", func(f *Faults, a faultArguments) { f.DuplicateAsNew(a.count) }, times),
		ofCalls("batch", "puts several notifications into a body", func(f *Faults, a faultArguments) { f.Batch(a.count) }, FaultParameter{"most", FaultCount, "10"}),
		ofCalls("drop", "loses the next notification that matches", func(f *Faults, a faultArguments) { f.Drop(a.match) }, what),
		ofCalls("drop-every", "loses every notification that matches", func(f *Faults, a faultArguments) { f.DropEvery(a.match) }, what),
		ofCalls("lose-end", "loses the notification that ends a call", func(f *Faults, _ faultArguments) { f.LoseEnd() }),
		ofCalls("skip-established", "loses all that says a call is established", func(f *Faults, _ faultArguments) { f.SkipEstablished() }),
		ofCalls("capitalize", "writes change types and states with a capital letter", func(f *Faults, _ faultArguments) { f.Capitalize() }),
		ofCalls("resource-only", "names what changed by resource alone, under /app", func(f *Faults, _ faultArguments) { f.ResourceOnly() }),
		ofCalls("resource-url-only", "names what changed by resourceUrl alone, under /communications", func(f *Faults, _ faultArguments) { f.ResourceURLOnly() }),
		ofCalls("same-etag", "gives every state of a call the same etag", func(f *Faults, _ faultArguments) { f.SameETag() }),
		ofCalls("rising-etags", "gives calls and operations etags that count", func(f *Faults, _ faultArguments) { f.RisingETags() }),
		ofCalls("legacy-first", "sends incoming calls in the Skype format first, and again when answered 204", func(f *Faults, _ faultArguments) { f.LegacyFirst() }),
		ofCalls("forge", "follows every notification with a forged one that ends the call", func(f *Faults, _ faultArguments) { f.Forge() }),
	}
}

func replyFaults() []Fault {
	times := FaultParameter{"times", FaultCount, "1"}
	return []Fault{
		ofPlatform("fail", "answers the next requests with 503, nothing done", func(p *Platform, a faultArguments) {
			p.FailNext(Failure{Status: http.StatusServiceUnavailable, Times: a.count})
		}, times),
		ofPlatform("fail-after-effect", "carries the next POST requests out and answers 500", func(p *Platform, a faultArguments) { p.FailAfterEffect(a.count) }, times),
		ofPlatform("fail-with-diag-code", "answers the next requests with 500 and a reason in the message alone",
			func(p *Platform, a faultArguments) { p.FailWithDiagCode(a.count, a.diagCode) }, times, FaultParameter{"diagCode", FaultDiagCode, "500#1203002"}),
		ofPlatform("cut-connections", "cuts the connections of the next requests, nothing done", func(p *Platform, a faultArguments) { p.CutConnections(a.count) }, times),
		ofPlatform("throttle", "answers the next requests with 429", func(p *Platform, a faultArguments) { p.Throttle(a.count, a.duration) },
			times, FaultParameter{"retryAfter", FaultDuration, "1s"}),
		ofPlatform("slow-replies", "sends every reply of the calls API late", func(p *Platform, a faultArguments) { p.SlowReplies(a.duration) }, FaultParameter{"by", FaultDuration, "50ms"}),
		ofPlatform("notify-before-reply", "sends a new call's notifications before the reply that names it", func(p *Platform, _ faultArguments) { p.NotifyBeforeReply() }),
	}
}

func tokenFaults() []Fault {
	expire := ofPlatform("expire-tokens", "refuses the access tokens granted so far", func(p *Platform, _ faultArguments) { p.ExpireTokens() })
	rotate := ofPlatform("rotate-keys", "signs notifications with a new key and publishes it alone", nil)
	rotate.apply = func(p *Platform, _ *Faults, _ faultArguments) error { return p.RotateKeys() }
	azureAD := ofCalls("azure-ad-tokens", "has notifications carry tokens of Azure AD", nil)
	azureAD.apply = func(p *Platform, f *Faults, _ faultArguments) error {
		f.signAs("azure-ad-tokens", []Forgery{p.SignedByAzureAD()})
		return nil
	}
	government := ofCalls("government-issuer", "has notifications carry tokens of the US government's issuer",
		func(f *Faults, _ faultArguments) { f.signAs("government-issuer", []Forgery{GovernmentIssuer}) })
	return []Fault{expire, rotate, azureAD, government}
}

func ofCalls(name, summary string, give func(*Faults, faultArguments), parameters ...FaultParameter) Fault {
	return Fault{name, summary, parameters, true, func(_ *Platform, f *Faults, a faultArguments) error {
		give(f, a)
		return nil
	}}
}

func ofPlatform(name, summary string, give func(*Platform, faultArguments), parameters ...FaultParameter) Fault {
	return Fault{name, summary, parameters, false, func(p *Platform, _ *Faults, a faultArguments) error {
		give(p, a)
		return nil
	}}
}
