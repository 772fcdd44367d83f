// Maintain asks what has to be known before a release: whether the API keeps
// what it promised, whose licences come with the dependencies, and what a
// release is made of.
//
//	maintain api         compares each published module with its last release
//	maintain licences    fails on a dependency whose licence is unknown, or not allowed
//	maintain sbom FOLDER writes what each published module is made of, in CycloneDX
//
// It works on the repository that the working directory is in. The Makefile
// runs it.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"os/signal"
)

var errUsage = errors.New("usage: maintain api | licences | sbom FOLDER")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, log.New(os.Stdout, "", 0), os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out *log.Logger, args []string) error {
	repository, err := findRepository(ctx, ".")
	if err != nil {
		return err
	}
	switch {
	case len(args) == 1 && args[0] == "api":
		return repository.checkAPI(ctx, out)
	case len(args) == 1 && args[0] == "licences":
		return repository.checkLicences(ctx, out)
	case len(args) == 2 && args[0] == "sbom":
		return repository.writeBOMs(ctx, out, args[1])
	default:
		return errUsage
	}
}
