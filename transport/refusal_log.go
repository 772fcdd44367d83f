package transport

import (
	"sync"
	"time"

	"go.uber.org/zap"
)

const refusalLogInterval = 10 * time.Second

// refusalLog warns of refusals, once in an interval for each reason, so that a flood of requests is not one of lines.
type refusalLog struct {
	logger *zap.Logger

	mu    sync.Mutex
	spoke map[Reason]time.Time
	quiet map[Reason]uint64 // refusals not spoken of since
}

func newRefusalLog(logger *zap.Logger) *refusalLog {
	return &refusalLog{logger: logger, spoke: map[Reason]time.Time{}, quiet: map[Reason]uint64{}}
}

func (l *refusalLog) write(o outcome) {
	passed, ok := l.turn(o.reason)
	if !ok {
		return
	}
	fields := append(idFields(o.delivery),
		zap.String("reason", string(o.reason)),
		zap.Int("status", o.status),
		zap.Uint64("unlogged", passed))
	if o.err != nil {
		fields = append(fields, zap.String("error", plainText(o.err.Error())))
	}
	if o.stack != nil {
		fields = append(fields, zap.ByteString("stack", o.stack))
	}
	l.logger.Warn("notification refused", fields...)
}

// turn reports whether a reason may be spoken of, and how often it was not since the last time.
func (l *refusalLog) turn(reason Reason) (uint64, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if last, ok := l.spoke[reason]; ok && now.Sub(last) < refusalLogInterval {
		l.quiet[reason]++
		return 0, false
	}
	passed := l.quiet[reason]
	l.spoke[reason], l.quiet[reason] = now, 0
	return passed, true
}

func idFields(d Delivery) []zap.Field {
	return []zap.Field{
		zap.String("message", d.MessageID),
		zap.String("chain", d.ChainID),
		zap.String("scenario", d.ScenarioID),
		zap.String("tenant", plainID(d.TenantID)),
	}
}
