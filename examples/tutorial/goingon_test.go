package tutorial_test

import (
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCodeOfThePagesThatGoOnIsThatOfTheLastStep(t *testing.T) {
	for _, b := range slices.Concat(blocksOf(t, "../../docs/testing.md"), blocksOf(t, "../../docs/operating.md")) {
		if b.language != "go" {
			continue
		}
		file, ok := b.linked()
		require.True(t, ok, "%q does not say which file this is from:\n%s", b.intro, b.text)
		text, err := os.ReadFile("../../" + file)
		require.NoError(t, err)
		require.Contains(t, string(text), b.text)
	}
}
