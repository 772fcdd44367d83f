// Bench does the same work through this SDK and through what else its users
// could pick, side by side in one process, and prints a table:
//
//	go run .                 the table, and a line "ratio: NAME VALUE" for each figure
//	go run . -only NAME,…    some figures of it
//	go run . -long           more rounds, and each round as benchstat reads it
//	go run . -only NAME -cpuprofile cpu.out -memprofile heap.out
//	go run . -load -for 60s  a webhook of 5,000 live calls under load, beside bare net/http
//
// It is a module of its own, and no part of the workspace, because what it
// compares with takes minutes to compile: run it with GOWORK=off.
//
// Each figure is measured in a process of its own, so that the heap of one is
// not in another's way; what is compared within a figure takes turns in that one
// process, because two processes on a busy machine are not comparable. A figure
// is the median of its rounds.
package main
