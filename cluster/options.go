package cluster

import (
	"cmp"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/statefulclient"
)

const (
	defaultPartitions = 32
	maxPartitions     = 1024
	defaultLease      = 2 * time.Second
	minLease          = 500 * time.Millisecond
	defaultMaxAge     = time.Hour
	defaultMaxBytes   = 256 << 20
	minKey            = 32
)

// Options say how a fleet is kept. All instances of one fleet need the same Name,
// Key, Partitions and Lease. Zero fields but the Key have defaults that suit a
// single NATS server.
type Options struct {
	// Name is the prefix of the fleet's subjects, streams and buckets, so that
	// several fleets can share an account: letters, digits, - and _. The bot's
	// app id.
	Name string
	// InstanceID is what people call this instance, in logs and in Members:
	// letters, digits, - and _, 40 at most. It need not last longer than the
	// process. The host's name and some random letters.
	InstanceID string
	// Key signs the callback addresses that are given to the platform: 32 random
	// bytes or more, known to nobody else. Required.
	Key []byte
	// Partitions is how many parts the fleet's calls are in, each of which one
	// instance owns at a time. It bounds how many instances can share the work,
	// and can be changed only when the fleet has no calls: see the package's story.
	// 32.
	Partitions int
	// Replicas is how many NATS servers keep each stream: 3 for a fleet that is to
	// outlive one of them. 1.
	Replicas int
	// Storage is where NATS keeps the streams. On file.
	Storage jetstream.StorageType
	// Lease is how long an instance may be silent before the others take over its
	// calls. An instance that cannot renew its lease for three quarters of that
	// holds still by itself. 2 s.
	Lease time.Duration
	// MaxAge is how long a notification waits for an owner before it is dropped,
	// and MaxBytes how much may wait; past it POSTs are answered 503. 1 h, 256 MiB.
	MaxAge   time.Duration
	MaxBytes int64
	// Domain is the JetStream domain, and APIPrefix the prefix of its API where an
	// account imports it from another; at most one of them. None.
	Domain    string
	APIPrefix string

	// Subscribe is called with the client once, before this instance owns any
	// call: what it subscribes to misses nothing. Subscriptions made after Join
	// are told what is there by then.
	Subscribe func(client *statefulclient.Client)
	// Commands are what instances run where a call is owned; see NewCommand.
	Commands []Runnable
	// OnOwnership is told of each partition that comes and goes, one at a time. It
	// must not wait for the fleet.
	OnOwnership func(change Ownership)
	// Logger is told of members and partitions that come and go, and of trouble
	// with NATS; nothing that a call is about. None.
	Logger *zap.Logger
}

func (o Options) withDefaults() Options {
	o.Partitions = cmp.Or(o.Partitions, defaultPartitions)
	o.Lease = cmp.Or(o.Lease, defaultLease)
	if o.InstanceID == "" {
		o.InstanceID = madeUpID()
	}
	if o.Logger == nil {
		o.Logger = zap.NewNop()
	}
	return o
}

func (o Options) check() error {
	var problems []error
	if len(o.Key) < minKey {
		problems = append(problems, fmt.Errorf("Options.Key has %d bytes; it needs %d random ones, the same for all instances", len(o.Key), minKey))
	}
	if o.Name != "" && !isName(o.Name) {
		problems = append(problems, errName)
	}
	if !isName(o.InstanceID) || len(o.InstanceID) > 40 {
		problems = append(problems, errors.New("Options.InstanceID must be of letters, digits, - and _, 40 at most"))
	}
	if o.Partitions < 1 || o.Partitions > maxPartitions {
		problems = append(problems, fmt.Errorf("Options.Partitions must be from 1 to %d, not %d", maxPartitions, o.Partitions))
	}
	if o.Lease < minLease {
		problems = append(problems, fmt.Errorf("Options.Lease must be %v or more, not %v", minLease, o.Lease))
	}
	if o.Domain != "" && o.APIPrefix != "" {
		problems = append(problems, errors.New("set Options.Domain or Options.APIPrefix, not both"))
	}
	return errors.Join(append(problems, checkCommands(o.Commands))...)
}

// terms are what the fleet's instances must agree on.
func (o Options) terms(fleet string) terms {
	mac := hmac.New(sha256.New, o.Key)
	_, _ = io.WriteString(mac, "fleet\n"+fleet) // never fails
	return terms{Lease: o.Lease, Key: hex.EncodeToString(mac.Sum(nil)[:16])}
}

func madeUpID() string {
	host, _ := os.Hostname() // without one the random part will do
	host, _, _ = strings.Cut(host, ".")
	if host = host[:min(len(host), 31)]; !isName(host) {
		host = "instance"
	}
	return host + "-" + random(4)
}

// random is a name of so many random bytes.
func random(bytes int) string {
	drawn := make([]byte, bytes)
	_, _ = rand.Read(drawn) // never fails
	return hex.EncodeToString(drawn)
}
