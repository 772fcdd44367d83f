package inspector_test

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/inspector"
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
