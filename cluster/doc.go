// Package cluster lets several instances of a bot share its calls, by way of NATS
// JetStream: any of them takes what the platform sends, each call is worked on by
// one at a time, and when an instance dies the others take its calls over within
// seconds. Bot code stays as it is.
//
//	nc, err := nats.Connect(urls, nats.MaxReconnects(-1))
//	client, err := cluster.Join(ctx, nc, statefulclient.NewStatefulClientBuilder("EchoBot", appID).
//		SetAuthenticationProvider(provider).
//		SetNotificationUrl("https://bot.contoso.com/api/calls"), // of the load balancer
//		cluster.Options{
//			Key:       key, // 32 random bytes, the same for all instances
//			Subscribe: func(client *statefulclient.Client) { client.Calls().OnIncoming(answer) },
//		})
//	http.Handle("/api/calls", client.Handler())
//	…
//	client.Drain(ctx) // before a new version: the calls go on at the others
//
// # How it works
//
// The calls are in partitions, 32 unless set, and each partition has one owner. A
// call stays in its partition for its whole life: a call that is placed takes one
// that the placing instance owns, and its callback address says which, signed; a
// call that comes in has the one its id hashes to, so that one instance alone
// raises OnIncoming.
//
// A POST of the platform's is authenticated by the instance it reaches, laid into a
// queue (a JetStream stream), and answered 202 when NATS has it; if NATS does not
// take it within two seconds, 503, and the platform tries again. A second copy is
// known by the platform's message id. The owner of the partition works the queue
// off and acknowledges what its handlers were told and its record says: so nothing
// that was answered 202 is lost, and what had not been told when an instance died
// is told by the next owner. A handler may be told an event twice, once at each of
// two instances; statefulclient.EventID tells that it is the same.
//
// Redirects are decided by the instance that the platform reached, and what to say
// to a participant who joins a recorded conversation by the owner of the call,
// while the platform waits.
//
// # Who is alive
//
// Each instance renews a key in NATS several times in a lease, and all see it. A
// member that others have not heard of for a lease is put out of the fleet, and
// its partitions are given away. Renewing and putting out are compare-and-swaps on
// one key, so one of them fails, and who failed knows. A member that could not
// renew for three quarters of the lease, by its own clock, holds still before that:
// it tells its handlers nothing and writes nothing until NATS answers. If it is
// still a member then, it goes on; otherwise it lets go of its calls as they were
// last saved, logs that at warn, tells OnOwnership, and joins anew. Whoever takes
// a partition over writes each record again first, so that even a process that was
// frozen at the wrong moment cannot write over it.
//
// When all of NATS is away, everybody holds still, nobody is put out, and POSTs are
// answered 503. Of three NATS servers one may be lost; a new leader may take some
// seconds. The clocks of instances need not agree, but must run at about the same
// speed: a virtual machine that is suspended must not count as running.
//
// An instance that joins takes over partitions from those that have more than
// their share, one at a time. Drain hands all of them over. For a hand-over what
// was taken in is told and saved first, for five seconds at most, and what comes
// meanwhile waits in the queue. How many partitions there are is fixed as long as
// the fleet's buckets exist: to change it, stop all instances when there are no
// calls, and remove the bucket <name>_fleet.
//
// # Calls of other instances
//
// Calls, Get and handlers see the calls that this instance owns. Find returns any
// call of the fleet as it was last saved, with verbs (Hangup, PlayPrompt, …) that
// run where it is owned. NewCommand is for work of your own that is to run there.
//
// # What NATS must allow
//
// JetStream, on server 2.11 or later, with max_payload above
// Limits.NotificationBytes and above the largest record (about 0.5 kB for each
// participant). Transport security and credentials are the connection's. Whoever
// may publish to a fleet's subjects can end its calls, and whoever may read its
// streams sees who calls whom: give each bot an account, or at least these
// permissions and nothing wider, where <name> is Options.Name:
//
//	publish    graphcalls.<name>.>
//	           $KV.<name>_calls.>  $KV.<name>_fleet.>
//	           $JS.API.INFO  $JS.API.STREAM.INFO.*  $JS.API.STREAM.CREATE.*
//	           $JS.API.STREAM.MSG.GET.*  $JS.API.CONSUMER.>
//	           $JS.ACK.<name>_inbox.>  $JS.FC.>  _INBOX.>
//	subscribe  graphcalls.<name>.beat  graphcalls.<name>.member.*  _INBOX.>
//
// CONSUMER and STREAM can be narrowed to <name>_inbox, KV_<name>_calls and
// KV_<name>_fleet, and STREAM.CREATE is not needed where an administrator has made
// the streams. Records and notifications are personal data: JetStream encrypts
// what it stores when the server's jetstream block has a key and a cipher. This
// package logs ids, never what a notification or a record says.
//
// # Where to find things
//
//	client.go, options.go         joining and leaving
//	drain.go, partition.go, placing.go
//	                              one partition's time here
//	steering.go, table.go, assignment.go
//	                              who is to own what
//	beat.go, lease.go, others.go  who is alive
//	inbox.go, answer.go           from the platform to the queue
//	consumer.go, backlog.go       from the queue to the calls
//	records.go, load.go           what is saved of calls
//	foreign.go, command.go, verbs.go, request.go
//	                              calls of other instances
//	subjects.go, streams.go       what there is in NATS
package cluster
