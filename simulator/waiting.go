package simulator

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
)

// waitUntil waits for something the bot is to do about the call. In vain, it
// says how far the two have come, which is where to look.
func (c *Call) waitUntil(ctx context.Context, what string, condition func() bool) error {
	err := c.platform.WaitUntil(ctx, condition)
	if err == nil || errors.Is(err, ErrClosed) {
		return err
	}
	return fmt.Errorf("simulator: waited in vain for %s; the call is %s; %s: %w", what, c.State(), c.lastHeard(), context.Cause(ctx))
}

// endedBefore is ErrEnded, and says how far the bot had come.
func (c *Call) endedBefore(what string) error {
	why := ""
	if result := c.Facts().Result; result != nil {
		why = fmt.Sprintf(" (%d/%d, %s)", result.Code, result.Subcode, result.Message)
	}
	return fmt.Errorf("%w%s before %s; %s", ErrEnded, why, what, c.lastHeard())
}

// lastHeard is what passed last between the bot and the platform.
func (c *Call) lastHeard() string {
	for i, e := range slices.Backward(c.Exchanges()) {
		if i == 0 || !e.ToBot || !e.accepted() {
			return e.outcome()
		}
	}
	return "nothing has passed between it and the bot"
}

func (e *Exchange) accepted() bool { return e.Status >= 200 && e.Status <= 299 }

func (e *Exchange) outcome() string {
	switch {
	case !e.ToBot:
		return fmt.Sprintf("the bot's last request, %s %s, was answered %d", e.Method, e.URL, e.Status)
	case errors.Is(e.Err, errNoWebhook):
		return "the bot was not told: it has no calling webhook, which Bot.Listen gives it, or Bot.SetCallingWebhook"
	case e.Err != nil:
		return fmt.Sprintf("the bot was not told: %v", e.Err)
	case e.accepted():
		return "the bot was told, and has sent no request about the call: see that it subscribes to incoming calls, and sends to Platform.ServiceBaseURL; its log may say more"
	default:
		return "the bot answered a notification at " + e.URL + " with " + strconv.Itoa(e.Status) + ": " + remedyFor(e.Status)
	}
}

// remedyFor is what to do about a bot that does not take notifications.
func remedyFor(status int) string {
	switch status {
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		return "nothing takes them at that path"
	case http.StatusUnauthorized, http.StatusForbidden:
		return "it does not trust the platform's token; see which OpenID configuration and app id it was given"
	case http.StatusServiceUnavailable:
		return "nothing is served there yet, or the bot cannot fetch the platform's keys; see Bot.Serve, which http.Client it was given, and what its log says"
	default:
		return "see what its log says"
	}
}
