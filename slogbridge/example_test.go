package slogbridge_test

import (
	"log/slog"
	"os"

	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/slogbridge"
)

// What the client says goes where all else of the program does. Hand the logger to
// StatefulClientBuilder.SetLogger.
func ExampleLogger() {
	handler := slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	})
	logger := slogbridge.Logger(handler)
	logger.Info("call state", zap.String("call", "c1"), zap.String("to", "established"))
	// Output: level=INFO msg="call state" call=c1 to=established
}
