// Package reduce is the heart: what one call becomes when one thing is heard of
// it. Reduce is a pure function,
//
//	(state, input) → (state, events, effects, verdict)
//
// with no goroutine, clock or I/O, so that every rule of ordering can be told
// as a script. The scripts in testdata/scripts are its specification:
//
//	state.go        what is known of a call
//	input.go        what can be heard: notifications, replies, timers, losses
//	event.go        what is told to bot code; what is asked of the client
//	reduce.go       one input, to whom it belongs
//	facts.go        a call's facts: which may be set, by how late a report
//	edges.go        a call's state: edges, skipped states, the end
//	fetched.go      what the platform says when it is asked
//	tones.go        keys pressed, in their order, once
//	roster.go       who is in the call
//	operations.go   what the platform does for the bot
//	collections.go  content sharing sessions and audio routing groups
//	snapshot.go     a state as text, to go on from after a restart
//	cell.go         where a call's state is kept, and rests packed
package reduce
