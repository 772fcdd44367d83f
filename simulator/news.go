package simulator

import (
	"strings"

	"github.com/graphcalls/graphcalls-go/resources"
	"go.uber.org/zap"
)

// tell queues a notification about the call itself; callers hold platform.mu.
func (c *Call) tell(change resources.ChangeType, news *resources.Call) {
	c.announce(change, resources.Path{CallID: c.id}, news)
}

func (c *Call) announce(change resources.ChangeType, path resources.Path, data resources.Data) {
	c.post(c.envelope(change, path, data))
}

// envelope writes a notification the way the wire has it: named under /app and
// under /communications, without etags.
func (c *Call) envelope(change resources.ChangeType, path resources.Path, data resources.Data) ([]byte, *resources.Notification) {
	notice := resources.Notification{
		ChangeType:  change,
		Resource:    strings.Replace(path.String(), "/communications/", "/app/", 1),
		ResourceURL: path.String(),
		Data:        data,
	}
	body, err := resources.Encode(&resources.Notifications{Value: []resources.Notification{notice}})
	if err != nil {
		c.platform.options.Logger.Error("notification not written", zap.String("callId", c.id), zap.Error(err))
	}
	return body, &notice
}

// post queues a body to wherever the call's notifications go at this moment;
// callers hold platform.mu.
func (c *Call) post(body []byte, notice *resources.Notification) {
	c.outbox.put(c.letter(body, notice))
}

func (c *Call) letter(body []byte, notice *resources.Notification) *letter {
	if notice == nil {
		notice = &resources.Notification{}
		if batch, err := resources.DecodeNotifications(body); err == nil && len(batch.Value) > 0 {
			notice = &batch.Value[0]
		}
	}
	return &letter{messageID: newID(), url: c.callbackURI, body: body, notice: notice, scenario: c.scenarioID}
}
