package resources_test

import (
	"bytes"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
	"weak"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
)

// What is kept of a body must not keep the body.
func TestNothingKeepsTheBody(t *testing.T) {
	text := bytes.Clone(wholeRoster(3))
	text = bytes.Replace(text, []byte(`"metadata":null`), []byte(`"metadata":["not text"],"future":{"a":1}`), 1)
	whole := weak.Make(&text[0])
	batch, err := resources.DecodeNotifications(text)
	require.NoError(t, err)
	text = nil
	require.Eventually(t, func() bool { runtime.GC(); return whole.Value() == nil }, 5*time.Second, time.Millisecond)
	require.Len(t, batch.Value[0].Data, 3)
	runtime.KeepAlive(text)
}

func TestListsHaveNoRoomToSpare(t *testing.T) {
	for _, streams := range []int{5, 3, 1, 9, 2, 0} {
		p, err := resources.Decode[resources.Participant]([]byte(
			`{"mediaStreams":[` + strings.TrimSuffix(strings.Repeat(`{"sourceId":"1"},`, streams), ",") + `]}`))
		require.NoError(t, err)
		require.Len(t, p.MediaStreams, streams)
		require.NotNil(t, p.MediaStreams)
		require.Equal(t, streams, cap(p.MediaStreams))
	}
}

// Resources of which the text named the same share that among them.
func TestPropertyOfOneIsNotThatOfAnother(t *testing.T) {
	const text = `{"state":"established","subject":null,"future":1}`
	for _, text := range []string{text, strings.Replace(text, `,"future":1`, "", 1)} {
		a, b := decodeCall(t, text), decodeCall(t, text)
		shallow := *a
		a.SetProperty("future", resources.Raw(`2`))
		require.True(t, resources.Equal(&shallow, b))
		require.False(t, resources.Equal(a, b))
		require.JSONEq(t, text, encode(t, b))
		require.JSONEq(t, text, encode(t, &shallow))
	}
}

// The order of the latest text is a guess at that of the next, and no more.
func TestPropertiesMayComeInAnyOrder(t *testing.T) {
	texts := []string{
		`{"@odata.type":"#microsoft.graph.call","state":"established","id":"1","subject":"s"}`,
		`{"subject":"s","id":"1","@odata.type":"#microsoft.graph.call","state":"established"}`,
		`{"Subject":"s","\u0069d":"1","state":"established","@odata.type":"#microsoft.graph.call"}`,
		`{"subject":"t","id":"2","subject":"s","id":"1","state":"established","@odata.type":"#microsoft.graph.call"}`,
	}
	want := decodeCall(t, texts[0])
	var group sync.WaitGroup
	for i := range 4 {
		group.Go(func() {
			for turn := range 100 {
				call, err := resources.Decode[resources.Call]([]byte(texts[(i+turn)%len(texts)]))
				if err != nil || !resources.Equal(want, call) || resources.FieldsOf(want) != resources.FieldsOf(call) {
					t.Errorf("%v", texts[(i+turn)%len(texts)])
				}
			}
		})
	}
	group.Wait()
}

// A type's name in another case is none, and is written back as it came.
func TestTypeInAnotherCaseIsAProperty(t *testing.T) {
	const text = `{"@OData.Type":"#microsoft.graph.call","id":"1"}`
	require.JSONEq(t, text, encode(t, decodeCall(t, text)))
}

func TestKeyIsTheDashedSpelling(t *testing.T) {
	const guid = "57dab8b1-894c-409a-b240-bd8beae78896"
	for _, id := range []string{guid, strings.ToUpper(guid), strings.ReplaceAll(guid, "-", ""), "57DAB8B1894C409AB240BD8BEAE78896"} {
		require.Equal(t, guid, resources.Key(id))
	}
	for _, id := range []string{"", "x", strings.Repeat("g", 32), guid + "0", "57dab8b1x894cx409axb240xbd8beae78896", strings.Repeat("-", 36)} {
		require.Equal(t, id, resources.Key(id))
	}
	require.Zero(t, testing.AllocsPerRun(10, func() { _ = resources.Key(guid) }))
}

// What was null is told apart also where many texts name the same.
func TestEveryChoiceOfNullsIsKept(t *testing.T) {
	names := []string{"id", "subject", "tenantId", "callChainId", "myParticipantId", "terminationReason"}
	for choice := range 1 << len(names) {
		members := make([]string, len(names))
		for i, name := range names {
			members[i] = `"` + name + `":"x"`
			if choice>>i&1 == 1 {
				members[i] = `"` + name + `":null`
			}
		}
		text := "{" + strings.Join(members, ",") + "}"
		require.JSONEq(t, text, encode(t, decodeCall(t, text)))
	}
}
