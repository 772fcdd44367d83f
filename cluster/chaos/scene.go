package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/graphcalls/graphcalls-go/simulator"
)

// scene is the platform, NATS, and the bot's instances.
type scene struct {
	storm

	platform *simulator.Platform
	self     *simulator.Bot
	broker   *broker
	nc       *nats.Conn
	js       jetstream.JetStream
	witness  *witness
	balancer *balancer
	settings settings
	dice     *dice

	mu    sync.Mutex
	crew  []*process // one for each instance
	lives []*process // all there were
	// dropped are the calls that ended though nobody ended them, or were never
	// answered.
	dropped []string
}

// newScene starts all but the instances. With doubts, notifications of some calls
// come in another order, and the instances ask the platform now and then how calls
// stand.
func newScene(ctx context.Context, s storm, doubts bool) (*scene, error) {
	sc := &scene{storm: s, dice: newDice(s.seed, streamKills), settings: settings{Doubts: doubts}}
	if err := sc.furnish(ctx); err != nil {
		sc.close()
		return nil, err
	}
	return sc, nil
}

func (sc *scene) furnish(ctx context.Context) error {
	var err error
	if sc.platform, err = simulator.Start(simulator.Options{
		DeliveryTries: 1000, RetryDelay: 100 * time.Millisecond, // so that the platform never gives up
		DeliveryTimeout: 20 * time.Second, AnswerWindow: time.Minute, Remember: 200_000,
	}); err != nil {
		return err
	}
	if sc.broker, err = startBroker(); err != nil {
		return err
	}
	if sc.nc, err = nats.Connect(sc.broker.url(), nats.MaxReconnects(-1), nats.ReconnectWait(100*time.Millisecond)); err != nil {
		return err
	}
	if sc.js, err = jetstream.New(sc.nc); err != nil {
		return err
	}
	if sc.witness, err = newWitness(); err != nil {
		return err
	}
	sc.balancer = newBalancer(ctx, sc.seed, sc.settings.Doubts, sc.members)
	address, err := sc.platform.Serve(sc.balancer)
	if err != nil {
		return err
	}
	sc.self = sc.platform.RegisterBot(simulator.Bot{DisplayName: "Chaos"})
	sc.self.SetCallingWebhook(address + "/api/calls")
	sc.settings = settings{
		AppID: sc.self.AppID, Secret: sc.self.Secret, Tenant: sc.platform.Tenant().ID,
		AuthorityURL: sc.platform.AuthorityURL(), OpenIDURL: sc.platform.OpenIDConfigurationURL(), Graph: sc.platform.ServiceBaseURL(),
		CA: sc.platform.CertificateAuthority(), NotificationURL: address + "/api/calls",
		NATS: sc.broker.url(), Partitions: sc.partitions, Lease: sc.lease, Witness: sc.witness.address, Doubts: sc.settings.Doubts,
	}
	return nil
}

// start begins the next life of an instance, and returns when it has joined.
func (sc *scene) start(ctx context.Context, number int) error {
	s := sc.settings
	s.Process = fmt.Sprintf("%c%d", 'a'+number, len(sc.all())+1)
	p, err := startProcess(ctx, s)
	if err != nil {
		return fmt.Errorf("start %s: %w", s.Process, err)
	}
	sc.mu.Lock()
	defer sc.mu.Unlock()
	sc.lives = append(sc.lives, p)
	if number == len(sc.crew) {
		sc.crew = append(sc.crew, p)
	} else {
		sc.crew[number] = p
	}
	return nil
}

// retire forgets the instance that has been a member for longest.
func (sc *scene) retire() {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	sc.crew = sc.crew[1:]
}

// drop notes a call that was dropped, and how.
func (sc *scene) drop(call *simulator.Call, how string) {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	sc.dropped = append(sc.dropped, fmt.Sprintf("call %s %s", call.ID(), how))
}

// living are those that were not killed, frozen ones among them.
func (sc *scene) living() []*process {
	return slices.DeleteFunc(sc.members(), func(p *process) bool { return !p.alive() })
}

// members is who there is, some of whom may be dead.
func (sc *scene) members() []*process {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	return slices.Clone(sc.crew)
}

func (sc *scene) all() []*process {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	return slices.Clone(sc.lives)
}

// somebody is any instance that can be asked for something; nil for none.
func (sc *scene) somebody(d *dice) *process {
	up := slices.DeleteFunc(sc.members(), func(p *process) bool { return !p.up() })
	if len(up) == 0 {
		return nil
	}
	return up[d.n(len(up))]
}

// served waits until all partitions are served, by those who are up.
func (sc *scene) served(ctx context.Context) error {
	return poll(ctx, func() error {
		served := 0
		for _, p := range sc.members() {
			served += len(sc.witness.owned(p.name))
		}
		if served != sc.partitions {
			return fmt.Errorf("%d of %d partitions are served", served, sc.partitions)
		}
		return nil
	})
}

// records are the revisions of what NATS has of calls.
func (sc *scene) records(ctx context.Context) (map[string]uint64, error) {
	kv, err := sc.js.KeyValue(ctx, fleetName+"_calls")
	if err != nil {
		return nil, err
	}
	watch, err := kv.WatchAll(ctx, jetstream.IgnoreDeletes(), jetstream.MetaOnly())
	if err != nil {
		return nil, err
	}
	defer func() { _ = watch.Stop() }() // it ends with the connection
	revisions := map[string]uint64{}
	for entry := range watch.Updates() {
		if entry == nil {
			return revisions, nil
		}
		revisions[entry.Key()] = entry.Revision()
	}
	return nil, errors.New("the records could not be listed")
}

// queued counts the notifications that wait in NATS.
func (sc *scene) queued(ctx context.Context) (int, error) {
	stream, err := sc.js.Stream(ctx, fleetName+"_inbox")
	if err != nil {
		return 0, err
	}
	return int(stream.CachedInfo().State.Msgs), nil
}

// trace writes what the instances logged into a folder.
func (sc *scene) trace(folder, act string) error {
	var problems []error
	for _, p := range sc.all() {
		problems = append(problems, os.WriteFile(filepath.Join(folder, act+"-"+p.name+".log"), []byte(p.log.String()), 0o600))
	}
	return errors.Join(problems...)
}

func (sc *scene) close() {
	for _, p := range sc.living() {
		p.kill()
	}
	if sc.balancer != nil {
		sc.balancer.close()
	}
	if sc.platform != nil {
		sc.platform.Close()
	}
	if sc.witness != nil {
		sc.witness.close()
	}
	if sc.nc != nil {
		sc.nc.Close()
	}
	if sc.broker != nil {
		sc.broker.close()
	}
}
