package resources_test

import (
	"testing"

	"github.com/graphcalls/graphcalls-go/resources"
)

func BenchmarkPack(b *testing.B) {
	participant := decodePerson(b, person(7))
	b.ReportAllocs()
	for b.Loop() {
		_ = resources.Pack(participant)
	}
}

func BenchmarkUnpack(b *testing.B) {
	packed := resources.Pack(decodePerson(b, person(7)))
	b.ReportAllocs()
	for b.Loop() {
		_ = packed.Unpack()
	}
}

// BenchmarkHolds is what a whole roster costs for each of whom there is nothing new.
func BenchmarkHolds(b *testing.B) {
	participant := decodePerson(b, person(7))
	packed := resources.Pack(participant)
	b.ReportAllocs()
	for b.Loop() {
		if !packed.Holds(participant) {
			b.Fatal("not the same")
		}
	}
}
