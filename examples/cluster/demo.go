package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

// demo is the story, as it is played.
type demo struct {
	*platform

	out      io.Writer
	pace     time.Duration // between chapters, for who reads along
	began    time.Time
	settings settings
	calls    []*simulator.IncomingCall
	callers  map[string]string // by the id of a call

	mu        sync.Mutex
	processes []*process // that are there
	owned     map[string]map[int]bool
	heard     []heard
	news      chan struct{} // closed and made anew with each
}

// heard is what an instance told, and who it was.
type heard struct {
	news

	by string
}

func newDemo(address string, pace time.Duration, out io.Writer) (*demo, error) {
	p, err := newPlatform(address)
	if err != nil {
		return nil, err
	}
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	d := &demo{
		platform: p, out: out, pace: pace, began: time.Now(), callers: map[string]string{}, owned: map[string]map[int]bool{}, news: make(chan struct{}),
		settings: settings{
			AppID: p.bot.AppID, Secret: p.bot.Secret, Tenant: p.Tenant().ID,
			AuthorityURL: p.AuthorityURL(), OpenIDURL: p.OpenIDConfigurationURL(), Graph: p.ServiceBaseURL(), Webhook: p.webhook,
			CA: p.CertificateAuthority(), NATS: p.nats, Fleet: "demo-" + hex.EncodeToString(key[:4]), Key: key,
		},
	}
	p.balancer.arrived = d.comesIn
	return d, nil
}

// play tells the story.
func (d *demo) play(ctx context.Context) error {
	for _, chapter := range []func(context.Context) error{d.gather, d.callIn, d.kill, d.replace, d.roll, d.hangUp} {
		if err := chapter(ctx); err != nil {
			return err
		}
		d.pause(ctx)
	}
	d.tell("The story went as it should.")
	return nil
}

func (d *demo) pause(ctx context.Context) {
	timer := time.NewTimer(d.pace)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

func (d *demo) close() error {
	for _, p := range d.members() {
		p.end()
	}
	return d.platform.close()
}

// tell prints a line of the story, with the time since it began.
func (d *demo) tell(format string, values ...any) {
	_, _ = fmt.Fprintf(d.out, "%6.2fs  %s\n", time.Since(d.began).Seconds(), fmt.Sprintf(format, values...))
}

// gather starts three instances, and waits until each has its share.
func (d *demo) gather(ctx context.Context) error {
	for _, name := range []string{"A", "B", "C"} {
		if err := d.start(ctx, name); err != nil {
			return err
		}
	}
	d.tell("Three processes of one bot have joined; they share the calls by partitions: %s.", d.shares())
	return nil
}

// start starts an instance, and waits until all partitions are served.
func (d *demo) start(ctx context.Context, name string) error {
	s := d.settings
	s.Name = name
	p, err := startProcess(ctx, s, d.hear)
	if err != nil {
		return err
	}
	d.change(func() { d.processes = append(d.processes, p) })
	return d.until(ctx, "the partitions are not shared evenly", d.even)
}

// change changes who is there.
func (d *demo) change(change func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change()
	var behind []backend
	for _, p := range d.processes {
		behind = append(behind, backend{p.name, p.address})
	}
	d.balancer.set(behind)
}

// members are the processes that are there.
func (d *demo) members() []*process {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.processes)
}

func (d *demo) hear(p *process, r report) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case r.Owned == nil:
		d.heard = append(d.heard, heard{r.news, p.name})
	case r.Owned.Owned:
		if d.owned[p.name] == nil {
			d.owned[p.name] = map[int]bool{}
		}
		d.owned[p.name][r.Owned.Partition] = true
	default:
		delete(d.owned[p.name], r.Owned.Partition)
	}
	close(d.news)
	d.news = make(chan struct{})
}

// even reports whether all 32 partitions are served, about as many by each.
func (d *demo) even() bool {
	all := 0
	for _, p := range d.processes {
		if len(d.owned[p.name]) < 32/len(d.processes) {
			return false
		}
		all += len(d.owned[p.name])
	}
	return all == 32
}

// until waits until something is so, by what the instances have told; it is looked
// at with mu held.
func (d *demo) until(ctx context.Context, otherwise string, so func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	for {
		d.mu.Lock()
		done, news := so(), d.news
		d.mu.Unlock()
		if done {
			return nil
		}
		select {
		case <-news:
		case <-ctx.Done():
			return fmt.Errorf("%s: %w", otherwise, ctx.Err())
		}
	}
}

// shares says who owns how much.
func (d *demo) shares() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var shares []string
	for _, p := range d.processes {
		shares = append(shares, fmt.Sprintf("%s has %d", p.name, len(d.owned[p.name])))
	}
	slices.Sort(shares)
	return strings.Join(shares, ", ")
}

// first is the first news of a kind, of a call, since some moment; the caller holds
// mu.
func (d *demo) first(kind, call string, since time.Time) (heard, bool) {
	at := slices.IndexFunc(d.heard, func(h heard) bool { return h.Kind == kind && h.Call == call && h.At.After(since) })
	if at < 0 {
		return heard{}, false
	}
	return d.heard[at], true
}

// callers are those who call.
func callers() []string {
	return []string{"Adele", "Alex", "Diego", "Grady", "Isaiah", "Megan"}
}

// comesIn tells at which instance a call came in.
func (d *demo) comesIn(body []byte, at string) {
	all, err := resources.DecodeNotifications(body)
	if err != nil || len(all.Value) == 0 || all.Value[0].ChangeType != resources.ChangeTypeCreated {
		return
	}
	if path, ok := all.Value[0].Path(); ok {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.heard = append(d.heard, heard{news{Kind: "came in", Call: path.CallID, At: time.Now()}, at})
	}
}

