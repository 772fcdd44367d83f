package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/microsoft/kiota-abstractions-go/serialization"
	kiotajson "github.com/microsoft/kiota-serialization-json-go"
)

// loss is something a text says and the model read from it does not.
type loss struct {
	path       string
	said, kept any
}

func (l loss) String() string { return fmt.Sprintf("%s: %v became %v", l.path, l.said, l.kept) }

// isCaseOfStatus reports whether it is the one loss that is the client's own.
// The status of an operation is in lower case wherever the documentation shows
// one, but for the reply to an invitation. The metadata has it in upper case,
// and this client, made from it, tells them apart: it reads no status at all.
func (l loss) isCaseOfStatus() bool {
	word, _ := l.said.(string)
	return l.path == "status" && l.kept == nil &&
		slices.Contains([]string{"notStarted", "running", "completed", "failed"}, word)
}

// lost lists what a text says and the model the client read from it does not:
// words no enumeration of the client's has, values of another type. It finds
// out by having the client write the model down again.
func lost(text []byte, model serialization.Parsable) ([]loss, error) {
	writer := kiotajson.NewJsonSerializationWriter()
	defer func() { _ = writer.Close() }()
	if err := writer.WriteObjectValue("", model); err != nil {
		return nil, err
	}
	again, err := writer.GetSerializedContent()
	if err != nil {
		return nil, err
	}
	var said, kept any
	if err := json.Unmarshal(text, &said); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(again, &kept); err != nil {
		return nil, fmt.Errorf("%w in what the client wrote: %s", err, again)
	}
	return missing("", said, kept), nil
}

// missing lists what is in said and not in kept.
func missing(path string, said, kept any) []loss {
	var found []loss
	switch said := said.(type) {
	case nil:
	case map[string]any:
		object, _ := kept.(map[string]any)
		for name, value := range said {
			found = append(found, missing(path+"."+name, value, object[name])...)
		}
	case []any:
		list, _ := kept.([]any)
		for i, value := range said {
			var other any
			if i < len(list) {
				other = list[i]
			}
			found = append(found, missing(fmt.Sprintf("%s[%d]", path, i), value, other)...)
		}
	default:
		if said != kept && !sameTime(said, kept) {
			found = append(found, loss{strings.TrimPrefix(path, "."), said, kept})
		}
	}
	return found
}

// sameTime reports whether two values are the same time. The client writes
// whole seconds.
func sameTime(said, kept any) bool {
	one, err := time.Parse(time.RFC3339Nano, fmt.Sprint(said))
	other, otherErr := time.Parse(time.RFC3339Nano, fmt.Sprint(kept))
	return err == nil && otherErr == nil && one.Truncate(time.Second).Equal(other)
}
