// Package inspector is a live web page of the calls a process holds, for the
// moment when one of them goes wrong: a list of them all, and of each a timeline
// of what the platform said and what became of it, what the bot asked of the
// platform, which handlers ran and how long they took, the roster, and the states
// the call went through.
//
//	i := inspector.New(client, inspector.Options{})
//	defer i.Close()
//	mux.Handle("/inspector/", i)
//
// It is off unless it is made, and it only looks: nothing on the page changes a
// call. All addresses on the page are relative, so it may be mounted at any path
// that ends in a slash, with http.StripPrefix or without.
//
// # Who may look
//
// Without Options.Authorize it answers only who is on the same machine: the
// connection must come from a loopback address, the Host must be localhost or a
// loopback address (a page from elsewhere can make its own name stand for this
// machine, but not these), and no proxy may have handed the request on. With it,
// Authorize alone decides.
//
// # Personal data
//
// Unless Options.ShowPersonalData is set, people are pseudonyms such as "person
// 3", the same in all calls, and neither names, numbers, ids of users, keys
// pressed, subjects, texts of the platform nor marks of the bot's own are noted or
// shown. What a ticket needs is: ids of calls, tenants, messages, operations and
// requests. A bundle for support is redacted in any case. Bodies are noted in no
// case.
//
// # What it costs
//
// While a handler runs, its goroutine has the profiling labels graphcalls.call and
// graphcalls.handler, by which a bundle finds the stack of one that does not return.
//
// An inspector has no goroutine of its own; each open page has that of its
// request. It notes what happens in a ring for each call, which grows up to
// Options.Entries notes of some 230 bytes, and goes with the call, but for the
// last Options.EndedCalls that have ended.
package inspector
