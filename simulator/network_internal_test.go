package simulator

import (
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func memoryPair(t *testing.T) (client, server net.Conn) {
	t.Helper()
	wires := newMemoryNetwork()
	listener, err := wires.listen("")
	require.NoError(t, err)
	accepted := make(chan net.Conn, 1)
	go func() {
		conn, err := listener.Accept()
		if err == nil {
			accepted <- conn
		}
	}()
	client, err = wires.dial(t.Context(), "tcp", listener.Addr().String())
	require.NoError(t, err)
	server = <-accepted
	require.Equal(t, client.RemoteAddr(), server.LocalAddr())
	require.Equal(t, client.LocalAddr(), server.RemoteAddr())
	t.Cleanup(func() { _, _, _ = client.Close(), server.Close(), listener.Close() })
	return client, server
}

func TestBytesCrossTheMemoryNetwork(t *testing.T) {
	client, server := memoryPair(t)
	sent := bytes.Repeat([]byte("0123456789abcdef"), 100_000) // more than is in flight at once
	go func() {
		_, _ = client.Write(sent)
		_ = client.Close()
	}()
	got, err := io.ReadAll(server)
	require.NoError(t, err)
	require.Equal(t, sent, got)
	_, err = server.Write([]byte("late"))
	require.ErrorIs(t, err, io.ErrClosedPipe)
	_, err = client.Read(make([]byte, 1))
	require.ErrorIs(t, err, net.ErrClosed)
	n, err := client.Read(nil)
	require.NoError(t, err)
	require.Zero(t, n)
}

func TestDeadlinesOfTheMemoryNetwork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := memoryPair(t)
		began := time.Now()
		require.NoError(t, client.SetDeadline(began.Add(time.Minute)))
		_, err := client.Read(make([]byte, 1))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.Equal(t, time.Minute, time.Since(began))
		var asNet net.Error
		require.ErrorAs(t, err, &asNet)
		require.True(t, asNet.Timeout())
		_, err = client.Write([]byte("x"))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)

		require.NoError(t, client.SetDeadline(time.Time{}))
		n, err := client.Write(make([]byte, mostInFlight))
		require.NoError(t, err)
		require.Equal(t, mostInFlight, n)
		require.NoError(t, client.SetWriteDeadline(time.Now().Add(time.Second)))
		_, err = client.Write([]byte("x"))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded, "nobody reads")

		require.NoError(t, server.SetReadDeadline(time.Now().Add(-time.Second)))
		_, err = server.Read(make([]byte, 1))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.NoError(t, server.SetReadDeadline(time.Now().Add(time.Hour)))
		_, err = server.Read(make([]byte, 1))
		require.NoError(t, err)
	})
}

func TestMemoryAddresses(t *testing.T) {
	wires := newMemoryNetwork()
	_, err := wires.dial(t.Context(), "tcp", "nobody.test:443")
	require.ErrorIs(t, err, syscall.ECONNREFUSED)
	listener, err := wires.listen("graph.contoso.com:443")
	require.NoError(t, err)
	_, err = wires.listen("graph.contoso.com:443")
	require.ErrorIs(t, err, syscall.EADDRINUSE)
	_, err = wires.listen("no port")
	require.Error(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = wires.dial(ctx, "tcp", "graph.contoso.com:443")
	require.ErrorIs(t, err, context.Canceled)
	require.NoError(t, listener.Close())
	require.NoError(t, listener.Close())
	_, err = listener.Accept()
	require.ErrorIs(t, err, net.ErrClosed)
	_, err = wires.dial(t.Context(), "tcp", "graph.contoso.com:443")
	require.ErrorIs(t, err, syscall.ECONNREFUSED)
}
