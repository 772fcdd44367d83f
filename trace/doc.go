// Package trace has what a client heard, written down, and plays it again.
//
// A trace is text, one JSON object to a line: what was heard of each call, in the
// order in which it was worked on, and what became of it. What a call becomes
// depends on nothing else, neither clock nor chance, so that whoever plays a
// trace sees the same edges and the same end:
//
//	recording, err := client.RecordTrace(file, statefulclient.TraceOptions{}) // a *statefulclient.Client
//	...
//	replayed, err := trace.Replay(file)
//
// A trace holds personal data: names, numbers, who was in which call, which keys
// were pressed. It holds no token and no password. Keep it as you keep calls, and
// [Sanitize] it before you share it.
//
// docs/traces.md has the format and how to make a test of a trace.
package trace
