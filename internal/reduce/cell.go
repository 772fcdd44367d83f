package reduce

import (
	"sync/atomic"
	"weak"

	"github.com/graphcalls/graphcalls-go/resources"
)

// Cell holds the State of one call, and packs what is large in it while nobody
// asks for it. All methods but Store may be called from anywhere; none takes a
// lock. The zero Cell holds nil.
type Cell struct {
	state atomic.Pointer[State]
	asked atomic.Bool // for the state, since Rest was called last
}

// resting is what a State has at rest in place of its Call.
type resting struct {
	call resources.Packed[resources.Call]
	// was keeps the call the same, for who compares, as long as anybody has it.
	was weak.Pointer[resources.Call]
}

// Load returns the state, awake.
func (c *Cell) Load() *State {
	if !c.asked.Load() { // most often it was, and a store would slow other readers down
		c.asked.Store(true)
	}
	for {
		held := c.state.Load()
		if held == nil || held.resting == nil {
			return held
		}
		awake := held.awake()
		if c.state.CompareAndSwap(held, awake) {
			return awake
		}
	}
}

// Peek returns the state as Load does, and lets it rest on if it does. It is for
// who looks at many calls.
func (c *Cell) Peek() *State {
	held := c.state.Load()
	if held == nil {
		return nil
	}
	return held.awake()
}

// Store replaces the state, whether it rests or not. It is for the state's one
// writer.
func (c *Cell) Store(state *State) { c.state.Store(state) }

// Ended reports whether the call is over.
func (c *Cell) Ended() bool {
	held := c.state.Load()
	return held != nil && held.End != nil
}

// Resting reports whether the state is at rest.
func (c *Cell) Resting() bool {
	held := c.state.Load()
	return held != nil && held.resting != nil
}

// Rest puts the state to rest unless it was asked for since Rest was called
// before, or the call is over. A state that is stored meanwhile stays awake.
func (c *Cell) Rest() {
	held := c.state.Load()
	if held == nil || held.resting != nil || held.End != nil || c.asked.Swap(false) {
		return
	}
	c.state.CompareAndSwap(held, held.rest())
}

func (s *State) rest() *State {
	packed := *s
	packed.Call, packed.resting = nil, &resting{resources.Pack(s.Call), weak.Make(s.Call)}
	return &packed
}

func (s *State) awake() *State {
	if s.resting == nil {
		return s
	}
	awake := *s
	awake.Call, awake.resting = s.resting.was.Value(), nil
	if awake.Call == nil {
		awake.Call = s.resting.call.Unpack()
	}
	return &awake
}
