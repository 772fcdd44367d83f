package main

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/tools/cache"

	"github.com/graphcalls/graphcalls-go/resources"
)

func informerFigures() []Figure {
	return []Figure{
		{"event_vs_informer", "from a change to its handler, decoding left out: client-go informer's time / ours", Bound{AtLeast: 2}, eventVersusInformer},
	}
}

// eventVersusInformer has each side keep an object up to date and tell a handler
// of each change, which is waited for. The informer is handed what is decoded
// already. Ours has no such door, so what decoding alone takes is taken off.
func eventVersusInformer(b *Bench) (Result, error) {
	l, call, err := newLiveCall()
	if err != nil {
		return Result{}, err
	}
	defer l.client.Close()
	tellOfCall(l, call)
	i, err := newInformed()
	if err != nil {
		return Result{}, err
	}
	defer i.close()
	ours := l.answering(alternating(callUpdates(call.ID())))
	c, err := b.Compare(ours, i.updating)
	if err != nil {
		return Result{}, err
	}
	d, err := b.Compare(ours, decodingAll(resources.DecodeNotifications, alternating(callUpdates(call.ID()))))
	if err != nil {
		return Result{}, err
	}
	result := c.Result()
	result.Value /= 1 - d.Value()
	result.Note = "of ours, decoding takes " + number(100*d.Value()) + " %, which the value leaves out"
	return result, nil
}

// informed is an informer of one call, and what it watches.
type informed struct {
	changes chan watch.Event
	told    chan struct{} // by the handler
	calls   [2]*resources.Call
	version int
	cancel  context.CancelFunc
	ended   chan struct{}
}

func newInformed() (*informed, error) {
	i := &informed{changes: make(chan watch.Event), told: make(chan struct{}, 1), ended: make(chan struct{}), version: 1}
	for at, body := range callUpdates(callID) {
		notifications, err := resources.DecodeNotifications(body)
		if err != nil {
			return nil, err
		}
		i.calls[at] = notifications.Value[0].Data.(*resources.Call)
	}
	informer := cache.NewSharedIndexInformer(i, &callObject{}, 0, cache.Indexers{})
	_, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { i.told <- struct{}{} },
		UpdateFunc: func(_, _ any) { i.told <- struct{}{} },
	})
	if err != nil {
		return nil, err
	}
	var ctx context.Context
	ctx, i.cancel = context.WithCancel(context.Background())
	go func() {
		defer close(i.ended)
		informer.RunWithContext(ctx)
	}()
	if err := i.hear(time.After(patience)); err != nil { // of what was there when it began
		i.close()
		return nil, err
	}
	return i, nil
}

func (i *informed) close() {
	i.cancel()
	<-i.ended
}

// updating makes changes one by one, each when the handler has been told of the
// one before.
func (i *informed) updating(n int) error {
	late := time.After(patience)
	for range n {
		select {
		case i.changes <- watch.Event{Type: watch.Modified, Object: i.next()}:
		case <-late:
			return errors.New("the informer does not watch")
		}
		if err := i.hear(late); err != nil {
			return err
		}
	}
	return nil
}

func (i *informed) hear(late <-chan time.Time) error {
	select {
	case <-i.told:
		return nil
	case <-late:
		return errors.New("the informer told of nothing")
	}
}

func (i *informed) next() *callObject {
	i.version++
	return &callObject{
		ObjectMeta: metav1.ObjectMeta{Name: callID, Namespace: tenantID, ResourceVersion: strconv.Itoa(i.version)},
		call:       i.calls[i.version%2],
	}
}

// List and Watch are what an API server is asked for; changes come by a channel
// from next door.

// List lists the one call there is.
func (i *informed) List(metav1.ListOptions) (runtime.Object, error) {
	return &callList{ListMeta: metav1.ListMeta{ResourceVersion: "1"}, Items: []callObject{*i.next()}}, nil
}

// Watch tells of what comes by the channel.
func (i *informed) Watch(metav1.ListOptions) (watch.Interface, error) {
	return watch.NewProxyWatcher(i.changes), nil
}

// IsWatchListSemanticsUnSupported has the informer list first, and then watch.
func (i *informed) IsWatchListSemanticsUnSupported() bool { return true }

// callObject is a call as Kubernetes would keep it.
type callObject struct {
	metav1.TypeMeta
	metav1.ObjectMeta

	call *resources.Call
}

// DeepCopyObject copies as deep as anybody here changes it.
func (o *callObject) DeepCopyObject() runtime.Object {
	copied := *o
	return &copied
}

type callList struct {
	metav1.TypeMeta
	metav1.ListMeta

	Items []callObject
}

// DeepCopyObject copies as deep as anybody here changes it.
func (l *callList) DeepCopyObject() runtime.Object {
	copied := *l
	copied.Items = slices.Clone(l.Items)
	return &copied
}
