// Package archtest checks the house itself: who may import whom, that the docs
// say what is true, and that nothing of where it was built is left in it. It
// has tests only.
package archtest
