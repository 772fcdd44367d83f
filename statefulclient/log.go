package statefulclient

import (
	"strings"

	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
)

// docs/logs.md lists what is logged. At info a call that goes well has one line for
// each edge, and no other.

// log writes one line per edge that a letter led to.
func (c *Call) log(events []reduce.Event, l letter) {
	for _, event := range events {
		if edge, ok := event.(reduce.StateChanged); ok {
			c.logEdge(edge, l)
		}
	}
}

func (c *Call) logEdge(edge reduce.StateChanged, l letter) {
	entry := c.client.logger.Check(zap.InfoLevel, "call state")
	if entry == nil {
		return
	}
	fields := c.fields(zap.String("from", string(edge.Old)), zap.String("to", string(edge.New)), zap.String("cause", string(l.cause)))
	if l.from.message != "" {
		fields = append(fields, zap.String("message", loggable(l.from.message)))
	}
	if edge.Result != nil {
		reason := EndReason{Code: edge.Result.Code, Subcode: edge.Result.Subcode, Message: edge.Result.Message, InLobby: c.inLobby()}
		fields = append(fields, zap.Int32("code", reason.Code), zap.Int32("subcode", reason.Subcode),
			zap.String("class", string(reason.Class())))
	}
	entry.Write(fields...)
}

// logNotification writes one line per notification that a call was told of.
func (c *Call) logNotification(l letter, verdict reduce.Verdict) {
	if l.notification == nil || verdict == reduce.Unplaced { // which has a line of its own
		return
	}
	if entry := c.client.logger.Check(zap.DebugLevel, "notification worked on"); entry != nil {
		entry.Write(c.fields(l.fields(zap.String("verdict", string(verdict)))...)...)
	}
}

// logLate writes the line of a notification whose call was over.
func (c *Client) logLate(callID string, l letter) {
	if entry := c.logger.Check(zap.DebugLevel, "notification came too late"); entry != nil {
		entry.Write(append(l.fields(), zap.String("call", loggable(callID)))...)
	}
}

// fields say which notification a letter is.
func (l *letter) fields(more ...zap.Field) []zap.Field {
	ids := []zap.Field{
		zap.String("message", loggable(l.from.message)), zap.Int32("item", l.from.item),
		zap.String("about", aboutWhat(l.input)), zap.String("change", loggable(string(l.notification.ChangeType))),
	}
	return append(ids, more...)
}

// fields say which call it is.
func (c *Call) fields(more ...zap.Field) []zap.Field {
	known := c.state.Peek().Call
	tenant := known.TenantID
	if tenant == "" {
		tenant = c.tenant
	}
	ids := []zap.Field{
		zap.String("call", loggable(c.id)), zap.String("scenario", loggable(c.scenario)),
		zap.String("chain", loggable(known.CallChainID)), zap.String("tenant", loggable(tenant)),
	}
	return append(ids, more...)
}

const maxLoggedID = 200

// loggable returns an id as it came if it is one, and not what else may stand in
// its place: a text with line ends that would forge lines of the log, or one
// with personal data, such as a phone number.
func loggable(id string) string {
	if len(id) > maxLoggedID || strings.HasPrefix(id, "+") || strings.ContainsFunc(id, outsideID) {
		return "(not an id)"
	}
	return id
}

func outsideID(r rune) bool { return outsideName(r) && !strings.ContainsRune("._~:/=|+", r) }
