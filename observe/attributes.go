package observe

import "go.opentelemetry.io/otel/attribute"

// The attributes that OpenTelemetry has no name for. docs/telemetry.md says what
// each holds.
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
