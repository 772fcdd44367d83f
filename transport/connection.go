package transport

import (
	"context"
	"errors"
	"net"
	"net/http/httptrace"
	"sync/atomic"
)

// connection watches whether an attempt ever got a connection on which something could have been sent.
type connection struct{ asked, got atomic.Bool }

func watchConnection(ctx context.Context) (context.Context, *connection) {
	watch := &connection{}
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { watch.asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { watch.got.Store(true) },
	}), watch
}

// nothingSent reports whether, after a failure, it is certain that no byte of the request has left. A RoundTripper
// that does not report to httptrace is believed only when it says that it could not dial.
func (c *connection) nothingSent(err error) bool {
	if _, local := errors.AsType[*unsentError](err); local {
		return true
	}
	if failed, ok := errors.AsType[*net.OpError](err); ok && (failed.Op == "dial" || failed.Op == "proxyconnect") {
		return true
	}
	return c.asked.Load() && !c.got.Load()
}
