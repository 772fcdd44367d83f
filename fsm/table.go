package fsm

import (
	"slices"

	"github.com/looplab/fsm"

	"github.com/graphcalls/graphcalls-go/resources"
)

// steps is the table: what the platform's pages and traces show a call do, one
// step at a time. The rest follows from it.
func steps() fsm.Events {
	live := []resources.CallState{
		resources.CallStateEstablished, resources.CallStateHold, resources.CallStateTransferring,
		resources.CallStateTransferAccepted, resources.CallStateRedirecting,
	}
	early := []resources.CallState{
		resources.CallStateIncoming, resources.CallStateEstablishing, resources.CallStateRinging,
	}
	step := func(name string, to resources.CallState, from ...resources.CallState) fsm.EventDesc {
		return fsm.EventDesc{Name: name, Src: names(from...), Dst: string(to)}
	}
	return fsm.Events{
		step("answer", resources.CallStateEstablishing, resources.CallStateIncoming),
		step("redirect", resources.CallStateRedirecting, resources.CallStateIncoming, resources.CallStateEstablished),
		step("ring", resources.CallStateRinging, resources.CallStateEstablishing),
		step("connect", resources.CallStateEstablished, resources.CallStateEstablishing, resources.CallStateRinging),
		step("hold", resources.CallStateHold, resources.CallStateEstablished),
		step("resume", resources.CallStateEstablished, resources.CallStateHold),
		step("transfer", resources.CallStateTransferring, resources.CallStateEstablished),
		step("accept", resources.CallStateTransferAccepted, resources.CallStateTransferring),
		step("fail", resources.CallStateEstablished,
			resources.CallStateTransferring, resources.CallStateTransferAccepted, resources.CallStateRedirecting),
		step("hangUp", resources.CallStateTerminating, slices.Concat(early, live)...),
		step("end", resources.CallStateTerminated,
			slices.Concat(early, live, []resources.CallState{resources.CallStateTerminating})...),
	}
}

// Mermaid draws the table as a Mermaid state diagram. Skipping ahead, which is
// allowed from every state to all that can be reached from it, is not drawn.
func Mermaid() (string, error) {
	machine := fsm.NewFSM(string(resources.CallStateIncoming), steps(), nil)
	return fsm.VisualizeForMermaidWithGraphType(machine, fsm.StateDiagram)
}
