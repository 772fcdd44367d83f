package main

import (
	"bytes"
	"log"
	"os"
	"path/filepath"
	"testing"

	"github.com/CycloneDX/cyclonedx-go"
	"github.com/stretchr/testify/require"
)

func TestBillsOfThisRepository(t *testing.T) {
	r, err := findRepository(t.Context(), ".")
	require.NoError(t, err)
	folder, again := t.TempDir(), t.TempDir()
	require.NoError(t, r.writeBOMs(t.Context(), log.New(t.Output(), "", 0), folder))
	require.NoError(t, r.writeBOMs(t.Context(), log.New(t.Output(), "", 0), again))
	for name, part := range map[string]string{
		"graphcalls-go.cdx.json":         "github.com/looplab/fsm",
		"graphcalls-go-cluster.cdx.json": "github.com/graphcalls/graphcalls-go",
		"graphcalls-go-observe.cdx.json": "go.opentelemetry.io/otel",
	} {
		text, err := os.ReadFile(filepath.Join(folder, name))
		require.NoError(t, err)
		same, err := os.ReadFile(filepath.Join(again, name))
		require.NoError(t, err)
		require.Equal(t, string(text), string(same))
		verify(t, text, part)
	}
}

// verify reads a bill, in which everything has a licence, a sum where it is not
// ours, and a place in the graph.
func verify(t *testing.T, text []byte, part string) {
	t.Helper()
	bill := new(cyclonedx.BOM)
	require.NoError(t, cyclonedx.NewBOMDecoder(bytes.NewReader(text), cyclonedx.BOMFileFormatJSON).Decode(bill))
	known, names := map[string]bool{bill.Metadata.Component.BOMRef: true}, []string{}
	require.Equal(t, "MIT", (*bill.Metadata.Component.Licenses)[0].License.ID)
	for _, c := range *bill.Components {
		require.False(t, known[c.BOMRef], c.BOMRef)
		known[c.BOMRef] = true
		names = append(names, c.Name)
		require.NotEmpty(t, (*c.Licenses)[0].License.ID, c.Name)
		if c.Name != "github.com/graphcalls/graphcalls-go" {
			require.Len(t, (*c.Hashes)[0].Value, 64, c.Name)
		}
	}
	require.Contains(t, names, part)
	require.Len(t, *bill.Dependencies, len(known))
	used := map[string]bool{bill.Metadata.Component.BOMRef: true}
	for _, d := range *bill.Dependencies {
		require.True(t, known[d.Ref], d.Ref)
		if d.Dependencies == nil {
			continue
		}
		for _, ref := range *d.Dependencies {
			require.True(t, known[ref], ref)
			used[ref] = true
		}
	}
	require.Equal(t, known, used, "in the bill, and used by nothing")
}
