// Package store keeps the records of live calls beyond the life of a process, so that a client that starts again finds
// them.
//
// [OpenFiles] keeps them in a folder of this machine and survives a crash of the process or of the machine.
// [NewMemory] keeps them in the process, for tests and for clients that share one. Any other place is a [Store] too:
// package storetest has the tests that such a store must pass.
package store
