package slogbridge_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/slogbridge"
)

// written has a logger write, and returns what the handler made of it.
func written(t *testing.T, options slog.HandlerOptions, write func(*zap.Logger), more ...zap.Option) []map[string]any {
	t.Helper()
	var text bytes.Buffer
	write(slogbridge.Logger(slog.NewJSONHandler(&text, &options), more...))
	var lines []map[string]any
	for decoder := json.NewDecoder(&text); decoder.More(); {
		var line map[string]any
		require.NoError(t, decoder.Decode(&line))
		when, err := time.Parse(time.RFC3339, line["time"].(string))
		require.NoError(t, err)
		require.WithinDuration(t, time.Now(), when, time.Minute)
		delete(line, "time")
		lines = append(lines, line)
	}
	return lines
}

func TestFieldsBecomeAttributes(t *testing.T) {
	lines := written(t, slog.HandlerOptions{}, func(log *zap.Logger) {
		log.Named("graph").With(zap.String("call", "c1"), zap.Namespace("outer"), zap.Int("attempt", 2)).Warn("said",
			zap.Duration("took", time.Second), zap.Error(errors.New("broken")), zap.Bool("late", true), zap.Stringer("state", time.Second),
			zap.ByteString("stack", []byte("main")), zap.Strings("names", []string{"a", "b"}), zap.Uint64("position", 7), zap.Skip(),
			zap.Namespace("inner"), zap.Float64("load", 0.5))
	})
	require.Equal(t, []map[string]any{{
		"level": "WARN", "msg": "said", "call": "c1",
		"outer": map[string]any{
			"logger": "graph", "attempt": 2.0, "took": float64(time.Second), "error": "broken", "late": true, "state": "1s", "stack": "main",
			"names": []any{"a", "b"}, "position": 7.0, "inner": map[string]any{"load": 0.5},
		},
	}}, lines)
}

func TestLevelsAreTheHandlers(t *testing.T) {
	all := func(log *zap.Logger) {
		log.Debug("debug")
		log.Info("info")
		log.Warn("warn")
		log.Error("error")
	}
	var levels []any
	for _, line := range written(t, slog.HandlerOptions{Level: slog.LevelDebug}, all) {
		levels = append(levels, line["level"])
	}
	require.Equal(t, []any{"DEBUG", "INFO", "WARN", "ERROR"}, levels)
	require.Len(t, written(t, slog.HandlerOptions{Level: slog.LevelWarn}, all), 2)
	require.False(t, slogbridge.Logger(slog.DiscardHandler).Core().Enabled(zap.ErrorLevel))
}

func TestSourceAndStackOnDemand(t *testing.T) {
	say := func(log *zap.Logger) { log.Error("said") }
	line := written(t, slog.HandlerOptions{AddSource: true}, say, zap.AddCaller(), zap.AddStacktrace(zap.ErrorLevel))[0]
	require.Contains(t, line["source"].(map[string]any)["file"], "logger_test.go")
	require.Contains(t, line["stacktrace"], "TestSourceAndStackOnDemand")
}

// full is a handler that cannot write.
type full struct{ slog.Handler }

func (full) Handle(context.Context, slog.Record) error { return errors.New("disk full") }

func TestHandlersTroubleIsNotTheClients(t *testing.T) {
	log := slogbridge.Logger(full{slog.NewTextHandler(&bytes.Buffer{}, nil)}, zap.ErrorOutput(discarded{}))
	log.Info("said")
	require.NoError(t, log.Sync())
}

type discarded struct{}

func (discarded) Write(p []byte) (int, error) { return len(p), nil }
func (discarded) Sync() error                 { return nil }
