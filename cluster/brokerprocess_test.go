package cluster_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/cluster"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// brokerProcess is the variable of the environment by which the test binary knows
// that it is a NATS server, and which.
const brokerProcess = "GRAPHCALLS_CLUSTER_TEST_BROKER"

// brokerSettings are the variable's value.
type brokerSettings struct {
	Name, Folder string
	Port         int   // of the routes
	Routes       []int // ports of all
}

// runBroker is the process: a NATS server that says its address when it serves, and
// ends with its input.
func runBroker(settings string, in io.Reader, out io.Writer) error {
	var s brokerSettings
	if err := json.Unmarshal([]byte(settings), &s); err != nil {
		return err
	}
	options := &server.Options{
		Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: s.Folder, NoLog: true, NoSigs: true,
		ServerName: s.Name, Cluster: server.ClusterOpts{Name: "three", Host: "127.0.0.1", Port: s.Port},
	}
	for _, port := range s.Routes {
		options.Routes = append(options.Routes, &url.URL{Scheme: "nats", Host: fmt.Sprintf("127.0.0.1:%d", port)})
	}
	b, err := server.NewServer(options)
	if err != nil {
		return err
	}
	b.Start()
	if !b.ReadyForConnections(10 * time.Second) {
		return errors.New("the NATS server does not start")
	}
	if _, err := fmt.Fprintln(out, b.ClientURL()); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, in)
	return err
}

// brokerChild is a NATS server in a process of its own, which can be killed.
type brokerChild struct {
	name    string
	url     string
	command *exec.Cmd
	killed  bool
}

// startBrokerChildren starts a JetStream cluster of three processes.
func startBrokerChildren(t *testing.T) []*brokerChild {
	t.Helper()
	var ports []int
	for range 3 {
		ports = append(ports, freePort(t))
	}
	var children []*brokerChild
	for n := range 3 {
		children = append(children, startBrokerChild(t, brokerSettings{fmt.Sprintf("n%d", n), t.TempDir(), ports[n], ports}))
	}
	nc, err := nats.Connect(childURLs(children))
	require.NoError(t, err)
	defer nc.Close()
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		_, err := js.CreateOrUpdateStream(t.Context(), jetstream.StreamConfig{Name: "probe", Replicas: 3, Storage: jetstream.MemoryStorage})
		return err == nil
	}, 30*time.Second, 50*time.Millisecond, "the brokers did not find each other")
	require.NoError(t, js.DeleteStream(t.Context(), "probe"))
	return children
}

func startBrokerChild(t *testing.T, s brokerSettings) *brokerChild {
	t.Helper()
	settings, err := json.Marshal(s)
	require.NoError(t, err)
	executable, err := os.Executable()
	require.NoError(t, err)
	c := &brokerChild{name: s.Name, command: exec.Command(executable)}
	c.command.Env = append(os.Environ(), brokerProcess+"="+string(settings))
	_, err = c.command.StdinPipe() // it ends when this process does
	require.NoError(t, err)
	out, err := c.command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, c.command.Start())
	t.Cleanup(c.kill)
	said, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	c.url = strings.TrimSpace(said)
	return c
}

// kill ends it without a warning.
func (c *brokerChild) kill() {
	if !c.killed {
		c.killed = true
		_ = c.command.Process.Kill()
		_ = c.command.Wait() // it was killed
	}
}

func childURLs(children []*brokerChild) string {
	var all []string
	for _, c := range children {
		all = append(all, c.url)
	}
	return strings.Join(all, ",")
}

// keys are those that were told, of each call, once for each event.
type keys struct {
	mu     sync.Mutex
	told   map[string][]int64
	events map[string]bool
}

func (k *keys) hear(ctx context.Context, e statefulclient.ToneReceived) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if id := statefulclient.EventID(ctx); !k.events[id] { // else an instance has lost the call meanwhile
		k.events[id] = true
		k.told[e.Call.ID()] = append(k.told[e.Call.ID()], e.SequenceID)
	}
}

func (k *keys) of(callID string) []int64 {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.told[callID])
}

// lack reports of a key whether it was not told.
func (k *keys) lack(callID string) func(int64) bool {
	told := k.of(callID)
	return func(key int64) bool { return !slices.Contains(told, key) }
}

// accepted are the keys that the platform was answered 202 for.
func accepted(call *simulator.Call) []int64 {
	var keys []int64
	for _, d := range call.Deliveries() {
		for _, n := range d.Notifications() {
			if told, ok := n.Data.(*resources.Call); ok && told.ToneInfo != nil && d.Accepted() && !d.Copy {
				keys = append(keys, told.ToneInfo.SequenceID)
			}
		}
	}
	return keys
}

// One of three NATS servers is killed, the one that leads the queue: calls go on, and
// what was answered 202 is told.
func TestNothingAcknowledgedIsLostWithAServer(t *testing.T) {
	t.Parallel() // its servers take seconds to elect their leaders
	children := startBrokerChildren(t)
	heard := &keys{told: map[string][]int64{}, events: map[string]bool{}}
	r := newRigOn(t, childURLs(children), 2, func(o *cluster.Options) {
		o.Replicas, o.Partitions, o.Lease = 3, 4, 2*time.Second
		subscribe := o.Subscribe
		o.Subscribe = func(client *statefulclient.Client) {
			subscribe(client)
			statefulclient.On(client.Calls(), heard.hear)
		}
	})
	var calls []*simulator.Call
	for n := range 8 {
		calls = append(calls, r.platform.Call(r.call(r.instances[n%2]).ID()))
	}
	press := func(most int) (taken int) {
		for _, call := range calls {
			before := len(accepted(call))
			for range most {
				call.PressKey(resources.Tone1)
			}
			require.NoError(t, r.platform.WaitIdle(r.context()))
			taken += len(accepted(call)) - before
		}
		return taken
	}
	require.Equal(t, 16, press(2))
	for _, call := range calls { // which are under way
		for range 10 {
			call.PressKey(resources.Tone1)
		}
	}
	leader(r, children).kill()
	killed := time.Now()
	for press(1) < len(calls) {
		require.Less(t, time.Since(killed), 40*time.Second, "keys are not taken again")
	}
	t.Logf("all taken again %v after the kill", time.Since(killed))
	for _, call := range calls {
		want := accepted(call)
		r.eventually(func() bool { return !slices.ContainsFunc(want, heard.lack(call.ID())) }, "a key was lost")
		told := heard.of(call.ID()) // more than that, where NATS had a key and could not say so
		require.Len(t, slices.Compact(slices.Sorted(slices.Values(told))), len(told), "a key was told twice, as two events")
		require.Equal(t, resources.CallStateEstablished, call.State())
	}
	r.call(r.instances[0]) // and new ones are placed
}

// leader is the server that leads the queue.
func leader(r *rig, children []*brokerChild) *brokerChild {
	r.t.Helper()
	js, err := jetstream.New(r.instances[0].nc)
	require.NoError(r.t, err)
	queue, err := js.Stream(r.context(), "test_inbox")
	require.NoError(r.t, err)
	at := slices.IndexFunc(children, func(c *brokerChild) bool { return c.name == queue.CachedInfo().Cluster.Leader })
	require.GreaterOrEqual(r.t, at, 0)
	return children[at]
}
