//go:build race

package statefulclient_test

// The race detector takes ten times as long, and finds in few what it finds in many.
const storms = 12
