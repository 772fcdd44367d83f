// Reception answers the telephone.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/graphcalls/graphcalls-go/simulator"
)

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := run(ctx); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	platform, err := simulator.Start(simulator.Options{})
	if err != nil {
		return err
	}
	defer platform.Close()
	l, err := plugIn(platform)
	if err != nil {
		return err
	}
	defer l.provider.Close()
	return story(ctx, l)
}
