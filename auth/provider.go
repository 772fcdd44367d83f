package auth

import (
	"context"
	"net/http"
)

// Provider proves who the bot is to the platform, and checks that a request really comes from the platform.
// Implementations are safe for concurrent use.
type Provider interface {
	// AuthenticateOutbound sets the Authorization header of a request to the platform, with a token for the given
	// tenant (an id or a domain name; "" means the provider's default tenant). After an error the request is unchanged
	// and must not be sent.
	AuthenticateOutbound(ctx context.Context, request *http.Request, tenant string) error

	// ValidateInbound checks a request from the platform by its Authorization header alone, and never touches the
	// body. After any error the request must not be processed: answer 503 when the error is [ErrKeysUnavailable], 401
	// otherwise.
	ValidateInbound(ctx context.Context, request *http.Request) (Identity, error)
}
