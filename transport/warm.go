package transport

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// warmer is a provider that can fetch ahead what it will need, as auth.ClientCredentials can.
type warmer interface {
	Warm(ctx context.Context) error
}

// Warm gets ready what a first request needs and would else wait for: a token for the default tenant and the keys of
// the platform's own tokens, if the provider has a method Warm(context.Context) error, and a connection to the service.
// It sends the service no token. Its error reports all that failed; requests do not depend on it.
func (c *Client) Warm(ctx context.Context) error {
	connected := make(chan error, 1)
	go func() { connected <- c.connect(ctx) }()
	var err error
	if provider, can := c.provider.(warmer); can {
		err = provider.Warm(ctx)
	}
	return errors.Join(err, <-connected)
}

// connect leaves an idle connection behind. What the service answers does not matter.
func (c *Client) connect(ctx context.Context) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, c.base.String(), http.NoBody)
	if err != nil {
		return fmt.Errorf("transport: %w", err)
	}
	response, err := c.plain.Do(request)
	if err != nil {
		return fmt.Errorf("transport: %s cannot be reached; check the base URL, the network and the proxy: %w", c.base.Host, withoutURL(err))
	}
	return response.Body.Close()
}
