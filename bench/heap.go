package main

import "runtime"

// Retained is how many bytes of the heap what build returns keeps alive.
func Retained(build func() (any, error)) (float64, error) {
	before := settledHeap()
	kept, err := build()
	if err != nil {
		return 0, err
	}
	after := settledHeap()
	runtime.KeepAlive(kept)
	return float64(after) - float64(before), nil
}

// settledHeap is what is alive once goroutines that are about to end have ended, and
// finalizers and pools have had their turns.
func settledHeap() uint64 {
	settledGoroutines()
	for range 3 {
		runtime.GC()
	}
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
