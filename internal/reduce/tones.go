package reduce

import (
	"cmp"
	"slices"

	"github.com/graphcalls/graphcalls-go/resources"
)

// tones remembers which keys were told, so that each is told once and, where
// waiting a moment allows it, in the order they were pressed.
type tones struct {
	some        bool
	first, last int64                 // all between were told, but for
	missing     []int64               // these, given up on
	earlier     []int64               // told though below first
	waiting     []*resources.ToneInfo // beyond a gap, in order
}

// Beyond these bounds a key told twice is possible; one not told is not.
const (
	maxWaitingTones = 32
	maxMissingTones = 64
)

func (t *tones) told(id int64) bool {
	switch {
	case !t.some:
		return false
	case id < t.first:
		return slices.Contains(t.earlier, id)
	case id > t.last:
		return slices.ContainsFunc(t.waiting, func(w *resources.ToneInfo) bool { return w.SequenceID == id })
	default:
		return !slices.Contains(t.missing, id)
	}
}

func (s *step) pressed(tone *resources.ToneInfo) {
	known := &s.state.tones
	if tone == nil || known.told(tone.SequenceID) {
		return
	}
	tone = resources.Detach(tone)
	switch {
	case !known.some || tone.SequenceID == known.last+1:
		s.tell(tone)
		s.tonesInTurn()
	case tone.SequenceID > known.last:
		s.tonesWait(tone)
	default:
		s.tellLate(tone)
	}
}

// tell raises the next key, which everything up to it has come or been given
// up.
func (s *step) tell(tone *resources.ToneInfo) {
	known := &s.state.tones
	if !known.some {
		known.some, known.first = true, tone.SequenceID
	} else {
		known.missing = slices.Clone(known.missing)
		for id := max(known.last+1, tone.SequenceID-maxMissingTones); id < tone.SequenceID; id++ {
			known.missing = append(known.missing, id)
		}
		known.missing = known.missing[max(0, len(known.missing)-maxMissingTones):]
	}
	known.last = tone.SequenceID
	s.amend(func(call *resources.Call) { call.ToneInfo = tone })
	s.raise(Pressed{Tone: tone})
}

func (s *step) tellLate(tone *resources.ToneInfo) {
	known := &s.state.tones
	if tone.SequenceID < known.first {
		known.earlier = append(slices.Clone(known.earlier), tone.SequenceID)
		known.earlier = known.earlier[max(0, len(known.earlier)-maxMissingTones):]
	} else {
		known.missing = slices.DeleteFunc(slices.Clone(known.missing), func(id int64) bool { return id == tone.SequenceID })
	}
	s.touched = true
	s.raise(Pressed{Tone: tone, Late: true})
}

func (s *step) tonesWait(tone *resources.ToneInfo) {
	known := &s.state.tones
	if len(known.waiting) == 0 {
		s.request(Wait{GapTones})
	}
	known.waiting = append(slices.Clone(known.waiting), tone)
	slices.SortFunc(known.waiting, func(a, b *resources.ToneInfo) int { return cmp.Compare(a.SequenceID, b.SequenceID) })
	s.touched, s.verdict = true, Waiting
	if len(known.waiting) > maxWaitingTones {
		s.tonesReleased()
	}
}

// tonesInTurn tells the waiting keys whose turn has come.
func (s *step) tonesInTurn() {
	for known := &s.state.tones; len(known.waiting) > 0 && known.waiting[0].SequenceID == known.last+1; {
		tone := known.waiting[0]
		known.waiting = known.waiting[1:]
		s.tell(tone)
	}
}

// tonesReleased tells all waiting keys, giving up on those missing between.
func (s *step) tonesReleased() {
	for known := &s.state.tones; len(known.waiting) > 0; {
		tone := known.waiting[0]
		known.waiting = known.waiting[1:]
		s.tell(tone)
	}
}
