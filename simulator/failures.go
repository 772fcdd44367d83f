package simulator

import (
	"cmp"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Failure is how requests to the service are made to fail.
type Failure struct {
	// Method and Path say which requests: those of that method, any when
	// empty, whose path ends with Path, in any case. Without a Path it is any
	// request to the calls API; those for tokens, keys and the OpenID
	// configuration fail only where Path names them: /token, /keys.
	Method string
	Path   string
	// Status to answer with; 0 cuts the connection without an answer.
	Status int
	// Header is added to the answer's, such as Retry-After.
	Header http.Header
	// Code and Message of the error; made up from Status when empty.
	Code    string
	Message string
	// AfterEffect has a request to the calls API done all the same, and only
	// then fail.
	AfterEffect bool
	// Times is how many requests fail; 1 when zero.
	Times int

	fault string // its name among the faults; fail when empty
}

// failures are those still to come, in the order they were asked for.
type failures struct {
	mu    sync.Mutex
	queue []Failure
}

// FailNext makes the next matching requests fail.
func (p *Platform) FailNext(failure Failure) {
	failure.Times = max(failure.Times, 1)
	p.failures.mu.Lock()
	defer p.failures.mu.Unlock()
	p.failures.queue = append(p.failures.queue, failure)
}

// Throttle answers the next requests, whatever they are, with 429.
func (p *Platform) Throttle(times int, retryAfter time.Duration) {
	seconds := int((retryAfter + time.Second - 1) / time.Second)
	p.FailNext(Failure{
		fault:  "throttle",
		Status: http.StatusTooManyRequests, Code: "TooManyRequests", Message: "Too many requests.",
		Header: http.Header{"Retry-After": {strconv.Itoa(seconds)}}, Times: times,
	})
}

// FailAfterEffect has the next requests that change something carried out and
// then answered with 500: who sends one again does it twice.
func (p *Platform) FailAfterEffect(times int) {
	p.FailNext(Failure{fault: "fail-after-effect", Method: http.MethodPost, Status: http.StatusInternalServerError, AfterEffect: true, Times: times})
}

// FailWithDiagCode answers the next requests, whatever they are, with 500 and
// a message that alone says why, as the service does: diagCode is such as
// 500#7112.
func (p *Platform) FailWithDiagCode(times int, diagCode string) {
	p.FailNext(Failure{
		fault: "fail-with-diag-code", Status: http.StatusInternalServerError, Code: "UnknownError",
		Message: "Server Internal Error. DiagCode: " + diagCode + ".@", Times: times,
	})
}

// CutConnections cuts the connections of the next requests, whatever they are,
// before anything is done about them.
func (p *Platform) CutConnections(times int) {
	p.FailNext(Failure{fault: "cut-connections", Times: times})
}

// SlowReplies sends every reply of the calls API that much later than what it
// says was done, until Heal. Tokens and keys are not slowed: they are others'.
func (p *Platform) SlowReplies(by time.Duration) { p.slowBy.Store(int64(by)) }

// ExpireTokens has the service refuse every access token granted so far, with
// 401, however long it was to live.
func (p *Platform) ExpireTokens() {
	p.accessKeys.rename()
	p.tally.add("expire-tokens", 1)
}

// linger keeps a reply waiting.
func (p *Platform) linger(r *http.Request) {
	if by := time.Duration(p.slowBy.Load()); by > 0 {
		p.tally.add("slow-replies", 1)
		p.clock.sleep(r.Context(), by)
	}
}

// take uses up a failure that is meant for a request, or returns nil.
func (f *failures) take(r *http.Request, named bool) *Failure {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.queue {
		failure := f.queue[i]
		if !failure.matches(r) || named && failure.Path == "" {
			continue
		}
		if f.queue[i].Times--; f.queue[i].Times == 0 {
			f.queue = append(f.queue[:i], f.queue[i+1:]...)
		}
		return &failure
	}
	return nil
}

func (f *failures) clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.queue = nil
}

func (f *Failure) matches(r *http.Request) bool {
	return (f.Method == "" || strings.EqualFold(f.Method, r.Method)) &&
		strings.HasSuffix(strings.ToLower(r.URL.Path), strings.ToLower(f.Path))
}

// unlessFailing puts a failure in place of what is not part of the calls API.
func (p *Platform) unlessFailing(handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		failure := p.failures.take(r, true)
		p.tallyFailure(failure)
		switch {
		case failure == nil:
			handler.ServeHTTP(w, r)
		case failure.Status == 0:
			panic(http.ErrAbortHandler) // net/http's way to cut a connection
		default:
			maps.Copy(w.Header(), failure.Header)
			http.Error(w, failure.refusal().message, failure.Status)
		}
	})
}

func (p *Platform) tallyFailure(failure *Failure) {
	if failure != nil {
		p.tally.add(cmp.Or(failure.fault, "fail"), 1)
	}
}

func (f *Failure) refusal() *refusal {
	code, message := f.Code, f.Message
	if code == "" {
		code = "UnknownError"
	}
	if message == "" {
		message = http.StatusText(f.Status)
	}
	return &refusal{f.Status, code, message}
}

// NotifyBeforeReply sends a new call's first notifications before the reply to
// the request that created it: the bot hears of the call before it knows its
// id. A bot that refuses notifications until then gets its reply all the same,
// after Options.DeliveryTimeout.
func (p *Platform) NotifyBeforeReply() { p.notifyFirst.Store(true) }

// Heal ends all faults of the platform and of its calls.
func (p *Platform) Heal() {
	p.failures.clear()
	p.Faults.Heal()
	p.notifyFirst.Store(false)
	p.slowBy.Store(0)
	for _, call := range p.Calls() {
		call.Heal()
	}
}
