package control_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// spec is the description of the API, as far as these tests read it.
type spec struct {
	Paths      map[string]map[string]operation
	Components struct {
		Schemas   map[string]schema
		Responses map[string]response
	}
}

type operation struct {
	OperationID string
	RequestBody *struct {
		Required bool
		Content  map[string]media
	}
	Responses map[string]response
}

type response struct {
	Ref     string `json:"$ref"`
	Content map[string]media
}

type media struct{ Schema schema }

// schema is the part of JSON Schema that openapi.json makes use of.
type schema struct {
	Ref                  string `json:"$ref"`
	Type                 string
	Description, Format  string
	Enum                 []string
	Properties           map[string]schema
	Required             []string
	Items                *schema
	AnyOf                []schema
	AdditionalProperties json.RawMessage
	Minimum, Maximum     *float64
	Examples             []any
}

func readSpec(t *testing.T) *spec {
	t.Helper()
	text, err := os.ReadFile("openapi.json")
	require.NoError(t, err)
	var s spec
	require.NoError(t, json.Unmarshal(text, &s))
	return &s
}

// check returns what is wrong with a value.
func (s *spec) check(at string, value any, as schema) []string {
	if as.Ref != "" {
		return s.check(at, value, s.Components.Schemas[strings.TrimPrefix(as.Ref, "#/components/schemas/")])
	}
	if len(as.AnyOf) > 0 {
		for _, one := range as.AnyOf {
			if len(s.check(at, value, one)) == 0 {
				return nil
			}
		}
		return []string{at + ": is none of what it may be"}
	}
	var wrong []string
	switch as.Type {
	case "null":
		if value != nil {
			wrong = append(wrong, at+": is not null")
		}
	case "string":
		text, ok := value.(string)
		if !ok || as.Enum != nil && !slices.Contains(as.Enum, text) {
			wrong = append(wrong, fmt.Sprintf("%s: %v is no string, or not one of %v", at, value, as.Enum))
		}
	case "boolean":
		if _, ok := value.(bool); !ok {
			wrong = append(wrong, at+": is no boolean")
		}
	case "integer", "number":
		n, ok := value.(float64)
		if !ok || as.Type == "integer" && n != float64(int64(n)) || as.Minimum != nil && n < *as.Minimum || as.Maximum != nil && n > *as.Maximum {
			wrong = append(wrong, fmt.Sprintf("%s: %v is no such %s", at, value, as.Type))
		}
	case "array":
		items, ok := value.([]any)
		if !ok {
			return []string{at + ": is no array"}
		}
		for i, item := range items {
			wrong = append(wrong, s.check(fmt.Sprintf("%s[%d]", at, i), item, *as.Items)...)
		}
	case "object":
		return s.checkObject(at, value, as)
	default:
		wrong = append(wrong, at+": its type is not described")
	}
	return wrong
}

func (s *spec) checkObject(at string, value any, as schema) []string {
	object, ok := value.(map[string]any)
	if !ok {
		return []string{at + ": is no object"}
	}
	var wrong []string
	for _, name := range as.Required {
		if _, there := object[name]; !there {
			wrong = append(wrong, at+"."+name+": is missing")
		}
	}
	for name, member := range object {
		property, known := as.Properties[name]
		switch {
		case known:
			wrong = append(wrong, s.check(at+"."+name, member, property)...)
		case string(as.AdditionalProperties) == "false":
			wrong = append(wrong, at+"."+name+": is not described")
		}
	}
	return wrong
}

// find returns the operation of a request; words of a path go before names in
// braces.
func (s *spec) find(method, path string) (operation, bool) {
	var best operation
	fewest := -1
	for template, methods := range s.Paths {
		found, described := methods[strings.ToLower(method)]
		words, asked := strings.Split(template, "/"), strings.Split(path, "/")
		if !described || len(words) != len(asked) {
			continue
		}
		names, matches := 0, true
		for i, word := range words {
			if strings.HasPrefix(word, "{") {
				names++
			} else if word != asked[i] {
				matches = false
			}
		}
		if matches && (fewest < 0 || names < fewest) {
			best, fewest = found, names
		}
	}
	return best, fewest >= 0
}

func (s *spec) checkReply(t *testing.T, method string, asked *url.URL, status int, body []byte) {
	t.Helper()
	op, described := s.find(method, asked.EscapedPath())
	if !described {
		return
	}
	reply, described := op.Responses[fmt.Sprint(status)]
	require.True(t, described, "%s %s answers %d, which is not described: %s", method, asked.Path, status, body)
	if reply.Ref != "" {
		reply = s.Components.Responses[strings.TrimPrefix(reply.Ref, "#/components/responses/")]
	}
	if len(reply.Content) == 0 {
		require.Empty(t, body)
		return
	}
	var value any
	require.NoError(t, json.Unmarshal(body, &value))
	require.Empty(t, s.check(op.OperationID, value, reply.Content["application/json"].Schema))
}

func TestDescriptionsExamplesAreAsDescribed(t *testing.T) {
	s := readSpec(t)
	require.NotEmpty(t, s.Components.Schemas)
	for name, described := range s.Components.Schemas {
		require.NotEmpty(t, described.Examples, name)
		for _, example := range described.Examples {
			require.Empty(t, s.check(name, example, described))
		}
	}
}

// What the description gives as example of a body, the server takes: it does
// not say that it cannot be read.
func TestServerTakesTheExamplesOfBodies(t *testing.T) {
	d := newDesk(t)
	taken := 0
	for path, methods := range d.spec.Paths {
		for method, op := range methods {
			if op.RequestBody == nil {
				continue
			}
			name := strings.TrimPrefix(op.RequestBody.Content["application/json"].Schema.Ref, "#/components/schemas/")
			for _, example := range d.spec.Components.Schemas[name].Examples {
				person, call := d.callBot()
				meeting := d.do("POST", "/v1/meetings", m{})["threadId"].(string)
				address := strings.NewReplacer("{bot}", d.bot.AppID, "{person}", person, "{call}", call, "{meeting}", escape(meeting)).Replace(path)
				status, value := d.ask(strings.ToUpper(method), address, withRealIDs(example, d.bot.AppID, meeting))
				require.NotContains(t, []int{http.StatusBadRequest, http.StatusNotFound}, status, "%s %s: %v", method, path, value)
				d.do("DELETE", "/v1/faults", nil)
				d.do("PATCH", "/v1/bots/"+d.bot.AppID, m{"callingWebhook": d.bot.CallingWebhook})
				taken++
			}
		}
	}
	require.Greater(t, taken, 10)
}

// withRealIDs replaces the ids that examples make up.
func withRealIDs(example any, bot, meeting string) any {
	object := maps.Clone(example.(map[string]any))
	for name, id := range map[string]string{"botId": bot, "meetingId": meeting} {
		if _, there := object[name]; there {
			object[name] = id
		}
	}
	return object
}

func TestSchemasThatAreNotMetAreFound(t *testing.T) {
	s := readSpec(t)
	call := s.Components.Schemas["Call"]
	good := func() map[string]any { return maps.Clone(call.Examples[0].(map[string]any)) }
	for name, spoil := range map[string]func(map[string]any){
		"missing": func(c map[string]any) { delete(c, "state") },
		"strange": func(c map[string]any) { c["colour"] = "red" },
		"enum":    func(c map[string]any) { c["direction"] = "up" },
		"type":    func(c map[string]any) { c["keepAlives"] = "1" },
		"nested":  func(c map[string]any) { c["result"] = map[string]any{"code": 1.5} },
	} {
		value := good()
		spoil(value)
		require.NotEmpty(t, s.check("call", value, call), name)
	}
}
