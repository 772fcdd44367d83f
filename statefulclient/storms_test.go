//go:build !race

package statefulclient_test

const storms = 100
