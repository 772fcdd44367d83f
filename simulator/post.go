package simulator

import (
	"context"
	"net/http"
)

// PostOptions shape a request made by Post. The zero value is a notification
// as the platform sends it.
type PostOptions struct {
	URL    string // the bot's calling webhook when empty
	Method string // POST when empty
	// Token is the bearer token; a good one when empty.
	Token   string
	NoToken bool
	// Header replaces headers of the platform's; an empty list removes one.
	Header http.Header
}

// Post sends a bot any body with any token, once and out of turn, and returns
// what it answered. The error is the exchange's.
func (p *Platform) Post(ctx context.Context, bot *Bot, body []byte, options PostOptions) (Exchange, error) {
	url, method, token := options.URL, options.Method, options.Token
	if url == "" {
		p.mu.Lock()
		url = bot.webhook
		p.mu.Unlock()
	}
	if method == "" {
		method = http.MethodPost
	}
	if token == "" && !options.NoToken {
		var err error
		if token, err = p.Token(bot); err != nil {
			return Exchange{}, err
		}
	}
	header := http.Header{
		"Accept":                       {"application/json"},
		"Content-Type":                 {jsonType},
		"User-Agent":                   {userAgent},
		"X-Microsoft-Skype-Message-Id": {newID()},
		"X-Microsoft-Skype-Chain-Id":   {newID()},
	}
	if !options.NoToken {
		header.Set("Authorization", "Bearer "+token)
	}
	for name, values := range options.Header {
		header[http.CanonicalHeaderKey(name)] = values
	}
	exchange := p.courier.exchange(ctx, "", method, url, header, body)
	return exchange, exchange.Err
}
