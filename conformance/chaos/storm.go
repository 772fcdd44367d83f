package main

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"sync"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/store"
)

const (
	// answerWindow is how long a call to the bot waits for an answer.
	answerWindow = 5 * time.Second
	// toRest is how long the client may take to come to rest in clear weather.
	toRest = 20 * time.Second
	// dumpEvery is how often it is looked at meanwhile.
	dumpEvery = 250 * time.Millisecond
)

// storm is one seed's bad weather.
type storm struct {
	seed     uint64
	calls    int
	duration time.Duration
	traces   string // a folder; none when empty
	replay   bool   // what the client heard is recorded, and played again
}

// scene is the platform and the bot's processes.
type scene struct {
	platform *simulator.Platform
	self     *simulator.Bot
	owner    *owner
	folder   string
}

// newScene starts a platform, and tells it of a bot that is not started yet.
func newScene(seed uint64, configure func(*simulator.Options)) (*scene, error) {
	options := simulator.Options{
		AnswerWindow: answerWindow, RecordingAnswerWindow: answerWindow, PromptDuration: 300 * time.Millisecond,
		MediaSecond: 100 * time.Millisecond, AccessTokenLifetime: 15 * time.Second, DeliveryTimeout: 3 * time.Second,
		DeliveryTries: 4, RetryDelay: 150 * time.Millisecond, // so that some reach the next process
		Remember: 100_000,
	}
	if configure != nil {
		configure(&options)
	}
	platform, err := simulator.Start(options)
	if err != nil {
		return nil, err
	}
	s := &scene{platform: platform}
	if err := s.furnish(seed); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *scene) furnish(seed uint64) error {
	s.self = s.platform.RegisterBot(simulator.Bot{DisplayName: "Chaos"})
	address, err := freeAddress()
	if err != nil {
		return err
	}
	if s.folder, err = os.MkdirTemp("", "chaos"); err != nil {
		return err
	}
	certificate, err := s.platform.CertificateFor()
	if err != nil {
		return err
	}
	key, err := x509.MarshalPKCS8PrivateKey(certificate.PrivateKey)
	if err != nil {
		return err
	}
	webhook := "https://" + address + "/api/calls"
	s.self.SetCallingWebhook(webhook)
	s.owner = newOwner(settings{
		Seed: seed, InstanceID: "chaos", AppID: s.self.AppID, Secret: s.self.Secret, Tenant: s.platform.Tenant().ID,
		AuthorityURL: s.platform.AuthorityURL(), OpenIDURL: s.platform.OpenIDConfigurationURL(), Graph: s.platform.ServiceBaseURL(),
		Address: address, NotificationURL: webhook, Folder: s.folder, CA: s.platform.CertificateAuthority(),
		Certificate:    pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Certificate[0]}),
		CertificateKey: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}),
	})
	return nil
}

// freeAddress is where a server can listen, now and after it was killed.
func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

func (s *scene) close() {
	if s.owner != nil && len(s.owner.lives()) > 0 {
		s.owner.kill()
	}
	s.platform.Close()
	_ = os.RemoveAll(s.folder) // in the folder for what is temporary
}

// records counts what the store has. No process may have it open.
func (s *scene) records(ctx context.Context) (int, error) {
	files, err := store.OpenFiles(s.folder, store.FilesOptions{})
	if err != nil {
		return 0, err
	}
	defer func() { _ = files.Close() }()
	count := 0
	for _, err := range files.Load(ctx) {
		if err != nil {
			return 0, err
		}
		count++
	}
	return count, nil
}

