package trace

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// The reasons why a line cannot be read.
var (
	// ErrMalformed: it is no line of a trace.
	ErrMalformed = errors.New("no line of a trace")
	// ErrNewer: the trace is in a format that came after this version of the library.
	ErrNewer = errors.New("trace of a newer version of this library")
	// ErrTruncated: the trace breaks off within its last line, as that of a process
	// that was killed may. All lines before it are good.
	ErrTruncated = errors.New("the trace breaks off within this line")
	// ErrTooLong: it is longer than any line of a trace.
	ErrTooLong = errors.New("the line is too long")
)

// LineError is what is wrong with one line. It matches one of the reasons by
// errors.Is.
type LineError struct {
	Line int // from 1
	Err  error
}

func (e *LineError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Unwrap returns the reason.
func (e *LineError) Unwrap() error { return e.Err }

// maxLine bounds a line: that of a call with ten thousand people has some 10 MB.
const maxLine = 128 << 20

// Reader reads a trace line by line. It is for one goroutine.
type Reader struct {
	from *bufio.Reader
	line int
	text []byte
	head bool // the first line was read
}

// NewReader returns a Reader.
func NewReader(r io.Reader) *Reader { return &Reader{from: bufio.NewReaderSize(r, 64<<10)} }

// Line is the number of the line that was read last, from 1.
func (r *Reader) Line() int { return r.line }

// Next returns the next line, io.EOF after the last, or a *LineError; after one
// other than ErrMalformed there is no next. Blank lines are passed over, and
// properties it does not know.
func (r *Reader) Next() (*Entry, error) {
	for {
		whole, err := r.read()
		if err != nil {
			return nil, err
		}
		text := bytes.TrimSpace(r.text)
		if len(text) == 0 {
			if !whole {
				return nil, io.EOF
			}
			continue
		}
		return r.decode(text, whole)
	}
}

// read reads one line, and reports whether it ends as a line does.
func (r *Reader) read() (whole bool, err error) {
	r.line++
	r.text = r.text[:0]
	for {
		part, err := r.from.ReadSlice('\n')
		if len(r.text)+len(part) > maxLine {
			return false, &LineError{r.line, ErrTooLong}
		}
		r.text = append(r.text, part...)
		switch {
		case err == nil:
			return true, nil
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && len(bytes.TrimSpace(r.text)) > 0:
			return false, nil
		case errors.Is(err, io.EOF):
			return false, io.EOF
		default:
			return false, fmt.Errorf("trace: line %d: %w", r.line, err)
		}
	}
}

func (r *Reader) decode(text []byte, whole bool) (*Entry, error) {
	e := new(Entry)
	err := json.Unmarshal(text, e)
	switch {
	case err != nil && !whole:
		return nil, &LineError{r.line, ErrTruncated}
	case err != nil:
		return nil, &LineError{r.line, fmt.Errorf("%w: %w", ErrMalformed, err)}
	case e.Kind == "":
		return nil, &LineError{r.line, fmt.Errorf("%w: it has no kind", ErrMalformed)}
	case e.Kind == KindTrace && e.Version > FormatVersion:
		return nil, &LineError{r.line, fmt.Errorf("%w: its format is %d, this one reads up to %d", ErrNewer, e.Version, FormatVersion)}
	case e.Kind != KindTrace && !r.head:
		return nil, &LineError{r.line, fmt.Errorf("%w: a trace begins with a line of kind %s", ErrMalformed, KindTrace)}
	}
	r.head = true
	return e, nil
}
