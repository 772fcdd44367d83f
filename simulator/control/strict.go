package control

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// parseStrictly reads one JSON value and nothing else.
func parseStrictly(text []byte, value any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(value); err != nil {
		return invalid("The body is not what this operation takes: " + err.Error() + ".")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return invalid("The body must be one JSON value.")
	}
	return nil
}
