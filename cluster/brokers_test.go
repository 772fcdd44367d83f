package cluster_test

import (
	"fmt"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/stretchr/testify/require"
)

// startBrokers starts a JetStream cluster of three.
func startBrokers(t testing.TB) []*broker {
	t.Helper()
	var ports []int
	var routes []*url.URL
	for range 3 {
		port := freePort(t)
		ports = append(ports, port)
		route, err := url.Parse(fmt.Sprintf("nats://127.0.0.1:%d", port))
		require.NoError(t, err)
		routes = append(routes, route)
	}
	var brokers []*broker
	for n := range 3 {
		b := &broker{t: t, options: &server.Options{
			Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: t.TempDir(), NoLog: true, NoSigs: true,
			ServerName: fmt.Sprintf("n%d", n), Routes: routes,
			Cluster: server.ClusterOpts{Name: "three", Host: "127.0.0.1", Port: ports[n]},
		}}
		b.start()
		t.Cleanup(b.stop)
		brokers = append(brokers, b)
	}
	require.Eventually(t, func() bool {
		for _, b := range brokers {
			if b.server.JetStreamIsCurrent() && b.server.JetStreamIsLeader() && len(b.server.JetStreamClusterPeers()) == 3 {
				return true
			}
		}
		return false
	}, 30*time.Second, 20*time.Millisecond, "the brokers did not find each other")
	return brokers
}

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func urls(brokers []*broker) string {
	var all []string
	for _, b := range brokers {
		all = append(all, b.server.ClientURL())
	}
	return strings.Join(all, ",")
}
