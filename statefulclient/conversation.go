package statefulclient

import "slices"

// Conversation returns the calls of the bot's that belong to one conversation
// with this one, itself first, as far as they have not ended: the platform gives
// a recording bot a call for each person that policy wants recorded, a person
// with a number may ring twice, and a transfer goes on as another call. They
// share the chain id they began with.
func (c *Call) Conversation() []*Call {
	return append([]*Call{c}, c.client.calls.chained(c)...)
}

func (c *Calls) chained(to *Call) []*Call {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(c.chains[to.chainID]), func(other *Call) bool { return other == to })
}

// joinChain notes which conversation a call begins in. The caller holds mu.
func (c *Calls) joinChain(call *Call) {
	if call.chainID == "" {
		return
	}
	if c.chains == nil {
		c.chains = map[string][]*Call{}
	}
	c.chains[call.chainID] = append(c.chains[call.chainID], call)
}

// leaveChain undoes joinChain. The caller holds mu.
func (c *Calls) leaveChain(call *Call) {
	rest := slices.DeleteFunc(c.chains[call.chainID], func(other *Call) bool { return other == call })
	if len(rest) == 0 {
		delete(c.chains, call.chainID)
	} else {
		c.chains[call.chainID] = rest
	}
}
