package main

import (
	"context"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// TestMain is also the beginning of the bot, which is this program run again.
func TestMain(m *testing.M) {
	if os.Getenv(botProcess) != "" {
		os.Exit(runBot(context.Background(), os.Stdin, os.Stdout, os.Stderr))
	}
	goleak.VerifyTestMain(m)
}
