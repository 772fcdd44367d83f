package reduce

import (
	"slices"
	"strings"

	"github.com/graphcalls/graphcalls-go/resources"
)

// operation is one thing the platform does, or did, for the bot. Ended ones
// are remembered a while: their end may be delivered again, or come before the
// reply that says it was theirs.
type operation struct {
	clientContext string
	id            string // as the platform spells it
	asked         bool
	ended         resources.Operation
}

func (o *operation) is(key string) bool { return o.id != "" && resources.Key(o.id) == key }

// PendingOperation is an operation that this client asked for and that has not
// ended.
type PendingOperation struct {
	ClientContext string
	ID            string // empty until the platform has replied
}

// PendingOperations returns the operations that this client asked for and that
// have not ended, in the order they were asked for.
func (s *State) PendingOperations() []PendingOperation {
	var pending []PendingOperation
	for _, o := range s.operations {
		if o.asked && o.ended == nil {
			pending = append(pending, PendingOperation{o.clientContext, o.id})
		}
	}
	return pending
}

const maxEndedOperations = 64

func (s *step) asked(in Asked) {
	s.setOperations(append(slices.Clone(s.state.operations), operation{clientContext: in.ClientContext, asked: true}))
}

func (s *step) refused(in Refused) {
	s.setOperations(slices.DeleteFunc(slices.Clone(s.state.operations), func(o operation) bool {
		return o.asked && o.ended == nil && o.clientContext == in.ClientContext
	}))
}

// granted learns the id of an operation asked for. Its end may have come
// already, by that id alone.
func (s *step) granted(in Granted) {
	common := in.Operation.Common()
	key := resources.Key(common.ID)
	early := s.find(func(o *operation) bool { return !o.asked && o.is(key) })
	at := s.marked(in.ClientContext, func(o *operation) bool { return o.asked })
	if at < 0 {
		return
	}
	operations := slices.Clone(s.state.operations)
	operations[at].id = strings.Clone(common.ID)
	s.setOperations(operations)
	switch {
	case operations[at].ended != nil:
	case common.Status.Ended():
		s.finish(at, in.Operation, false)
	case early >= 0:
		s.finish(at, operations[early].ended, true)
	}
}

// operated takes in what a notification says of an operation.
func (s *step) operated(told resources.Operation, path resources.Path, change resources.ChangeType) {
	common := told.Common()
	if change != resources.ChangeTypeDeleted && !common.Status.Ended() {
		return // still running: no news
	}
	id := common.ID
	if id == "" {
		id = path.ItemID
	}
	key := resources.Key(id)
	at := s.find(func(o *operation) bool { return o.is(key) })
	if at < 0 {
		at = s.marked(common.ClientContext, func(*operation) bool { return true })
	}
	if at < 0 {
		at = len(s.state.operations)
		s.setOperations(append(slices.Clone(s.state.operations), operation{clientContext: strings.Clone(common.ClientContext), id: strings.Clone(id)}))
	}
	if s.state.operations[at].ended == nil {
		s.finish(at, told, false)
		return
	}
	s.verdict = Unchanged
}

func (s *step) finish(at int, result resources.Operation, repeated bool) {
	result = *resources.Detach(&result)
	operations := slices.Clone(s.state.operations)
	operations[at].ended = result
	mark := ""
	if operations[at].asked {
		mark = operations[at].clientContext
	}
	s.setOperations(forgetOldest(operations))
	s.verdict = Applied
	s.raise(OperationEnded{mark, result, repeated})
}

func forgetOldest(operations []operation) []operation {
	ended := func(o operation) bool { return o.ended != nil }
	count := 0
	for _, o := range operations {
		if ended(o) {
			count++
		}
	}
	if count > maxEndedOperations {
		oldest := slices.IndexFunc(operations, ended)
		operations = slices.Delete(operations, oldest, oldest+1)
	}
	return operations
}

func (s *step) find(match func(*operation) bool) int {
	for i := range s.state.operations {
		if match(&s.state.operations[i]) {
			return i
		}
	}
	return -1
}

// marked finds an operation by its mark, which may have been used before: one
// that is pending goes before those that have ended.
func (s *step) marked(mark string, match func(*operation) bool) int {
	if mark == "" {
		return -1
	}
	at := s.find(func(o *operation) bool { return o.ended == nil && o.clientContext == mark && match(o) })
	if at < 0 {
		at = s.find(func(o *operation) bool { return o.clientContext == mark && match(o) })
	}
	return at
}

func (s *step) setOperations(operations []operation) {
	s.state.operations, s.touched = operations, true
}

// WithOperationsOf returns a state with the operations that a newer one of the
// same call knows to have been asked for, as pending: for who keeps an older state
// in which they must not be missing. How they ended is left to be heard again.
func (s *State) WithOperationsOf(newer *State) *State {
	if s == newer {
		return s
	}
	operations := slices.Clone(s.operations)
	changed := false
	for _, o := range newer.operations {
		if !o.asked {
			continue
		}
		at := slices.IndexFunc(operations, func(known operation) bool { return known.asked && known.same(o) })
		switch {
		case at < 0:
			operations, changed = append(operations, operation{clientContext: o.clientContext, id: o.id, asked: true}), true
		case operations[at].id == "" && o.id != "":
			operations[at].id, changed = o.id, true
		}
	}
	if !changed {
		return s
	}
	merged := *s
	merged.operations = operations
	return &merged
}

// same tells operations under one mark apart: one that has an id keeps it.
func (o *operation) same(newer operation) bool {
	return o.clientContext == newer.clientContext && (o.id == "" || o.is(resources.Key(newer.id)))
}