// play plays the storm, and judges what the bot was told.
func (s storm) play(ctx context.Context) (*outcome, error) {
	scene, err := newScene(s.seed, nil)
	if err != nil {
		return nil, err
	}
	defer scene.close()
	scene.owner.settings.Log = s.traces
	if s.replay {
		folder, err := s.recordings()
		if err != nil {
			return nil, err
		}
		if scene.owner.settings.Record = folder; s.traces == "" {
			defer func() { _ = os.RemoveAll(folder) }() // in the folder for what is temporary
		}
	}
	if err := scene.owner.start(ctx); err != nil {
		return nil, err
	}
	began := time.Now()
	weather := newWeather(scene.platform, s.seed)
	if err := s.rage(ctx, scene, weather); err != nil {
		return nil, err
	}
	o := &outcome{
		seed: s.seed, faults: weather.tally(),
		again: fmt.Sprintf("-seed %d -calls %d -duration %v", s.seed, s.calls, s.duration),
	}
	if err := o.clear(ctx, scene); err != nil {
		return nil, err
	}
	o.judge(scene)
	o.judgeReplays(scene)
	o.took = time.Since(began)
	if s.traces != "" && o.failed() {
		return o, o.writeTraces(scene, s.traces)
	}
	return o, nil
}

// recordings is where the clients' traces go.
func (s storm) recordings() (string, error) {
	if s.traces != "" {
		return s.traces, nil
	}
	return os.MkdirTemp("", "chaos-traces")
}

// rage lets calls live in bad weather, and has the bot be killed, until the
// time is up.
func (s storm) rage(ctx context.Context, scene *scene, weather *weather) error {
	raging, cancel := context.WithTimeout(ctx, s.duration)
	defer cancel()
	var busy sync.WaitGroup
	busy.Go(func() { weather.blow(raging) })
	var killed error
	busy.Go(func() { killed = s.kill(raging, ctx, scene.owner) })
	for n := range s.calls {
		dice := newDice(s.seed, streamLives+uint64(n))
		begins := time.Duration(float64(s.duration) * 0.9 * float64(n) / float64(s.calls))
		busy.Go(func() {
			pause(raging, begins)
			l := &life{platform: scene.platform, self: scene.self, owner: scene.owner, dice: dice, number: n, hurry: raging}
			l.live(ctx)
		})
	}
	busy.Wait()
	return killed
}

// kill kills the bot every few seconds, and starts it again.
func (s storm) kill(raging, ctx context.Context, owner *owner) error {
	dice := newDice(s.seed, streamKills)
	for pause(raging, min(dice.between(1500*time.Millisecond, 6*time.Second), s.duration/3)) {
		owner.kill()
		pause(raging, dice.between(0, 700*time.Millisecond))
		if err := owner.start(ctx); err != nil {
			return fmt.Errorf("restart of the bot: %w", err)
		}
	}
	return ctx.Err()
}

// clear waits until the client has come to rest in clear weather and notes where
// it differs from the platform; then it ends all calls and notes what is left.
func (o *outcome) clear(ctx context.Context, scene *scene) error {
	if _, err := scene.owner.ask(ctx, command{Do: doCalm}); err != nil {
		return err
	}
	if err := o.rest(ctx, scene); err != nil {
		return err
	}
	for _, call := range scene.platform.Calls() {
		if call.State() != resources.CallStateTerminated {
			call.End(200, 5001, "The conversation has ended.")
		}
	}
	if err := o.empty(ctx, scene); err != nil {
		return err
	}
	var err error
	if o.leaks, err = scene.owner.end(ctx); err != nil {
		return err
	}
	o.records, err = scene.records(ctx)
	return err
}

func (o *outcome) rest(ctx context.Context, scene *scene) error {
	return poll(ctx, func() (bool, error) {
		answer, err := scene.owner.ask(ctx, command{Do: doDump})
		if err != nil {
			return false, err
		}
		o.differ(scene, answer.Dump)
		return o.differs() == 0, nil
	})
}

func (o *outcome) empty(ctx context.Context, scene *scene) error {
	return poll(ctx, func() (bool, error) {
		answer, err := scene.owner.ask(ctx, command{Do: doDump})
		if err != nil {
			return false, err
		}
		o.stats, o.slowest = answer.Dump.Stats, answer.Dump.SlowestSave
		return o.entries() == 0, nil
	})
}

// poll looks until it is done, or too long.
func poll(ctx context.Context, look func() (done bool, err error)) error {
	ctx, cancel := context.WithTimeout(ctx, toRest)
	defer cancel()
	for {
		done, err := look()
		if done || err != nil && ctx.Err() == nil {
			return err
		}
		if !pause(ctx, dumpEvery) {
			return nil
		}
	}
}
