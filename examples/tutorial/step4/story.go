package main

import "context"

// story is a good day.
func story(ctx context.Context, l *laptop) error {
	client, err := l.builder().Build()
	if err != nil {
		return err
	}
	return play(ctx, l, client)
}
