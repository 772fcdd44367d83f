package statefulclient

import (
	"context"
	"crypto/rand"
	"unicode/utf8"
)

// maxClientContext is the platform's limit, in characters.
const maxClientContext = 256

type clientContextKey struct{}

// WithClientContext makes the next operation asked for with the context carry
// a mark of the caller's own, 256 characters at most, instead of one that the
// client makes up. It must differ from that of every other operation of the
// call that has not ended.
func WithClientContext(ctx context.Context, clientContext string) context.Context {
	return context.WithValue(ctx, clientContextKey{}, clientContext)
}

func newMark(ctx context.Context) (string, error) {
	mark, chosen := ctx.Value(clientContextKey{}).(string)
	switch {
	case !chosen || mark == "":
		return rand.Text(), nil
	case utf8.RuneCountInString(mark) > maxClientContext:
		return "", invalid("the client context has %d characters; %d is the limit", utf8.RuneCountInString(mark), maxClientContext)
	default:
		return mark, nil
	}
}
