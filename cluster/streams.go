package cluster

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// streams are what a fleet keeps in NATS.
type streams struct {
	js    jetstream.JetStream
	inbox jetstream.Stream
	calls jetstream.KeyValue
	fleet jetstream.KeyValue

	callsStream jetstream.Stream // of the bucket
}

// dedupeWindow is how long a POST is known by its message id. The platform sends
// again within seconds.
const dedupeWindow = 5 * time.Minute

// markerTTL is how long a removed key leaves a mark.
const markerTTL = 10 * time.Minute

func openStreams(ctx context.Context, nc *nats.Conn, n names, o Options) (*streams, error) {
	js, err := openJetStream(nc, o)
	if err != nil {
		return nil, err
	}
	s := &streams{js: js}
	if s.inbox, err = ensure(ctx, js, inboxConfig(n, o), o); err != nil {
		return nil, err
	}
	if s.calls, err = ensureBucket(ctx, js, n.callsBucket(), o); err != nil {
		return nil, err
	}
	if s.callsStream, err = js.Stream(ctx, "KV_"+n.callsBucket()); err != nil {
		return nil, err
	}
	s.fleet, err = ensureBucket(ctx, js, n.fleetBucket(), o)
	return s, err
}

func openJetStream(nc *nats.Conn, o Options) (jetstream.JetStream, error) {
	options := []jetstream.JetStreamOpt{jetstream.WithPublishAsyncTimeout(2 * queueTimeout)}
	switch {
	case o.Domain != "":
		return jetstream.NewWithDomain(nc, o.Domain, options...)
	case o.APIPrefix != "":
		return jetstream.NewWithAPIPrefix(nc, o.APIPrefix, options...)
	default:
		return jetstream.New(nc, options...)
	}
}

// inboxConfig is that of the queue. Its sequences begin where the clock stands,
// so that they grow even from one stream to the next of the same name: a call's
// record says up to which of them the call has heard.
func inboxConfig(n names, o Options) jetstream.StreamConfig {
	return jetstream.StreamConfig{
		Name: n.inboxStream(), Description: "graphcalls: what the platform told a fleet of bots",
		Subjects: []string{n.inbox("*", "*")}, Retention: jetstream.WorkQueuePolicy, Discard: jetstream.DiscardNew,
		MaxAge: cmp.Or(o.MaxAge, defaultMaxAge), MaxBytes: cmp.Or(o.MaxBytes, defaultMaxBytes), Duplicates: min(dedupeWindow, cmp.Or(o.MaxAge, defaultMaxAge)),
		Storage: o.Storage, Replicas: cmp.Or(o.Replicas, 1), FirstSeq: uint64(time.Now().UnixMicro()),
	}
}

// bucketConfig is that of a KV bucket, but for direct gets: those may be answered
// by a server that lags behind, and so tell an instance what was true before.
func bucketConfig(bucket string, o Options) jetstream.StreamConfig {
	return jetstream.StreamConfig{
		Name: "KV_" + bucket, Description: "graphcalls: a fleet of bots",
		Subjects: []string{"$KV." + bucket + ".>"}, MaxMsgsPerSubject: 1, Discard: jetstream.DiscardNew,
		AllowRollup: true, DenyDelete: true, AllowMsgTTL: true, SubjectDeleteMarkerTTL: markerTTL,
		Storage: o.Storage, Replicas: cmp.Or(o.Replicas, 1),
	}
}

func ensureBucket(ctx context.Context, js jetstream.JetStream, bucket string, o Options) (jetstream.KeyValue, error) {
	if _, err := ensure(ctx, js, bucketConfig(bucket, o), o); err != nil {
		return nil, err
	}
	kv, err := js.KeyValue(ctx, bucket)
	if err != nil {
		return nil, fmt.Errorf("bucket %s: %w", bucket, err)
	}
	return kv, nil
}

// ensure returns the stream, and makes it where it is missing.
func ensure(ctx context.Context, js jetstream.JetStream, wanted jetstream.StreamConfig, o Options) (jetstream.Stream, error) {
	stream, err := js.Stream(ctx, wanted.Name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		stream, err = js.CreateStream(ctx, wanted)
		if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) { // another instance was faster
			stream, err = js.Stream(ctx, wanted.Name)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("stream %s: %w", wanted.Name, err)
	}
	if differences := compare(stream.CachedInfo().Config, wanted, o); len(differences) > 0 {
		return nil, fmt.Errorf("stream %s is not as this fleet needs it: %s; give all instances the same Options, "+
			"or change it by `nats stream edit` where that can be, or remove it when the fleet has no calls",
			wanted.Name, strings.Join(differences, ", "))
	}
	return stream, nil
}

// compare names what is wrong with a stream: what must be so, and what the
// options ask for in words.
func compare(is, wanted jetstream.StreamConfig, o Options) []string {
	var differences []string
	differ := func(what string, asked bool, is, wanted any) {
		if asked && is != wanted {
			differences = append(differences, fmt.Sprintf("%s is %v, not %v", what, is, wanted))
		}
	}
	differ("subjects", true, strings.Join(slices.Sorted(slices.Values(is.Subjects)), " "), strings.Join(wanted.Subjects, " "))
	differ("retention", true, is.Retention, wanted.Retention)
	differ("discard", true, is.Discard, wanted.Discard)
	differ("allow direct", true, is.AllowDirect, wanted.AllowDirect)
	differ("max messages per subject", wanted.MaxMsgsPerSubject > 0, is.MaxMsgsPerSubject, wanted.MaxMsgsPerSubject)
	differ("allow rollup", wanted.AllowRollup, is.AllowRollup, true)
	differ("allow message TTL", wanted.AllowMsgTTL, is.AllowMsgTTL, true)
	differ("deduplication of two minutes or more", wanted.Duplicates >= 2*time.Minute, is.Duplicates >= 2*time.Minute, true)
	differ("replicas", o.Replicas > 0, is.Replicas, wanted.Replicas)
	differ("storage", o.Storage != jetstream.FileStorage, is.Storage, wanted.Storage)
	differ("max age", o.MaxAge > 0 && wanted.MaxAge > 0, is.MaxAge, wanted.MaxAge)
	differ("max bytes", o.MaxBytes > 0 && wanted.MaxBytes > 0, is.MaxBytes, wanted.MaxBytes)
	return differences
}
