package simulator

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"
)

const (
	userAgent     = "Microsoft-Skype/3.0,(Calling/1.0)"
	mostRedirects = 5
	replyLimit    = 1 << 20
)

// courier carries notifications to bots.
type courier struct {
	platform *Platform
	client   atomic.Pointer[http.Client]

	mu     sync.Mutex
	second int64
	tokens map[tokenFor]string // of that second
}

type tokenFor struct {
	bot           *Bot
	tenantID, key string
}

func newCourier(p *Platform) *courier {
	c := &courier{platform: p}
	c.trust(p.ca.pool())
	return c
}

func (c *courier) trust(roots *x509.CertPool) {
	old := c.client.Swap(&http.Client{
		Transport: transportTrusting(roots, c.platform.network),
		// Redirects are followed by hand: net/http would turn the POST into a
		// GET.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	})
	if old != nil {
		old.CloseIdleConnections()
	}
}

func (c *courier) close() { c.client.Load().CloseIdleConnections() }

func transportTrusting(roots *x509.CertPool, over network) *http.Transport {
	return &http.Transport{
		DialContext:         over.dial,
		TLSClientConfig:     &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2:   true,
		MaxIdleConnsPerHost: 64,
		IdleConnTimeout:     time.Minute,
	}
}

// deliver sends a letter until the bot takes it, refuses it, or the tries are
// used up.
func (c *courier) deliver(ctx context.Context, call *Call, l *letter, delivery *Delivery) {
	options := c.platform.options
	for delivery.Tries < options.DeliveryTries {
		if delivery.Tries > 0 {
			c.platform.counters.retries.Add(1)
		}
		delivery.Tries++
		exchange := c.try(ctx, call, l)
		delivery.Status, delivery.Err, delivery.Reply = exchange.Status, exchange.Err, exchange.ResponseBody
		wait, again := c.retryAfter(exchange)
		if !again || delivery.Tries == options.DeliveryTries || !c.platform.clock.sleep(ctx, wait) {
			break
		}
	}
	if delivery.Accepted() {
		c.platform.counters.delivered.Add(1)
	} else {
		c.platform.counters.undelivered.Add(1)
	}
}

// try sends a letter once; in both formats to a bot that, asked in the old one,
// wants the new.
func (c *courier) try(ctx context.Context, call *Call, l *letter) Exchange {
	if l.legacy != nil {
		exchange := c.post(ctx, call, l, l.legacy)
		if exchange.Status != http.StatusNoContent {
			return exchange
		}
	}
	return c.post(ctx, call, l, l.body)
}

// retryAfter says whether an exchange is worth another try, and when.
func (c *courier) retryAfter(exchange Exchange) (time.Duration, bool) {
	busy := exchange.Status == http.StatusServiceUnavailable || exchange.Status == http.StatusTooManyRequests
	if exchange.Err == nil && !busy {
		return 0, false
	}
	wait := c.platform.options.RetryDelay
	if seconds, err := strconv.Atoi(exchange.ResponseHeader.Get("Retry-After")); err == nil {
		wait = time.Duration(seconds) * time.Second
	}
	return min(wait, c.platform.options.LongestRetryDelay), true
}

// post sends a body, following redirects with the same body, and returns the
// last exchange.
func (c *courier) post(ctx context.Context, call *Call, l *letter, body []byte) Exchange {
	header, url := letterHeader(call, l), l.url
	for redirects := 0; ; redirects++ {
		token, err := c.tokenFor(call)
		if err != nil {
			return Exchange{Err: err}
		}
		header.Set("Authorization", "Bearer "+token)
		exchange := c.exchange(ctx, call.id, http.MethodPost, url, header, body)
		next := exchange.ResponseHeader.Get("Location")
		if exchange.Status < 300 || exchange.Status > 399 || next == "" || redirects == mostRedirects {
			return exchange
		}
		url = next
	}
}

func letterHeader(call *Call, l *letter) http.Header {
	header := http.Header{
		"Accept":                       {"application/json"},
		"Content-Type":                 {jsonType},
		"User-Agent":                   {userAgent},
		"X-Microsoft-Skype-Message-Id": {l.messageID},
		"X-Microsoft-Skype-Chain-Id":   {call.chainID},
	}
	if l.scenario != "" {
		header.Set("Scenario-Id", l.scenario)
	}
	return header
}

// tokenFor makes the token for a call's notifications. Those of one second are
// the same to the letter, so they are signed once.
func (c *courier) tokenFor(call *Call) (string, error) {
	if signers := call.signers(); len(signers) > 0 {
		return c.platform.callbackToken(call.bot, call.tenantID, signers...)
	}
	second := c.platform.clock.now().Unix()
	like := tokenFor{call.bot, call.tenantID, c.platform.callbackKeys.current().id}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.second != second {
		c.second, c.tokens = second, map[tokenFor]string{}
	}
	if token, made := c.tokens[like]; made {
		return token, nil
	}
	token, err := c.platform.callbackToken(call.bot, call.tenantID)
	if err == nil {
		c.tokens[like] = token
	}
	return token, err
}

var errNoWebhook = errors.New("simulator: the bot has no calling webhook")

func (c *courier) exchange(ctx context.Context, callID, method, url string, header http.Header, body []byte) Exchange {
	exchange := Exchange{
		ToBot: true, Method: method, URL: url, CallID: callID,
		RequestHeader: withoutSecrets(header), RequestBody: body, At: c.platform.clock.now(),
	}
	exchange.perform(ctx, c, header)
	exchange.Took = c.platform.clock.now().Sub(exchange.At)
	c.platform.journal.add(exchange)
	c.platform.options.Logger.Debug("notification", zap.String("callId", callID), zap.Int("status", exchange.Status), zap.Error(exchange.Err))
	return exchange
}

func (e *Exchange) perform(ctx context.Context, c *courier, header http.Header) {
	if e.URL == "" {
		e.Err = errNoWebhook
		return
	}
	ctx, cancel := c.platform.clock.limit(ctx, c.platform.options.DeliveryTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, e.Method, e.URL, bytes.NewReader(e.RequestBody))
	if err != nil {
		e.Err = err
		return
	}
	request.Header = header.Clone()
	response, err := c.client.Load().Do(request)
	if err != nil {
		e.Err = err
		return
	}
	defer response.Body.Close()
	e.Status, e.ResponseHeader = response.StatusCode, response.Header
	if response.StatusCode >= 300 && response.StatusCode < 400 {
		if location, err := response.Location(); err == nil {
			e.ResponseHeader.Set("Location", location.String())
		}
	}
	e.ResponseBody, e.Err = io.ReadAll(io.LimitReader(response.Body, replyLimit))
}
