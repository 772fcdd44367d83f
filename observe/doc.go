// Package observe tells OpenTelemetry what a client does: traces that go from a
// notification through its call's inbox to the handlers and the requests they
// make, and metrics.
//
//	telemetry, err := observe.Start(client, observe.Options{})
//	if err != nil {
//		return err
//	}
//	defer telemetry.Stop()
//
// Prometheus is served by OpenTelemetry's own exporter for it; see the example of
// Start.
//
// Names are those of OpenTelemetry's semantic conventions where it has some, and
// begin with graphcalls. elsewhere. docs/telemetry.md lists them all, beside
// examples of both; dashboard.json, here, is a dashboard for Grafana, and
// alerts.yaml has rules for Prometheus.
//
// # What is never told
//
// No span and no metric holds a token, a secret, a name, a telephone number, the
// id of a person, an address or a body. Spans hold the ids that Microsoft's support
// asks for: of calls, messages, requests and scenarios. Metrics hold no id at
// all.
package observe
