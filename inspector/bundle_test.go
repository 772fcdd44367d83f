package inspector_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/inspector"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

func TestBundleHasWhatATicketNeeds(t *testing.T) {
	r := open(t, inspector.Options{})
	call, person := r.call("Adele Vance")
	person.Leave()
	r.until(call.ID(), func(d detail, _ []note) bool { return d.Ended > 0 })
	reply, err := http.Get(r.address("bundle?id=" + call.ID()))
	require.NoError(t, err)
	defer reply.Body.Close()
	require.Equal(t, `attachment; filename="call-`+call.ID()+`.json"`, reply.Header.Get("Content-Disposition"))
	text, err := io.ReadAll(reply.Body)
	require.NoError(t, err)
	b := decode[struct {
		About, Written, Since string
		Versions              struct{ Go, System string }
		Call                  detail
		Timeline              []note
	}](t, text)
	require.NotEmpty(t, b.About)
	require.NotEmpty(t, b.Versions.Go)
	require.Equal(t, call.ID(), b.Call.ID)
	require.Equal(t, r.platform.Tenant().ID, b.Call.Tenant)
	require.NotEmpty(t, b.Call.Scenario)
	require.NotEmpty(t, b.Call.Path)
	answer, ok := find(b.Timeline, func(n note) bool { return n.What == "answer" })
	require.True(t, ok)
	require.NotEmpty(t, answer.Reply, "the id Microsoft's support asks for")
}

func TestBundleOfNoCall(t *testing.T) {
	r := silent(t, inspector.Options{})
	require.ErrorIs(t, r.inspector.WriteSupportBundle(io.Discard, "none"), inspector.ErrUnknownCall)
	status, _ := r.get("bundle?id=none")
	require.Equal(t, http.StatusNotFound, status)
	var text bytes.Buffer
	require.NoError(t, r.inspector.WriteSupportBundle(&text, ""))
	require.Contains(t, text.String(), `"kind": "no call"`)
	r.ring(1)
	reply, err := http.Get(r.address(`bundle?id=many-0"%0d%0a/../x`))
	require.NoError(t, err)
	require.NoError(t, reply.Body.Close())
	require.Equal(t, http.StatusNotFound, reply.StatusCode)
}

// A handler that does not return is found by where it is, and whose call it is.
func TestBundleSaysWhereHandlersAre(t *testing.T) {
	r := open(t, inspector.Options{})
	goOn, stuck := make(chan struct{}), make(chan string, 2)
	statefulclient.On(r.client.Calls(), func(_ context.Context, e statefulclient.ToneReceived) {
		waitForTheLock(goOn, stuck, e.Call.ID())
	})
	call, _ := r.call("Adele Vance")
	other, _ := r.call("Alex Wilber")
	call.PressKey(resources.Tone1)
	require.Equal(t, call.ID(), <-stuck)
	type where struct {
		Running []struct {
			Handler string
			Stack   []string
		}
	}
	_, text := r.get("bundle?id=" + call.ID())
	b := decode[where](t, []byte(text))
	require.Len(t, b.Running, 1)
	require.Equal(t, "ToneReceived", b.Running[0].Handler)
	require.Contains(t, strings.Join(b.Running[0].Stack, "\n"), "inspector_test.waitForTheLock bundle_test.go:")
	require.NotContains(t, text, "/bundle_test.go", "of files the name alone")
	_, text = r.get("bundle?id=" + other.ID())
	require.Empty(t, decode[where](t, []byte(text)).Running)
	close(goOn)
	r.until(call.ID(), func(d detail, _ []note) bool { return d.Running == 0 })
	_, text = r.get("bundle?id=" + call.ID())
	require.Empty(t, decode[where](t, []byte(text)).Running)
}

//go:noinline
func waitForTheLock(lock <-chan struct{}, waits chan<- string, callID string) {
	waits <- callID
	<-lock
}
