package simulator

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
)

type recordBody struct {
	promptBody

	BargeIn        bool     `json:"bargeInAllowed"`
	InitialSilence *int     `json:"initialSilenceTimeoutInSeconds"`
	MaxSilence     *int     `json:"maxSilenceTimeoutInSeconds"`
	MaxDuration    *int     `json:"maxRecordDurationInSeconds"`
	StopTones      []string `json:"stopTones"`
	Stream         bool     `json:"streamWhileRecording"`
}

// recorder records one answer of a call, after its prompt. It is guarded by
// the platform's mutex.
type recorder struct {
	call      *Call
	op        *operation
	body      recordBody
	listening bool
	since     time.Time     // it listens
	longest   time.Duration // it will, unless a key is pressed
	file      *recording
}

// recordResponse serves POST …/recordResponse.
func recordResponse(r *request) (reply, *refusal) {
	var body recordBody
	if why := r.parse(&body); why != nil {
		return reply{}, why
	}
	if why := body.check(r); why != nil {
		return reply{}, why
	}
	call := r.call
	r.platform.mu.Lock()
	defer r.platform.mu.Unlock()
	if why := call.takesMedia(); why != nil {
		return reply{}, why
	}
	op := call.startOperation(fresh[resources.RecordOperation](recordText), body.ClientContext)
	answer, why := r.replyOperation(http.StatusOK, op)
	rec := &recorder{call: call, op: op, body: body}
	call.play(&playback{op, rec.start})
	return answer, why
}

func (b *recordBody) check(r *request) *refusal {
	if why := checkClientContext(b.ClientContext); why != nil {
		return why
	}
	if len(b.Prompts) > 1 {
		return badRequest("prompts must have at most 1 entry.")
	}
	for _, seconds := range []*int{b.InitialSilence, b.MaxSilence, b.MaxDuration} {
		if seconds != nil && (*seconds < 1 || *seconds > 120) {
			return badRequest("Durations must be between 1 and 120 seconds.")
		}
	}
	if b.Stream && r.version != "beta" {
		return notAParameter("streamWhileRecording")
	}
	return b.checkPrompts(r)
}

// start and what follows are called with platform.mu held.
func (r *recorder) start() {
	r.call.recorder = r
	if len(r.body.Prompts) == 0 {
		r.listen()
		return
	}
	r.op.timer = r.call.later(time.Duration(r.body.plays())*r.call.platform.options.PromptDuration, r.listen)
}

// listen begins to record, and knows already how that will end unless a key is
// pressed.
func (r *recorder) listen() {
	if r.call.recorder != r || r.listening {
		return
	}
	r.listening, r.since = true, r.call.platform.clock.now()
	if r.body.Stream {
		r.publish()
	}
	initial, silence, longest := seconds(r.body.InitialSilence), seconds(r.body.MaxSilence), seconds(r.body.MaxDuration)
	wait, end := longest, r.reachMaximum
	switch speech := r.call.speech; {
	case speech == nil:
	case *speech == 0 && initial < longest:
		wait, end = initial, r.hearNothing
	case *speech > 0 && *speech+silence < longest:
		wait, end = *speech+silence, r.fallSilent
	}
	r.longest = wait
	r.op.timer = r.call.later(time.Duration(float64(wait)*r.pace()), end)
}

// pace is how long a second of the recording takes, in seconds.
func (r *recorder) pace() float64 {
	return float64(r.call.platform.options.MediaSecond) / float64(time.Second)
}

func seconds(asked *int) time.Duration {
	if asked == nil {
		return 5 * time.Second
	}
	return time.Duration(*asked) * time.Second
}

// hear stops the recording at a stop tone, and the prompt at any key where
// barging in is allowed. It is safe on nil.
func (r *recorder) hear(tone resources.Tone) {
	switch {
	case r == nil:
	case r.listening && slices.ContainsFunc(r.body.StopTones, func(name string) bool { return toneNamed(name) == tone }):
		listened := time.Duration(float64(r.call.platform.clock.since(r.since)) / r.pace())
		r.save(min(listened, r.longest), result(200, 8514, "Action completed, stop tone was detected."), resources.CompletionReasonStopToneDetected)
	case !r.listening && r.body.BargeIn:
		r.op.timer.stop()
		r.listen()
	}
}

func toneNamed(name string) resources.Tone {
	name = strings.ToLower(name)
	switch {
	case name == "#":
		return resources.TonePound
	case name == "*":
		return resources.ToneStar
	case len(name) == 1 && name[0] >= '0' && name[0] <= '9':
		return resources.Tone("tone" + name)
	default:
		return resources.Tone(name)
	}
}

func (r *recorder) reachMaximum() {
	r.save(r.longest, result(200, 8515, "Action completed, max record duration reached."), resources.CompletionReasonMaxRecordDurationReached)
}

func (r *recorder) fallSilent() {
	r.save(r.longest, result(200, 0, "Action completed successfully."), resources.CompletionReasonMaxSilenceTimeout)
}

func (r *recorder) hearNothing() {
	resource := r.resource()
	resource.CompletionReason = resources.CompletionReasonInitialSilenceTimeout
	r.end(result(400, 8510, "Action failed, initial silence timeout reached."))
}

func (r *recorder) save(listened time.Duration, info *resources.ResultInfo, reason resources.CompletionReason) {
	resource := r.resource()
	if resource.Status.Ended() {
		return
	}
	r.publish()
	r.file.length = listened
	if speech := r.call.speech; speech != nil {
		r.file.length = min(*speech, listened)
	}
	resource.CompletionReason = reason
	r.end(info)
}

// publish names the file that is recorded into.
func (r *recorder) publish() {
	if r.file == nil {
		r.file = r.call.platform.keepRecording()
		resource := r.resource()
		resource.RecordingLocation, resource.RecordingAccessToken = r.file.location, r.file.token
	}
}

func (r *recorder) end(info *resources.ResultInfo) {
	if r.call.endOperation(r.op, info) {
		r.call.playNext()
	}
}

func (r *recorder) resource() *resources.RecordOperation {
	return r.op.resource.(*resources.RecordOperation)
}
