package trace_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/trace"
)

func TestCallComesBackFromHold(t *testing.T) {
	file, err := os.Open("testdata/hold.jsonl")
	require.NoError(t, err)
	defer file.Close()
	replayed, err := trace.Replay(file)
	require.NoError(t, err)
	require.Nil(t, replayed.Difference)
	call := replayed.Calls[0]
	require.Equal(t, []resources.CallState{"incoming", "establishing", "established", "hold", "established", "terminated"}, call.States())
	cause, _ := call.Ended()
	require.Equal(t, "reported", cause)
}

func ExampleReplay() {
	file, err := os.Open("testdata/hold.jsonl")
	if err != nil {
		panic(err)
	}
	defer file.Close()
	replayed, err := trace.Replay(file)
	if err != nil {
		panic(err)
	}
	for _, edge := range replayed.Calls[0].Edges() {
		fmt.Println(edge.To, edge.Skipped)
	}
	fmt.Println("as recorded:", replayed.Difference == nil)
	// Output:
	// incoming []
	// establishing []
	// established []
	// hold []
	// established []
	// terminated []
	// as recorded: true
}
