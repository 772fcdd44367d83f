package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

const cut = "cut off" // the server has closed the connection

// expected are the answers there may be.
func expected() []string {
	return []string{"202", "204", "400", "401", "405", "413", "431", "503", cut}
}

// attack is one kind of request.
type attack struct {
	name  string
	token string
	body  func(n int) string
	slow  bool
}

// attacks are those of strangers, and those of somebody who has got hold of a
// token of the platform's.
func (b *bot) attacks() []attack {
	const none = ""
	good, forged, stolen, huge := b.tokens.good, b.tokens.forged, b.tokens.stolen, strings.Repeat("x", 1<<20)
	same := func(text string) func(int) string { return func(int) string { return text } }
	const size = 1 << 20
	small := about("stranger", "{}")
	many := `{"value":[` + strings.TrimSuffix(strings.Repeat("{},", 5000), ",") + "]}"
	properties := about("stranger", "{"+strings.TrimSuffix(numbered(size), ",")+"}")
	return []attack{
		{"no token", none, same(small), false},
		{"no token, large", none, same(strings.Repeat(" ", size)), false},
		{"forged token, new key", forged, same(small), false},
		{"forged token, known key", stolen, same(small), false},
		{"token of 1 MiB", huge, same(small), false},
		{"slow header", none, nil, true},
		{"too large", good, same(strings.Repeat("[", size+1)), false},
		{"brackets", good, same(strings.Repeat("[", size)), false},
		{"random bytes", good, func(int) string { return rand.Text() }, false},
		{"many properties", good, same(`{"value":[` + properties + `]}`), false},
		{"many notifications", good, same(many), false},
		{"unknown calls", good, func(n int) string { return `{"value":[` + about("unknown-"+strconv.Itoa(n), "{}") + `]}` }, false},
		{"unknown calls, large", good, func(n int) string {
			return `{"value":[` + about("unknown-"+strconv.Itoa(n), `{"subject":"`+strings.Repeat("s", size/2)+`"}`) + `]}`
		}, false},
	}
}

func numbered(size int) string {
	var text strings.Builder
	for i := 0; text.Len() < size-1024; i++ {
		fmt.Fprintf(&text, `"property%d":0,`, i)
	}
	return text.String()
}

// attack makes one request, and returns its status or what became of it.
func (b *bot) attack(ctx context.Context, a attack, n int) string {
	if a.slow {
		return b.dawdle(ctx)
	}
	status, err := b.send(ctx, a.body(n), a.token, rand.Text())
	if err != nil {
		return cut
	}
	return strconv.Itoa(status)
}

// dawdle opens a connection, says little on it, and does not wait for what
// comes of that.
func (b *bot) dawdle(ctx context.Context) string {
	address, err := url.Parse(b.address)
	if err != nil {
		return err.Error()
	}
	connection, err := (&net.Dialer{}).DialContext(ctx, "tcp", address.Host)
	if err != nil {
		return cut
	}
	stop := context.AfterFunc(ctx, func() { _ = connection.Close() })
	b.slow.Go(func() {
		_, _ = connection.Write([]byte(http.MethodPost + " /"))
		_, _ = io.Copy(io.Discard, connection) // until the server has had enough
		stop()
		_ = connection.Close()
	})
	return cut
}
