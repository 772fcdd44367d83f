// Package fsm is the rule book of calls: which state may follow which.
//
// The platform reports a call's states late, twice, out of order and with gaps.
// The lattice sorts such reports into four kinds: the call goes Forward, is
// reported the Same, was reported too late (Backward), or in a state nobody
// knows (Unknown). Forward is whatever can be reached in the table below, in
// one step or several:
//
//	incoming → establishing → ringing → live → terminating → terminated
//
// where live is established, hold, transferring, transferAccepted and
// redirecting, which follow each other as they arrive. The picture of the table
// is in testdata/call.mermaid.
//
// The table and the picture are looplab/fsm's; see Lattice for how its machine
// is kept from harm.
package fsm
