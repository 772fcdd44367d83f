package transport

import (
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
)

// grantedAhead is how much room a body gets on the strength of its Content-Length alone.
const grantedAhead = 64 << 10

// bodies bounds the bytes of all bodies that are being read and worked on, together.
type bodies struct {
	most int64
	held atomic.Int64
}

// read returns a body and what gives its bytes back; that must be called in any case.
func (b *bodies) read(writer http.ResponseWriter, request *http.Request, maxBytes int64) ([]byte, func(), error) {
	source := &heldReader{from: request.Body, in: b}
	if length := request.ContentLength; length > 0 && length <= min(grantedAhead, maxBytes) {
		body, err := source.all(length)
		return body, source.release, err
	}
	source.from = http.MaxBytesReader(writer, request.Body, maxBytes)
	body, err := io.ReadAll(source)
	return body, source.release, err
}

// heldReader counts as held what has been read, until it is released.
type heldReader struct {
	from io.Reader
	in   *bodies
	size int64
}

func (r *heldReader) Read(into []byte) (int, error) {
	n, err := r.from.Read(into)
	r.size += int64(n)
	if r.in.held.Add(int64(n)) > r.in.most {
		return n, fmt.Errorf("%w of bodies of other notifications", ErrBusy)
	}
	return n, err
}

// all reads a body of known length.
func (r *heldReader) all(length int64) ([]byte, error) {
	body := make([]byte, length)
	for r.size < length {
		switch _, err := r.Read(body[r.size:]); {
		case err == io.EOF && r.size < length: //nolint:errorlint // as a Reader must return it
			return nil, io.ErrUnexpectedEOF
		case err != nil && err != io.EOF: //nolint:errorlint // the same
			return nil, err
		}
	}
	return body, nil
}

func (r *heldReader) release() { r.in.held.Add(-r.size) }
