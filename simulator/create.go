package simulator

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
)

// createCall serves POST /communications/calls: calls one person or several,
// or joins a meeting.
func createCall(r *request) (reply, *refusal) {
	posted, err := resources.Decode[resources.Call](r.body)
	if err != nil {
		return reply{}, badRequest("The request body is not a call.")
	}
	if why := r.checkCall(posted); why != nil {
		return reply{}, why
	}
	p := r.platform
	p.mu.Lock()
	call, why := r.place(posted)
	if why != nil {
		p.mu.Unlock()
		return reply{}, why
	}
	r.call = call
	call.state = resources.CallStateEstablishing
	call.callbackURI, call.posted, call.media, call.scenarioID = posted.CallbackURI, posted, posted.MediaConfig, r.scenario
	if options := posted.CallOptions; options != nil {
		call.wantsSharing = options.IsContentSharingNotificationEnabled
		call.hides = options.HideBotAfterEscalation
		if options.IsDeltaRosterEnabled {
			call.delta = newDeltaRoster()
		}
	}
	answer, why := respond(http.StatusCreated, r.describe(call, "app/calls/$entity"))
	first := p.notifyFirst.Load()
	if !first {
		call.outbox.cork()
		answer.then = call.outbox.uncork
	}
	call.proceed()
	p.mu.Unlock()
	if first {
		p.tally.add("notify-before-reply", 1)
		ctx, cancel := p.clock.limit(r.http.Context(), p.options.DeliveryTimeout)
		call.outbox.drained(ctx)
		cancel()
	}
	answer.header = http.Header{"Location": {p.address + "/" + r.version + "/communications/calls/" + call.id}}
	return answer, why
}

func (r *request) checkCall(posted *resources.Call) *refusal {
	if why := r.checkCallback(posted.CallbackURI, true); why != nil {
		return why
	}
	switch {
	case len(posted.Targets) == 0 && posted.MeetingInfo == nil:
		return badRequest("Either targets or chatInfo and meetingInfo must be given.")
	case posted.MediaConfig == nil:
		return badRequest("mediaConfig must be given.")
	case posted.TenantID != "" && !strings.EqualFold(posted.TenantID, r.caller.tenantID):
		return tenantMismatch()
	case posted.MeetingInfo != nil:
		return r.permit(posted.MediaConfig, permissionJoin, permissionJoinAsGuest, permissionJoinChat)
	case len(posted.Targets) > 1:
		return r.permit(posted.MediaConfig, permissionInitiateGroup)
	default:
		return r.permit(posted.MediaConfig, permissionInitiate)
	}
}

func (r *request) checkCallback(uri string, required bool) *refusal {
	lower := strings.ToLower(uri)
	switch {
	case uri == "" && !required, strings.HasPrefix(lower, "https://"):
		return nil
	case strings.HasPrefix(lower, "http://") && r.platform.options.AllowHTTP:
		return nil
	case uri == "":
		return badRequest("callbackUri must be given.")
	default:
		return badRequest("callbackUri must be an https address.")
	}
}

func tenantMismatch() *refusal {
	return &refusal{http.StatusForbidden, "7505", "Request authorization tenant mismatch."}
}

// place finds where the call leads; callers hold platform.mu.
func (r *request) place(posted *resources.Call) (*Call, *refusal) {
	p := r.platform
	if posted.MeetingInfo != nil {
		meeting, why := p.meetingOf(posted)
		if why != nil {
			return nil, why
		}
		if meeting.room.tenant != r.caller.tenantID {
			return nil, tenantMismatch()
		}
		return p.newCall(r.caller.bot, resources.CallDirectionOutgoing, meeting.room), nil
	}
	people, why := r.targets(posted)
	if why != nil {
		return nil, why
	}
	room := &conversation{kind: groupConversation, tenant: r.caller.tenantID}
	if len(posted.Targets) == 1 {
		room.kind = peerConversation
	}
	call := p.newCall(r.caller.bot, resources.CallDirectionOutgoing, room)
	call.invited = people
	return call, nil
}

// targets finds whom to call. Who is unknown to the platform cannot be reached
// but is no reason to refuse; callers hold platform.mu.
func (r *request) targets(posted *resources.Call) ([]*Person, *refusal) {
	var people []*Person
	for _, target := range posted.Targets {
		if target.Identity == nil {
			return nil, badRequest("Every target needs an identity.")
		}
		if target.Identity.Phone != nil && !hasInstance(posted.Source) {
			return nil, needsInstance()
		}
		person := r.platform.personCalled(target.Identity)
		if person == nil {
			continue
		}
		if person.isForeign(r.caller.tenantID) {
			return nil, notPermitted()
		}
		people = append(people, person)
	}
	return people, nil
}

func needsInstance() *refusal {
	return &refusal{http.StatusForbidden, "7507", "Calling a phone number needs a source that is an application instance."}
}

// isForeign says whether the person belongs to another organization. Phones
// belong to none.
func (p *Person) isForeign(tenantID string) bool { return p.Phone == "" && p.TenantID != tenantID }

func hasInstance(source *resources.ParticipantInfo) bool {
	return source != nil && source.Identity != nil && source.Identity.ApplicationInstance != nil
}

// proceed starts what a new call leads to; callers hold platform.mu.
func (c *Call) proceed() {
	if c.conversation.kind == meetingConversation {
		c.joinMeeting()
		return
	}
	c.tell(resources.ChangeTypeUpdated, &resources.Call{ID: c.id, State: resources.CallStateEstablishing})
	waiting := false
	for _, person := range c.invited {
		waiting = c.reach(person) || waiting
	}
	switch {
	case c.over() || c.state == resources.CallStateEstablished:
	case waiting:
		c.startRinging()
	default:
		c.finish(result(480, 10037, "No callee endpoints were found."))
	}
}

// reach calls one person, and reports whether their answer is still to come.
func (c *Call) reach(person *Person) bool {
	r := c.ring(person, 0, func() { c.answeredBy(person) }, func(why absence) {
		if why == hasDeclined {
			c.declinedBy()
		}
	})
	return slices.Contains(c.rings, r)
}

func (c *Call) startRinging() {
	c.state = resources.CallStateRinging
	c.tell(resources.ChangeTypeUpdated, &resources.Call{ID: c.id, State: resources.CallStateRinging})
	patience := c.platform.options.RingTimeout
	if seconds := c.posted.RingingTimeoutInSeconds; seconds > 0 {
		patience = time.Duration(min(seconds, 115)) * time.Second
	}
	c.window = c.platform.clock.after(patience, func() {
		c.platform.mu.Lock()
		defer c.platform.mu.Unlock()
		if c.state == resources.CallStateRinging {
			c.finish(result(480, 10076, "Callee couldn't be reached."))
		}
	})
}
