package inspector_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/inspector"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// marked is a run in which everything that must not be seen has a mark.
type marked struct {
	*rig

	secrets []string
	calls   []string
}

func runMarked(t *testing.T, options inspector.Options) marked {
	t.Helper()
	m := marked{rig: open(t, options)}
	caller, phone := m.platform.AddPerson("Zaphod Beeblebrox"), m.platform.AddPhone("+14255550199")
	m.secrets = []string{
		"Zaphod", "Beeblebrox", caller.ID, "+14255550199", "14255550199", "tone7", m.account.Secret, "eyJ", "Bearer",
		"secret-prompt", "secret-subject", "secret-mark", "secret-message", "Trillian",
	}
	sim := caller.Call(m.account)
	require.NoError(t, sim.WaitAnswered(m.soon()))
	call, ok := m.client.Calls().Get(sim.ID())
	require.True(t, ok)
	_, err := call.PlayPrompt(statefulclient.WithClientContext(m.soon(), "secret-mark"), resources.NewMediaPrompt("https://bot.contoso.com/secret-prompt.wav"))
	require.NoError(t, err)
	sim.PressKey(resources.Tone7)
	byPhone := phone.Call(m.account)
	require.NoError(t, byPhone.WaitAnswered(m.soon()))
	meeting := m.platform.AddMeeting(simulator.Meeting{Subject: "secret-subject"})
	inside := m.platform.AddPerson("Trillian")
	m.secrets = append(m.secrets, inside.ID)
	inside.Join(meeting)
	join, err := statefulclient.ParseJoinURL(meeting.JoinURL())
	require.NoError(t, err)
	joined, err := m.client.Calls().Join(m.soon(), join)
	require.NoError(t, err)
	require.NoError(t, joined.Participants().WaitFor(m.soon(), func(p *statefulclient.Participants) bool { return p.Len() > 1 }))
	m.platform.CutConnections(10)
	short, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	require.Error(t, joined.SubscribeToTone(short))
	m.platform.Heal()
	byPhone.End(500, 1003, "secret-message to +14255550199 of Zaphod")
	m.calls = []string{sim.ID(), byPhone.ID(), joined.ID(), ""}
	m.until(byPhone.ID(), func(d detail, _ []note) bool { return d.Ended > 0 })
	m.until(sim.ID(), func(_ detail, notes []note) bool {
		_, pressed := find(notes, func(n note) bool { return n.What == "tone" && !n.is("open") })
		return pressed
	})
	return m
}

// page is all that somebody who looks is given.
func (m *marked) page() string {
	m.t.Helper()
	var all bytes.Buffer
	for _, file := range []string{"", "page.js", "call.js", "list.js", "timeline.js", "elements.js", "diagram.js", "stream.js", "page.css", "icon.svg"} {
		status, text := m.get(file)
		require.Equal(m.t, 200, status, file)
		all.WriteString(text)
	}
	paths := []string{"list", "list?q=zaphod", "list?show=ended"}
	for _, id := range m.calls {
		paths = append(paths, "call?id="+id)
	}
	for _, path := range paths {
		s := m.listen(path)
		_, ok := s.next()
		require.True(m.t, ok)
		if path[0] == 'c' {
			_, ok = s.next()
			require.True(m.t, ok)
		}
		s.cancel()
		all.WriteString(s.all.String())
	}
	return all.String()
}

func (m *marked) bundles() string {
	m.t.Helper()
	var all bytes.Buffer
	for _, id := range m.calls {
		require.NoError(m.t, m.inspector.WriteSupportBundle(&all, id))
	}
	return all.String()
}

func TestNoSecretIsShown(t *testing.T) {
	m := runMarked(t, inspector.Options{})
	page, bundles := m.page(), m.bundles()
	for _, secret := range m.secrets {
		require.NotContains(t, page, secret, "the page")
		require.NotContains(t, bundles, secret, "a bundle")
	}
	for _, id := range append(m.calls, m.platform.Tenant().ID) {
		require.Contains(t, page, id)
		require.Contains(t, bundles, id)
	}
	require.Regexp(t, `"who":"person \d+"`, page)
	require.Regexp(t, `"who":"bot \d+"`, page)
	require.Regexp(t, `"who": "person \d+"`, bundles)
}

// With personal data on the page, the bundle has none all the same.
func TestPersonalDataIsShownWhenAskedFor(t *testing.T) {
	m := runMarked(t, inspector.Options{ShowPersonalData: true})
	page, bundles := m.page(), m.bundles()
	for _, shown := range []string{"Zaphod Beeblebrox", "+14255550199", "Trillian", "tone7", "secret-message"} {
		require.Contains(t, page, shown)
	}
	for _, kept := range []string{m.account.Secret, "eyJ", "Bearer", "secret-mark", "secret-prompt"} {
		require.NotContains(t, page, kept)
	}
	for _, secret := range m.secrets {
		require.NotContains(t, bundles, secret)
	}
	require.Equal(t, []string{m.calls[0]}, m.list("q=zaphod").Order, "names are searched")
}

// One person has one pseudonym in all calls.
func TestPseudonymsAreStable(t *testing.T) {
	r := open(t, inspector.Options{})
	people := []*simulator.Person{r.platform.AddPerson("Adele Vance"), r.platform.AddPerson("Alex Wilber")}
	names := map[string]int{}
	for i := range 2 {
		meeting := r.platform.AddMeeting(simulator.Meeting{Subject: fmt.Sprint(i)})
		for _, person := range people {
			person.Join(meeting)
		}
		join, err := statefulclient.ParseJoinURL(meeting.JoinURL())
		require.NoError(t, err)
		call, err := r.client.Calls().Join(r.soon(), join)
		require.NoError(t, err)
		d, _ := r.until(call.ID(), func(d detail, _ []note) bool { return d.Roster.Total == 3 })
		for _, seat := range d.Roster.Seats {
			if !seat.Self {
				names[seat.Who]++
			}
			require.Empty(t, seat.ID)
		}
	}
	require.Len(t, names, 2)
	for name, times := range names {
		require.Equal(t, 2, times, name)
	}
}
