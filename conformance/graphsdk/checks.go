package main

import (
	"errors"
	"fmt"

	"github.com/microsoft/kiota-abstractions-go/serialization"
)

// checks gathers what is wrong with a reply.
type checks struct {
	wrong []error
	reply serialization.Parsable // nil where nothing is said
	// status is what the reply is to say of an operation, in lower case; empty
	// when it is none.
	status string
}

func (c *checks) fail(format string, values ...any) {
	c.wrong = append(c.wrong, fmt.Errorf(format, values...))
}

func (c *checks) that(holds bool, what string) {
	if !holds {
		c.fail("not so: %s", what)
	}
}

// got takes a reply, whose model is to have all that its text says, and reports
// whether there is one.
func (c *checks) got(reply serialization.Parsable, err error) bool {
	if err != nil {
		return false
	}
	c.reply = reply
	return true
}

func (c *checks) err() error { return errors.Join(c.wrong...) }

// whole checks that a model has all that a text says, and counts where it has
// no status.
func (c *checks) whole(text []byte, model serialization.Parsable) (statuses int) {
	gone, err := lost(text, model)
	if err != nil {
		c.fail("%w", err)
	}
	for _, l := range gone {
		if l.isCaseOfStatus() {
			statuses++
			continue
		}
		c.fail("the client lost %s", l)
	}
	return statuses
}

// filled checks that a model has a text.
func filled(c *checks, what string, got *string) string {
	if value(got) == "" {
		c.fail("%s is missing", what)
	}
	return value(got)
}

// equal checks a field, which models have as pointers.
func equal[T comparable](c *checks, what string, got *T, want T) {
	switch {
	case got == nil:
		c.fail("%s is missing, not %v", what, want)
	case *got != want:
		c.fail("%s is %v, not %v", what, *got, want)
	}
}

// is checks which of the client's types a model is. Its interfaces say little:
// those of many types have the same methods.
func is[T any](c *checks, what string, got any) (T, bool) {
	model, ok := got.(T)
	if !ok {
		c.fail("%s is a %T, not a %T", what, got, model)
	}
	return model, ok
}

func value[T any](pointer *T) T {
	if pointer == nil {
		var none T
		return none
	}
	return *pointer
}

// equalTo reports whether a field is there, and what it should be.
func equalTo[T comparable](got *T, want T) bool { return got != nil && *got == want }
