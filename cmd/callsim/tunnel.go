package main

import (
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"

	"github.com/graphcalls/graphcalls-go/simulator"
)

// tunnel takes notifications over https, as Teams demands it, and passes them
// on to a bot that serves plain http. A bot that is not there is one nobody
// reaches.
type tunnel struct {
	webhook   string // as the platform calls it
	listen    string // where the bot is
	transport http.Transport
}

func openTunnel(platform *simulator.Platform, bot *url.URL) (*tunnel, error) {
	t := &tunnel{listen: bot.Host}
	if bot.Port() == "" {
		t.listen += ":80"
	}
	address, err := platform.Serve(&httputil.ReverseProxy{
		Transport: &t.transport,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: bot.Scheme, Host: bot.Host})
			r.SetXForwarded()
		},
		ErrorLog: log.New(io.Discard, "", 0), // the platform tells it, as what became of a notification
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) {
			panic(http.ErrAbortHandler) // net/http's way to cut a connection
		},
	})
	t.webhook = address + bot.RequestURI()
	return t, err
}

func (t *tunnel) close() {
	if t != nil {
		t.transport.CloseIdleConnections()
	}
}
