// Package auth holds the two keys of a calling bot: the access tokens it sends to Microsoft Graph, and the tokens by
// which the platform proves that a notification comes from it.
//
// [NewClientCredentials] makes the ready-made [Provider] for both directions. [NewValidator] makes the inbound half
// alone.
//
// Everything fails closed: what cannot be proven is refused, nothing is ever sent over plain http, and no error holds
// a secret, a token or the body of an answer.
package auth
