package simulator

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"sync"
	"syscall"
)

// network is how the platform, the bots it serves and their clients reach each
// other.
type network interface {
	// listen takes an address, or makes one up when it is empty.
	listen(address string) (net.Listener, error)
	dial(ctx context.Context, network, address string) (net.Conn, error)
}

// sockets is the machine's network.
type sockets struct{ dialer net.Dialer }

func (s *sockets) listen(address string) (net.Listener, error) {
	if address == "" {
		address = "127.0.0.1:0"
	}
	return net.Listen("tcp", address)
}

func (s *sockets) dial(ctx context.Context, network, address string) (net.Conn, error) {
	return s.dialer.DialContext(ctx, network, address)
}

// memoryNetwork carries bytes within the process. Whoever waits on it waits on
// channels, so time that is made up passes meanwhile.
type memoryNetwork struct {
	mu        sync.Mutex
	listeners map[string]*memoryListener
	named     int
}

func newMemoryNetwork() *memoryNetwork {
	return &memoryNetwork{listeners: map[string]*memoryListener{}}
}

func (n *memoryNetwork) listen(address string) (net.Listener, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if address == "" {
		n.named++
		address = "host-" + strconv.Itoa(n.named) + ".test:443"
	}
	if _, _, err := net.SplitHostPort(address); err != nil {
		return nil, err
	}
	if _, taken := n.listeners[address]; taken {
		return nil, fmt.Errorf("%s: %w", address, syscall.EADDRINUSE)
	}
	l := &memoryListener{network: n, address: memoryAddress(address), incoming: make(chan *memoryConn), closed: make(chan struct{})}
	n.listeners[address] = l
	return l, nil
}

func (n *memoryNetwork) dial(ctx context.Context, network, address string) (net.Conn, error) {
	n.mu.Lock()
	listener := n.listeners[address]
	n.mu.Unlock()
	refused := &net.OpError{Op: "dial", Net: network, Addr: memoryAddress(address), Err: syscall.ECONNREFUSED}
	if listener == nil {
		return nil, refused
	}
	near, far := newMemoryConns(memoryAddress("client.test:0"), listener.address)
	select {
	case listener.incoming <- far:
		return near, nil
	case <-listener.closed:
		return nil, refused
	case <-ctx.Done():
		return nil, &net.OpError{Op: "dial", Net: network, Addr: listener.address, Err: context.Cause(ctx)}
	}
}

type memoryListener struct {
	network  *memoryNetwork
	address  memoryAddress
	incoming chan *memoryConn
	once     sync.Once
	closed   chan struct{}
}

func (l *memoryListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.incoming:
		return conn, nil
	case <-l.closed:
		return nil, &net.OpError{Op: "accept", Net: l.address.Network(), Addr: l.address, Err: net.ErrClosed}
	}
}

func (l *memoryListener) Close() error {
	l.once.Do(func() {
		l.network.mu.Lock()
		defer l.network.mu.Unlock()
		delete(l.network.listeners, string(l.address))
		close(l.closed)
	})
	return nil
}

func (l *memoryListener) Addr() net.Addr { return l.address }

// memoryAddress is a host and a port.
type memoryAddress string

func (memoryAddress) Network() string  { return "memory" }
func (a memoryAddress) String() string { return string(a) }
