package simulator

import "github.com/graphcalls/graphcalls-go/resources"

// Endings that more than one thing leads to.

func conversationEnded() *resources.ResultInfo {
	return result(200, 5001, "The conversation has ended.")
}

func endedByOther() *resources.ResultInfo {
	return result(200, 4097, "Call ended by the other participant in the call.")
}

func removedByAnother() *resources.ResultInfo {
	return result(200, 5300, "Participant was removed by another participant.")
}
