// Package transport carries calls over HTTP, in both directions, and knows nothing of what they mean.
//
// [Client] sends requests to the Graph calls API. [Webhook] is the http.Handler that takes the platform's
// notifications, checks who sent them, and hands them to a [Receiver].
//
// Neither ever shows or logs a token or a body; both keep the ids by which the platform's support finds a request.
package transport
