package resources_test

import (
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
	"unsafe"
	"weak"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
)

// textOf is the text that a decoded string is part of.
func textOf(decoded string) weak.Pointer[byte] { return weak.Make(unsafe.StringData(decoded)) }

func requireGone(t *testing.T, text weak.Pointer[byte]) {
	t.Helper()
	require.Eventually(t, func() bool { runtime.GC(); return text.Value() == nil }, 5*time.Second, time.Millisecond)
}

func TestDetachedResourceKeepsNoText(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	require.NoError(t, err)
	texts := []string{
		string(wholeRoster(3)), string(callUpdate()),
		string(body(`{"@odata.type":"#microsoft.graph.call","id":"","state":"odd","future":{"a":1},"subject":["misfit"],"toneInfo":{"tone":"x","y":1},` +
			`"mediaConfig":{"blob":"b"},"meetingInfo":{"@odata.type":"#microsoft.graph.later","z":"y"},"targets":[{},{"region":"r"}],"requestedModalities":["audio","smell"],` +
			`"operations":[{"@odata.type":"#microsoft.graph.playPromptOperation","clientContext":"c"}],"transcription":{"lastModifiedDateTime":"2026-01-02T03:04:05Z"}}`)),
		string(body(`{"@odata.type":"#microsoft.graph.playPromptOperation","id":"o","status":"completed","resultInfo":{"message":"fine"}}`)),
		string(body(`[{"@odata.type":"#microsoft.graph.contentSharingSession","id":"s","later":null}]`)),
		string(body(`[1,"x"]`)), string(body(`{"@odata.type":"#microsoft.graph.later","x":"y"}`)), string(body(`null`)),
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		texts = append(texts, string(text))
	}
	for _, text := range texts {
		if strings.Contains(text, `"value"`) {
			checkDetach(t, text, resources.DecodeNotifications)
		}
		checkDetach(t, strings.Replace(text, "{", `{"first thing":"said",`, 1), resources.Decode[resources.Call])
	}
}

func checkDetach[T any](t *testing.T, text string, decode func([]byte) (*T, error)) {
	t.Helper()
	whole, err := decode([]byte(strings.Replace(text, "{", `{"a name":1,`, 1)))
	require.NoError(t, err)
	var part weak.Pointer[byte]
	for name := range any(whole).(interface {
		Properties() iter.Seq2[string, resources.Raw]
	}).Properties() {
		part = textOf(name)
		break
	}
	require.NotNil(t, part.Value())
	detached := resources.Detach(whole)
	require.True(t, resources.Equal(whole, detached))
	require.Equal(t, encode(t, whole), encode(t, detached))
	requireGone(t, part)
	runtime.KeepAlive(detached)
}

func TestMergedResourceKeepsNoText(t *testing.T) {
	known := &resources.Call{}
	for _, text := range []string{`{"subject":"a subject","chatInfo":{"threadId":"thread"},"new":1}`, `{"subject":"another","new":2,"newer":3}`} {
		news := decodeCall(t, text)
		part := textOf(news.Subject)
		known, _ = resources.Merge(known, news, resources.FieldsOf(news), nil)
		requireGone(t, part)
	}
	require.Equal(t, "another", known.Subject)
	require.Equal(t, "thread", known.ChatInfo.ThreadID)
}

func TestDetachedInterfaceKeepsNoText(t *testing.T) {
	operation, err := resources.DecodeOperation([]byte(`{"@odata.type":"#microsoft.graph.playPromptOperation","clientContext":"mark","completionReason":"whim"}`))
	require.NoError(t, err)
	part := textOf(operation.Common().ClientContext)
	detached := *resources.Detach(&operation)
	requireGone(t, part)
	require.Equal(t, "mark", detached.Common().ClientContext)
	require.EqualValues(t, "whim", detached.(*resources.PlayPromptOperation).CompletionReason)
}
