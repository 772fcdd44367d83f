package scenario

import (
	"cmp"
	"strings"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

// lookAtTold notes prompts that are over, when their bot is told.
func (p *play) lookAtTold(x simulator.Exchange) {
	if len(p.prompts) == 0 {
		return
	}
	batch, err := resources.DecodeNotifications(x.RequestBody)
	if err != nil {
		return
	}
	for i := range batch.Value {
		p.heard(&batch.Value[i], p.told(x.At))
	}
}

// heard notes that a prompt has been played to its end.
func (p *play) heard(n *resources.Notification, at time.Duration) {
	data, _ := n.Data.(resources.OperationData)
	if data.Operation == nil {
		return
	}
	common := data.Operation.Common()
	asked := p.prompts[common.ID]
	if asked == nil || common.Status != resources.OperationStatusCompleted {
		return
	}
	delete(p.prompts, common.ID)
	for _, who := range asked.with {
		p.note(&event{
			at: at, subject: who, verb: "hear", with: []*entity{who}, uris: asked.uris,
			text: "has heard " + strings.Join(asked.uris, ", "),
		})
	}
}

// lookAtDeliveries tells of notifications that did not arrive as they should.
func (p *play) lookAtDeliveries() {
	for _, call := range p.calls() {
		l, all := p.legOf(call), call.Deliveries()
		from := min(l.delivered, len(all))
		l.delivered = len(all)
		for _, d := range all[from:] {
			p.lookAtDelivery(l, d)
		}
	}
}

func (p *play) lookAtDelivery(l *leg, d simulator.Delivery) {
	what := "a notification"
	for _, n := range d.Notifications() {
		what = describe(&n)
		if d.Dropped {
			p.heard(&n, p.now()) // whatever the bot is told
		}
	}
	bot := l.bot
	if bot == nil {
		bot = &entity{name: "the bot"}
	}
	switch {
	case d.Dropped:
		p.fact(bot, "is not told, by a fault: %s", what)
	case d.Copy:
		p.fact(bot, "is told again, by a fault: %s", what)
	case d.Err != nil:
		p.fact(bot, "cannot be told: %s: %v", what, d.Err)
	case !d.Accepted():
		p.fact(bot, "answers %d to what it is told: %s", d.Status, what)
	}
}

// describe says in a few words what a bot is told.
func describe(n *resources.Notification) string {
	path, _ := n.Path()
	switch call, ok := n.Data.(*resources.Call); {
	case path.Collection != "":
		return string(n.ChangeType) + " " + string(path.Collection)
	case ok:
		return string(n.ChangeType) + " call, " + cmp.Or(string(call.State), "no state")
	default:
		return string(n.ChangeType)
	}
}
