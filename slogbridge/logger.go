// Package slogbridge has a client log to log/slog.
package slogbridge

import (
	"context"
	"log/slog"
	"maps"
	"slices"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// zap's levels are one apart, those of slog four; both begin at info, with 0.
const levelStep = 4

// Logger returns a logger for StatefulClientBuilder.SetLogger, and for the options
// of this SDK that take one, that writes to a handler of log/slog:
//
//	builder.SetLogger(slogbridge.Logger(slog.Default().Handler()))
//
// The handler's level is asked before a line is made, so that lines nobody wants
// cost nothing. The part of the SDK that speaks is the attribute logger, such as
// graph or webhook. What a handler fails with is told to zap.ErrorOutput, which is
// stderr unless set. With zap.AddCaller among the options, records know their
// source.
func Logger(handler slog.Handler, options ...zap.Option) *zap.Logger {
	return zap.New(&core{handler}, options...)
}

// core is a zapcore.Core in front of a handler.
type core struct{ handler slog.Handler }

// Enabled implements zapcore.LevelEnabler.
func (c *core) Enabled(level zapcore.Level) bool {
	return c.handler.Enabled(context.Background(), slog.Level(level*levelStep))
}

// With implements zapcore.Core.
func (c *core) With(fields []zapcore.Field) zapcore.Core {
	handler := c.handler
	for i, field := range fields {
		if field.Type == zapcore.NamespaceType {
			return (&core{handler.WithAttrs(attributes(fields[:i])).WithGroup(field.Key)}).With(fields[i+1:])
		}
	}
	if len(fields) > 0 {
		handler = handler.WithAttrs(attributes(fields))
	}
	return &core{handler}
}

// Check implements zapcore.Core.
func (c *core) Check(entry zapcore.Entry, checked *zapcore.CheckedEntry) *zapcore.CheckedEntry {
	if c.Enabled(entry.Level) {
		return checked.AddCore(entry, c)
	}
	return checked
}

// Write implements zapcore.Core.
func (c *core) Write(entry zapcore.Entry, fields []zapcore.Field) error {
	record := slog.NewRecord(entry.Time, slog.Level(entry.Level*levelStep), entry.Message, entry.Caller.PC)
	if entry.LoggerName != "" {
		record.AddAttrs(slog.String("logger", entry.LoggerName))
	}
	record.AddAttrs(attributes(fields)...)
	if entry.Stack != "" {
		record.AddAttrs(slog.String("stacktrace", entry.Stack))
	}
	return c.handler.Handle(context.Background(), record)
}

// Sync implements zapcore.Core. A handler has nothing to be flushed.
func (c *core) Sync() error { return nil }

// attributes are those of fields, in their order; what follows a namespace is a
// group of its own.
func attributes(fields []zapcore.Field) []slog.Attr {
	list := make([]slog.Attr, 0, len(fields))
	for i, field := range fields {
		if field.Type == zapcore.NamespaceType {
			return append(list, slog.Attr{Key: field.Key, Value: slog.GroupValue(attributes(fields[i+1:])...)})
		}
		list = append(list, attribute(field)...)
	}
	return list
}

// attribute is most often one: an error may tell more of itself in a second.
func attribute(field zapcore.Field) []slog.Attr {
	if field.Type == zapcore.StringType {
		return []slog.Attr{slog.String(field.Key, field.String)}
	}
	values := zapcore.NewMapObjectEncoder()
	field.AddTo(values)
	attributes := make([]slog.Attr, 0, len(values.Fields))
	for _, key := range slices.Sorted(maps.Keys(values.Fields)) {
		attributes = append(attributes, slog.Any(key, values.Fields[key]))
	}
	return attributes
}
