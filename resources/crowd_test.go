package resources_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
)

// list fills a body of some size with values.
func list(size int, value func(i int) string) string {
	var text strings.Builder
	for i := 0; text.Len() < size; i++ {
		text.WriteString(value(i))
		text.WriteByte(',')
	}
	return strings.TrimSuffix(text.String(), ",")
}

func body(data string) []byte {
	return []byte(`{"value":[{"changeType":"updated","resourceUrl":"/communications/calls/1/participants","resourceData":` + data + `}]}`)
}

// A megabyte must not be made into many, nor into a minute's work.
func TestBodiesNobodyWritesAreRefused(t *testing.T) {
	const size = 1 << 20
	numbered := func(i int) string { return fmt.Sprintf(`"a%d":0`, i) }
	always := func(text string) func(int) string { return func(int) string { return text } }
	for name, text := range map[string][]byte{
		"brackets":               []byte(strings.Repeat("[", 5*size)),
		"nested objects":         body(`{"state":"established","x":` + strings.Repeat(`{"a":`, size/6) + "1" + strings.Repeat("}", size/6) + `}`),
		"deep, but small":        body(`{"x":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `}`),
		"many properties":        body("{" + list(size, numbered) + "}"),
		"of an operation":        body(`{"@odata.type":"#microsoft.graph.playPromptOperation",` + list(size, numbered) + "}"),
		"of the envelope":        []byte("{" + list(size, numbered) + "}"),
		"not so many properties": body("{" + list(6<<10, numbered) + "}"),
		"empty notifications":    []byte(`{"value":[` + list(size, always("{}")) + "]}"),
		"numbers":                []byte(`{"value":[` + list(size, always("1")) + "]}"),
		"empty participants":     body("[" + list(size, always("{}")) + "]"),
		"empty targets":          body(`{"state":"established","targets":[` + list(size, always("{}")) + "]}"),
		"misfits":                body(`{"state":"established","targets":[` + list(size, always("{}")) + ",1]}"),
	} {
		_, err := resources.DecodeNotifications(text)
		require.ErrorIs(t, err, resources.ErrMalformed, name)
		require.Less(t, len(err.Error()), 200, name)
	}
}

func TestLargeBodiesAreTaken(t *testing.T) {
	person := func(i int) string {
		return fmt.Sprintf(`{"id":"%d","isMuted":false,"info":{"identity":{"user":{"id":"u%[1]d"}}},"mediaStreams":[{"mediaType":"audio","direction":"inactive"}]}`, i)
	}
	batch, err := resources.DecodeNotifications(body("[" + list(1<<20, person) + "]"))
	require.NoError(t, err)
	require.Greater(t, len(batch.Value[0].Data.(resources.Participants)), 5000)
	batch, err = resources.DecodeNotifications(body(`{"state":"established","subject":"` + strings.Repeat(`,[{\",`, 1<<17) + `"}`))
	require.NoError(t, err)
	require.Len(t, batch.Value[0].Data.(*resources.Call).Subject, 5<<17)
}

// What a call is told bit by bit is bounded as well.
func TestPropertiesWithoutAFieldDoNotPileUp(t *testing.T) {
	call := &resources.Call{}
	for i := range 1000 {
		news, err := resources.Decode[resources.Call]([]byte(fmt.Sprintf(`{"a%d":1,"latest":%[1]d}`, i)))
		require.NoError(t, err)
		call, _ = resources.Merge(call, news, resources.FieldsOf(news), nil)
	}
	count := 0
	for range call.Properties() {
		count++
	}
	require.LessOrEqual(t, count, 256)
	latest, _ := call.Property("latest")
	require.Equal(t, "999", string(latest), "those that are known go on changing")
}

func TestIDsNobodyGivesAreNone(t *testing.T) {
	_, ok := resources.ParsePath("/communications/calls/" + strings.Repeat("x", 600))
	require.False(t, ok)
}
