// Package resources is what the wire says: the types of Microsoft Graph's calls
// API as plain Go structs, and the tolerant reading and writing of them.
//
//	call.go          Call and what hangs on it: state, routes, options, result
//	participant.go   the roster: Participant, streams, delta rosters
//	identity.go      who somebody is
//	meeting.go       meeting coordinates
//	media.go         who handles media, prompts, modalities, audio routing
//	tone.go          keys pressed
//	operation.go     what the platform does for the bot, and how it ended
//	onlinemeeting.go, meetingsettings.go
//	                 meetings as they are looked up and created
//	devicequality.go, duration.go
//	                 reports on meeting room devices
//	botdata.go       what policy recording tells the bot
//	joining.go       policy recording: participants joining and leaving
//	notification.go  the body of a POST to the bot, and the path in it
//
// Nothing that is valid JSON is refused or lost. Properties, enum values,
// @odata.types and kinds of identity that this package does not know are kept
// and written back; a known property of an unexpected shape is kept raw. Enum
// values match in any case, numbers may come as strings, and a property that
// is null is told from one that is absent. Read with [Decode] and
// [DecodeNotifications], write with [Encode]; encoding/json knows nothing of
// this and would lose it.
//
// The structs are plain data. Those handed out by package statefulclient are
// shared between readers and must not be changed.
package resources
