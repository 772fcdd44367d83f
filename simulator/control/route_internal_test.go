package control

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What is served is described, and the other way round.
func TestEveryRouteIsDescribedAndServed(t *testing.T) {
	text, err := files.ReadFile("openapi.json")
	require.NoError(t, err)
	var description struct {
		Paths map[string]map[string]any
	}
	require.NoError(t, json.Unmarshal(text, &description))
	var described, served []string
	for path, methods := range description.Paths {
		for method := range methods {
			described = append(described, strings.ToUpper(method)+" "+path)
		}
	}
	for _, route := range (&Server{}).routes() {
		served = append(served, route.method+" "+route.path)
	}
	served = append(served, "GET /v1/events", "GET /openapi.json")
	require.ElementsMatch(t, served, described)
}

// Every act is in the description, and the other way round.
func TestEveryActIsDescribed(t *testing.T) {
	text, err := files.ReadFile("openapi.json")
	require.NoError(t, err)
	var description struct {
		Paths map[string]map[string]struct {
			Parameters []struct {
				Name   string
				Schema struct{ Enum []string }
			}
		}
	}
	require.NoError(t, json.Unmarshal(text, &description))
	var acts, described []string
	for _, deed := range deeds() {
		acts = append(acts, deed.name)
	}
	for _, parameter := range description.Paths["/v1/people/{person}/{act}"]["post"].Parameters {
		described = append(described, parameter.Schema.Enum...)
	}
	require.ElementsMatch(t, append(acts, "pickUp", "decline"), described)
}
