package main

import (
	"fmt"
	"reflect"
	"strings"
)

// differences compares the shape of a reply with the documented one: every
// property documented must be there, with a value of the same kind. Values
// are compared only where they say what a thing is or how it stands: see
// literal. What the reply has beyond the documented is its own affair.
//
// The leniencies, all of them:
//
//   - A value documented as null may be of any kind.
//   - A list must have, for each entry documented, one of that shape; how many
//     it has depends on who is there. A list documented as empty says nothing.
//   - The names of properties are compared without case.
func differences(path string, documented, said any) []string {
	switch want := documented.(type) {
	case nil:
		return nil
	case map[string]any:
		if got, ok := said.(map[string]any); ok {
			return propertyDifferences(path, want, got)
		}
	case []any:
		if got, ok := said.([]any); ok {
			return entryDifferences(path, want, got)
		}
	default:
		if reflect.TypeOf(want) == reflect.TypeOf(said) {
			return nil
		}
	}
	return []string{fmt.Sprintf("reply %s is %s, not %s", path, kindOfJSON(said), kindOfJSON(documented))}
}

func propertyDifferences(path string, want, got map[string]any) []string {
	var found []string
	for name, value := range sorted(want) {
		other, there := property(got, name)
		switch {
		case !there:
			found = append(found, "reply has no "+path+"/"+name)
		case literal(name) && !reflect.DeepEqual(value, other):
			found = append(found, fmt.Sprintf("reply %s/%s is %v, not %v", path, name, other, value))
		default:
			found = append(found, differences(path+"/"+name, value, other)...)
		}
	}
	return found
}

func entryDifferences(path string, want, got []any) []string {
	var found []string
	for at, entry := range want {
		var nearest []string
		for i, other := range got {
			wrong := differences(fmt.Sprintf("%s/%d", path, at), entry, other)
			if i == 0 || len(wrong) < len(nearest) {
				nearest = wrong
			}
		}
		if len(got) == 0 {
			nearest = []string{fmt.Sprintf("reply has no %s/%d", path, at)}
		}
		found = append(found, nearest...)
	}
	return found
}

// literal says which properties must have the documented value.
func literal(name string) bool {
	return name == "@odata.type" || name == "status"
}

func property(object map[string]any, name string) (any, bool) {
	if value, there := object[name]; there {
		return value, true
	}
	for other, value := range object {
		if strings.EqualFold(other, name) {
			return value, true
		}
	}
	return nil, false
}

func kindOfJSON(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case map[string]any:
		return "an object"
	case []any:
		return "a list"
	case string:
		return "a text"
	case bool:
		return "true or false"
	default:
		return "a number"
	}
}
