package reduce

import "github.com/graphcalls/graphcalls-go/resources"

// Input is one thing heard of a call.
type Input interface{ input() }

// Notified is a notification from the platform.
type Notified struct {
	Path         resources.Path
	Notification *resources.Notification
}

// Replied is the call as the platform described it in reply to a request.
type Replied struct{ Call *resources.Call }

// Asked says that the bot is about to ask for an operation, and under which
// mark. It comes before the request is sent, because the operation's end may
// overtake the reply.
type Asked struct{ ClientContext string }

// Granted is the platform's reply to such a request.
type Granted struct {
	ClientContext string
	Operation     resources.Operation
}

// Refused says that such a request failed.
type Refused struct{ ClientContext string }

// Waited says that the time to wait for what is missing is over.
type Waited struct{ For Gap }

// Gone says that the call is over though no notification said so.
type Gone struct{ Cause Cause }

func (Notified) input() {}
func (Replied) input()  {}
func (Asked) input()    {}
func (Granted) input()  {}
func (Refused) input()  {}
func (Waited) input()   {}
func (Gone) input()     {}
