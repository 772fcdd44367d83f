package simulator

import (
	"fmt"
	"net/http"
	"sync/atomic"
)

// webhook is the address a bot has of the platform, and who is served there.
type webhook struct{ handler atomic.Pointer[http.Handler] }

func (w *webhook) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	if handler := w.handler.Load(); handler != nil {
		(*handler).ServeHTTP(response, request)
		return
	}
	response.WriteHeader(http.StatusServiceUnavailable) // the platform tries again
}

// Listen gives the bot an address of its own, which is its calling webhook from
// now on, and is what its client is to be told as notification URL: a client has
// to be built with it before there is a handler to serve. It is https, with a
// certificate the platform trusts, until the platform is closed; until Serve is
// called, notifications are answered with 503 there, and sent again.
func (b *Bot) Listen() (string, error) {
	address, err := b.platform.Serve(b.served)
	if err != nil {
		return "", fmt.Errorf("%w, %q", err, b.DisplayName)
	}
	address += "/api/calls"
	b.SetCallingWebhook(address)
	return address, nil
}

// Serve has a handler hear from now on what comes to the address that Listen
// gave, in place of the one before: so a bot is restarted. All paths are the
// handler's. The platform's Close waits for it, so it must end when its
// request's context does.
func (b *Bot) Serve(handler http.Handler) { b.served.handler.Store(&handler) }
