package control

import (
	"slices"
	"sync"
)

const injectedShown = 100

// injected are the faults that were asked for since they were last healed, the
// newest of them. The platform does not say which are used up.
type injected struct {
	mu     sync.Mutex
	faults []faultText
}

// add notes a fault; one of its kind at the same place gives way to it.
func (i *injected) add(fault faultText) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.remove(fault.Kind, fault.CallID)
	i.faults = append(i.faults, fault)
	if len(i.faults) > injectedShown {
		i.faults = slices.Delete(i.faults, 0, 1)
	}
}

// release ends hold.
func (i *injected) release(callID string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.remove("hold", callID)
}

func (i *injected) remove(kind, callID string) {
	i.faults = slices.DeleteFunc(i.faults, func(f faultText) bool { return f.Kind == kind && f.CallID == callID })
}

func (i *injected) clear() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.faults = nil
}

func (i *injected) list() []faultText {
	i.mu.Lock()
	defer i.mu.Unlock()
	return append([]faultText{}, i.faults...)
}
