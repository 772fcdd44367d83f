package observe

import (
	"go.opentelemetry.io/otel/attribute"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
)

// The attributes that OpenTelemetry has no name for.
const (
	callIDKey        = attribute.Key("graphcalls.call.id")
	scenarioIDKey    = attribute.Key("graphcalls.scenario.id")
	requestIDKey     = attribute.Key("graphcalls.request.id")
	clientRequestKey = attribute.Key("graphcalls.request.client_id")
	eventIDKey       = attribute.Key("graphcalls.event.id")
	stateKey         = attribute.Key("graphcalls.call.state")
	stateBeforeKey   = attribute.Key("graphcalls.call.state.before")
	directionKey     = attribute.Key("graphcalls.call.direction")
	endClassKey      = attribute.Key("graphcalls.call.end.class")
	aboutKey         = attribute.Key("graphcalls.input.about")
	causeKey         = attribute.Key("graphcalls.input.cause")
	itemKey          = attribute.Key("graphcalls.input.item")
	verdictKey       = attribute.Key("graphcalls.input.verdict")
	participantsKey  = attribute.Key("graphcalls.input.participants")
	eventKey         = attribute.Key("graphcalls.handler.event")
	waitedKey        = attribute.Key("graphcalls.handler.waited")
	missedKey        = attribute.Key("graphcalls.handler.missed")
	initialKey       = attribute.Key("graphcalls.handler.initial")
	actionKey        = attribute.Key("graphcalls.request.action")
	refusalReasonKey = attribute.Key("graphcalls.webhook.reason")
)

// attributeNote says what an attribute holds. An id is for spans alone.
type attributeNote struct {
	key  attribute.Key
	says string
	id   bool
}

// attributeNotes are all attributes there are, for the list in the docs.
func attributeNotes() []attributeNote {
	return []attributeNote{
		{callIDKey, "the platform's id of the call", true},
		{scenarioIDKey, "what ties together what the platform logs of a call", true},
		{requestIDKey, "the platform's id of a request, its `request-id`", true},
		{clientRequestKey, "the client's, its `client-request-id`", true},
		{eventIDKey, "the `EventID` of what a handler is told", true},
		{semconv.MessagingMessageIDKey, "the platform's id of a POST", true},
		{stateKey, "the call's state, after what the span or the metric tells of", false},
		{stateBeforeKey, "the call's state before, where it went on to another", false},
		{directionKey, "`incoming` or `outgoing`", false},
		{endClassKey, "who has to do something about a call's end: `normal`, `rejected`, `unreachable`, `media`, `auth`, `server`, `unknown`", false},
		{aboutKey, "what was heard of a call: `call`, `participants`, `operation` and so on by notifications; `reply`, `fetched`, `timer`, `asked`, `granted`, `refused`, `gone`", false},
		{causeKey, "where it came from: `notification`, `reply`, `resync`, `restore`, `client`", false},
		{itemKey, "its place in the POST, from 0", false},
		{verdictKey, "what became of it: `applied`, `unchanged`, `stale`, `late`, `waiting`, `unmatched`; for metrics also `redelivered`", false},
		{participantsKey, "how many people came, left or changed", false},
		{eventKey, "what a handler is subscribed to: `OnIncoming`, `StateChanged`, `Participants.OnUpdated` and so on", false},
		{waitedKey, "how long, in seconds, that waited for its turn", false},
		{missedKey, "how many updates were folded into it", false},
		{initialKey, "that it is what was there when the handler was subscribed", false},
		{actionKey, "what a request does: `createCall`, `answer`, `playPrompt`, `keepAlive` and so on", false},
		{refusalReasonKey, "why the webhook refused a POST: the words of `transport.Reason`", false},
		{semconv.MessagingSystemKey, "`microsoft_graph`", false},
		{semconv.MessagingOperationNameKey, "`deliver`, `take` (from a fleet's queue) or `process`", false},
		{semconv.MessagingOperationTypeKey, "`receive` or `process`", false},
		{semconv.MessagingBatchMessageCountKey, "how many notifications are in a POST", false},
		{semconv.HTTPRequestMethodKey, "the request's method", false},
		{semconv.URLTemplateKey, "its path, with `{id}` in the place of ids", false},
		{semconv.ServerAddressKey, "the host of Microsoft Graph", false},
		{semconv.ServerPortKey, "its port", false},
		{semconv.HTTPResponseStatusCodeKey, "the status of the last answer", false},
		{semconv.HTTPRequestResendCountKey, "how many times the request was sent again", false},
		{semconv.ErrorTypeKey, "what went wrong: a status, `panic`, `busy`, `closed`, `misrouted`, `noRoute`, `timeout`, `canceled`, `dns`, `connection`, `token` or `_OTHER`", false},
	}
}
