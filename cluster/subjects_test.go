package cluster_test

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/graphcalls/graphcalls-go/cluster"
)

func TestTokensAreSafeAndReadBack(t *testing.T) {
	safe := regexp.MustCompile(`^[-=a-zA-Z0-9]+$`)
	rapid.Check(t, func(t *rapid.T) {
		id := string(rapid.SliceOfN(rapid.Byte(), 1, 40).Draw(t, "id"))
		text, read, ok := cluster.SplitToken(id)
		require.True(t, ok)
		require.Equal(t, id, read)
		require.Regexp(t, safe, text)
	})
	text, _, _ := cluster.SplitToken("421f0a00-5e7c-4f0d-8d3c-0a1b2c3d4e5f")
	require.Equal(t, "421f0a00-5e7c-4f0d-8d3c-0a1b2c3d4e5f", text)
}

func TestHomeDoesNotDependOnTheSpelling(t *testing.T) {
	homes := map[int]int{}
	for range 200 {
		homes[cluster.Home(rapid.StringN(36, 36, -1).Example(), 8)]++
	}
	require.Len(t, homes, 8)
	require.Equal(t, cluster.Home("421f0a00-5e7c-4f0d-8d3c-0a1b2c3d4e5f", 32), cluster.Home("421F0A005E7C4F0D8D3C0A1B2C3D4E5F", 32))
}
