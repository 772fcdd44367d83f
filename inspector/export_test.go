package inspector

import "github.com/graphcalls/graphcalls-go/statefulclient"

// Know has the inspector hold a call as if it had been told of it.
func (i *Inspector) Know(call *statefulclient.Call) { i.book.of(call) }