// callIn has people call, whose calls come in anywhere.
func (d *demo) callIn(ctx context.Context) error {
	for _, name := range callers() {
		call := d.AddPerson(name).Call(d.bot)
		d.calls = append(d.calls, call)
		d.callers[call.ID()] = name
		if err := call.WaitAnswered(ctx); err != nil {
			return fmt.Errorf("%s's call was not answered: %w", name, err)
		}
		if err := d.until(ctx, "nobody has told of "+name+"'s call", func() bool {
			_, told := d.first(answered, call.ID(), time.Time{})
			return told
		}); err != nil {
			return err
		}
		d.mu.Lock()
		in, _ := d.first("came in", call.ID(), time.Time{})
		by, _ := d.first(answered, call.ID(), time.Time{})
		d.mu.Unlock()
		d.tell("%s calls: it comes in at %s, and is %s's, which answers.", name, in.by, by.by)
	}
	return nil
}

// ownerOf is who told of a call last.
func (d *demo) ownerOf(call string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	owner := ""
	for _, h := range d.heard {
		if h.Call == call && (h.Kind == answered || h.Kind == tookOver) {
			owner = h.by
		}
	}
	return owner
}

// callsOf are those of an instance.
func (d *demo) callsOf(name string) (calls []*simulator.IncomingCall, whose []string) {
	for _, call := range d.calls {
		if d.ownerOf(call.ID()) == name {
			calls, whose = append(calls, call), append(whose, d.callers[call.ID()])
		}
	}
	return calls, whose
}

// kill kills the instance with the most calls, and presses a key in each meanwhile.
func (d *demo) kill(ctx context.Context) error {
	victim := slices.MaxFunc(d.members(), func(a, b *process) int {
		ofA, _ := d.callsOf(a.name)
		ofB, _ := d.callsOf(b.name)
		return len(ofA) - len(ofB)
	})
	calls, whose := d.callsOf(victim.name)
	killed := time.Now()
	victim.kill()
	d.tell("%s is killed by -9, in the middle of the calls of %s.", victim.name, strings.Join(whose, ", "))
	d.change(func() {
		d.processes = slices.DeleteFunc(d.processes, func(p *process) bool { return p == victim })
		delete(d.owned, victim.name)
	})
	for i, call := range calls {
		call.PressKey(resources.Tone5)
		d.tell("%s presses 5: another instance answers the platform, and the key waits in NATS.", whose[i])
	}
	for i, call := range calls {
		var taken, key heard
		if err := d.until(ctx, "nobody has taken over "+whose[i]+"'s call", func() bool {
			var took, told bool
			taken, took = d.first(tookOver, call.ID(), killed)
			key, told = d.first(keyHeard, call.ID(), killed)
			return took && told
		}); err != nil {
			return err
		}
		d.tell("%s has %s's call %.1f s after the kill, and its handler is told the key.", taken.by, whose[i], key.At.Sub(killed).Seconds())
	}
	if err := d.until(ctx, "not all partitions were taken over", d.even); err != nil {
		return err
	}
	d.tell("Nothing is lost: %s.", d.shares())
	return nil
}

// replace starts the one that was killed anew.
func (d *demo) replace(ctx context.Context) error {
	there := map[string]bool{}
	for _, p := range d.members() {
		there[p.name] = true
	}
	for _, name := range []string{"A", "B", "C"} {
		if !there[name] {
			if err := d.start(ctx, name+"2"); err != nil {
				return err
			}
			d.tell("%s2 is started in its place, and is handed its share, calls and all: %s.", name, d.shares())
		}
	}
	return nil
}

// roll replaces each instance by a new version, while keys are pressed in all
// calls.
func (d *demo) roll(ctx context.Context) error {
	keys := newKeys(d)
	keys.begin()
	defer keys.stop()
	for _, p := range d.members() {
		name := p.name[:1] + "3"
		if err := d.start(ctx, name); err != nil {
			return err
		}
		if err := p.drain(ctx); err != nil {
			return fmt.Errorf("drain %s: %w", p.name, err)
		}
		d.change(func() {
			d.processes = slices.DeleteFunc(d.processes, func(other *process) bool { return other == p })
			delete(d.owned, p.name)
		})
		p.end()
		d.tell("%s takes over from %s, which drains and ends: %s.", name, p.name, d.shares())
		d.pause(ctx)
	}
	keys.stop()
	pressed, slowest, err := keys.all(ctx)
	if err != nil {
		return err
	}
	d.tell("Meanwhile %d keys were pressed: each was told once, the slowest %d ms after.", pressed, slowest.Milliseconds())
	if slowest > 2*time.Second {
		return errors.New("that is a gap")
	}
	return nil
}

// hangUp ends all calls, and sees that each end is told once.
func (d *demo) hangUp(ctx context.Context) error {
	for _, call := range d.calls {
		call.Hangup()
	}
	ends := func() int {
		told := map[string]bool{}
		for _, h := range d.heard {
			if h.Kind == callEnded {
				told[h.Call] = true
			}
		}
		return len(told)
	}
	if err := d.until(ctx, "not all ends were told", func() bool { return ends() == len(d.calls) }); err != nil {
		return err
	}
	d.mu.Lock()
	count := 0
	by := map[string]int{}
	for _, h := range d.heard {
		if h.Kind == callEnded {
			count++
			by[h.by]++
		}
	}
	d.mu.Unlock()
	if count != len(d.calls) {
		return fmt.Errorf("%d ends were told of %d calls", count, len(d.calls))
	}
	d.tell("All hang up: %d calls have ended, each told once, by %s.", count, strings.Join(slices.Sorted(maps.Keys(by)), ", "))
	return nil
}
