package simulator

import (
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// mostInFlight is how many bytes a stream holds before its writer waits.
const mostInFlight = 256 << 10

// memoryConn is one end of a connection within the process.
type memoryConn struct {
	in, out       *stream
	local, remote memoryAddress
	reads, writes *deadline
	closing       sync.Once
	closedLocally chan struct{}
}

func newMemoryConns(near, far memoryAddress) (client, server *memoryConn) {
	up, down := &stream{}, &stream{}
	client = &memoryConn{in: down, out: up, local: near, remote: far}
	server = &memoryConn{in: up, out: down, local: far, remote: near}
	for _, conn := range []*memoryConn{client, server} {
		conn.reads, conn.writes, conn.closedLocally = newDeadline(), newDeadline(), make(chan struct{})
	}
	return client, server
}

// stream is what flows one way.
type stream struct {
	changed bell
	mu      sync.Mutex
	bytes   []byte
	ended   bool // by its writer
	unread  bool // given up by its reader
}

// take moves bytes out, and reports io.EOF when no more will come.
func (s *stream) take(into []byte) (int, error) {
	s.mu.Lock()
	n := copy(into, s.bytes)
	s.bytes = s.bytes[n:]
	ended := s.ended && len(s.bytes) == 0
	s.mu.Unlock()
	if n > 0 {
		s.changed.ring()
		return n, nil
	}
	if ended {
		return 0, io.EOF
	}
	return 0, nil
}

// add moves in as many bytes as there is room for.
func (s *stream) add(from []byte) (int, error) {
	s.mu.Lock()
	if s.ended || s.unread {
		s.mu.Unlock()
		return 0, io.ErrClosedPipe
	}
	n := min(len(from), mostInFlight-len(s.bytes))
	s.bytes = append(s.bytes, from[:n]...)
	s.mu.Unlock()
	if n > 0 {
		s.changed.ring()
	}
	return n, nil
}

func (s *stream) set(flag *bool) {
	s.mu.Lock()
	*flag = true
	s.mu.Unlock()
	s.changed.ring()
}

func (c *memoryConn) Read(into []byte) (int, error) {
	if len(into) == 0 {
		return 0, nil
	}
	return c.move(c.in, c.reads, "read", func() (int, bool, error) {
		n, err := c.in.take(into)
		return n, n > 0, err
	})
}

func (c *memoryConn) Write(from []byte) (int, error) {
	written := 0
	return c.move(c.out, c.writes, "write", func() (int, bool, error) {
		n, err := c.out.add(from[written:])
		written += n
		return written, written == len(from), err
	})
}

// move tries until it is done, fails, or may not wait any longer.
func (c *memoryConn) move(s *stream, limit *deadline, what string, try func() (int, bool, error)) (int, error) {
	n := 0
	for {
		changed, passed := s.changed.next(), limit.passed()
		select {
		case <-c.closedLocally:
			return n, c.failed(what, net.ErrClosed)
		default:
		}
		if limit.isOver() {
			return n, c.failed(what, os.ErrDeadlineExceeded)
		}
		moved, done, err := try()
		if n = moved; done || errors.Is(err, io.EOF) {
			return n, err
		}
		if err != nil {
			return n, c.failed(what, err)
		}
		select {
		case <-changed:
		case <-c.closedLocally:
		case <-passed:
		}
	}
}

func (c *memoryConn) failed(what string, err error) error {
	return &net.OpError{Op: what, Net: c.local.Network(), Source: c.local, Addr: c.remote, Err: err}
}

func (c *memoryConn) Close() error {
	c.closing.Do(func() {
		close(c.closedLocally)
		c.out.set(&c.out.ended)
		c.in.set(&c.in.unread)
		c.reads.set(time.Time{})
		c.writes.set(time.Time{})
	})
	return nil
}

func (c *memoryConn) LocalAddr() net.Addr  { return c.local }
func (c *memoryConn) RemoteAddr() net.Addr { return c.remote }

func (c *memoryConn) SetDeadline(at time.Time) error {
	c.reads.set(at)
	c.writes.set(at)
	return nil
}

func (c *memoryConn) SetReadDeadline(at time.Time) error {
	c.reads.set(at)
	return nil
}

func (c *memoryConn) SetWriteDeadline(at time.Time) error {
	c.writes.set(at)
	return nil
}

// deadline is a moment that can be moved while somebody waits for it.
type deadline struct {
	mu    sync.Mutex
	at    time.Time
	timer *time.Timer
	over  chan struct{}
}

func newDeadline() *deadline { return &deadline{over: make(chan struct{})} }

// passed is closed when the deadline is over.
func (d *deadline) passed() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.over
}

// isOver does not wait for the timer that closes passed.
func (d *deadline) isOver() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return !d.at.IsZero() && !time.Now().Before(d.at)
}

// set moves the deadline; the zero time is never.
func (d *deadline) set(at time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.timer != nil && !d.timer.Stop() {
		<-d.over // the timer closes it
	}
	d.timer, d.at = nil, at
	select {
	case <-d.over:
		d.over = make(chan struct{})
	default:
	}
	if at.IsZero() {
		return
	}
	over := d.over
	if wait := time.Until(at); wait > 0 {
		d.timer = time.AfterFunc(wait, func() { close(over) })
		return
	}
	close(over)
}
