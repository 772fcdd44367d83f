//go:build browser

package inspector_test

import (
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/inspector"
	"github.com/graphcalls/graphcalls-go/internal/webdriver"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// The keys of the keyboard that are no letters, as WebDriver names them.
const (
	tabKey    = "\ue004"
	enterKey  = "\ue007"
	escapeKey = "\ue00c"
	downKey   = "\ue015"
)

func openBrowser(t *testing.T) *webdriver.Browser {
	t.Helper()
	return webdriver.Open(t, filepath.Join("..", "bin", "screenshots"))
}

// TestBrowserFollowsACall is a night with one call gone wrong, by keyboard alone.
func TestBrowserFollowsACall(t *testing.T) {
	r := open(t, inspector.Options{})
	people(t, r)
	b := openBrowser(t)
	b.Open(r.address(""))
	b.Has("#connection.live", "live")
	b.Script("window.same = true", nil)
	b.Has("#calls .kind", "meeting")

	call, person := r.call("Adele Vance")
	id := call.ID()
	mine := `#calls tr[data-key="` + id + `"] `
	b.Has(mine+".state", "established")
	call.SetState(resources.CallStateHold)
	b.Has(mine+".state", "hold")
	call.SetState(resources.CallStateEstablished)
	b.Has(mine+".state", "established")
	goWrong(t, r, call)
	b.Has(mine+".mark.bad", "1 failure")
	b.Screenshot("inspector-1-list")

	b.Keys("/" + id)
	b.Wait("the search finds it alone", func() (alone bool) {
		b.Script(`return document.querySelectorAll("#calls tbody tr").length === 1`, &alone)
		return alone
	})
	b.Has(mine+".state", "established")
	b.Keys(downKey + enterKey)
	b.Has("#title", "established incoming one to one")
	b.Has("#notes .of-request.bad", "playPrompt")
	b.Has("#notes .of-notification .mark", "duplicate")
	b.Has("#notes .of-notification .mark.odd", "stale")
	b.Has("#notes .of-state", "established → hold")
	b.Has("#diagram .now", "established")
	b.Has("#path", "hold")
	b.Screenshot("inspector-2-timeline")

	call.PressKey(resources.Tone1)
	b.Has("#notes .of-notification", "tone updated")
	b.Keys("jj" + enterKey)
	b.Has("#notes dl", "message")
	b.Keys("/failed")
	b.Wait("the filter leaves what failed", func() (left bool) {
		b.Script(`return document.querySelectorAll("#notes > li:not([hidden])").length === 1`, &left)
		return left
	})
	b.Keys(escapeKey + escapeKey)
	b.Wait("the list is back", func() (back bool) {
		b.Script(`return !document.getElementById("list").hidden && document.activeElement.closest("tr")?.dataset.key === arguments[0]`, &back, id)
		return back
	})
	b.Keys("/" + escapeKey)
	b.Has("#calls .kind", "meeting")
	person.Leave()
	b.Has(mine+".state", "terminated")

	var same bool
	b.Script("return window.same", &same)
	require.True(t, same, "the page was loaded anew")
	require.Empty(t, b.Complaints())
}

// goWrong has a request fail, and notifications come twice and late.
func goWrong(t *testing.T, r *rig, sim *simulator.IncomingCall) {
	t.Helper()
	call, ok := r.client.Calls().Get(sim.ID())
	require.True(t, ok)
	r.platform.FailNext(simulator.Failure{Path: "/playPrompt", Status: http.StatusInternalServerError})
	_, err := call.PlayPrompt(r.soon(), resources.NewMediaPrompt("https://bot.contoso.com/menu.wav"))
	require.Error(t, err)
	sim.DuplicateAsNew(1)
	sim.SetMediaActive(false)
	r.until(sim.ID(), func(_ detail, notes []note) bool {
		_, twice := find(notes, func(n note) bool { return n.is("duplicate") })
		return twice
	})
	sim.Heal()
	r.say(`{"changeType":"updated","resourceUrl":"/communications/calls/%s","resourceData":{"@odata.type":"#microsoft.graph.call","state":"establishing"}}`, sim.ID())
}

// people are in a meeting that the bot is in: muted, on hold, sharing.
func people(t *testing.T, r *rig) (meetingCall *statefulclient.Call) {
	t.Helper()
	meeting := r.platform.AddMeeting(simulator.Meeting{Subject: "Weekly"})
	acts := []func(*simulator.Person){
		(*simulator.Person).Mute, (*simulator.Person).Hold, func(p *simulator.Person) { p.ShareContent(meeting) }, func(*simulator.Person) {},
	}
	for _, act := range acts {
		person := r.platform.AddPerson("Somebody")
		person.Join(meeting)
		act(person)
	}
	join, err := statefulclient.ParseJoinURL(meeting.JoinURL())
	require.NoError(t, err)
	call, err := r.client.Calls().Join(r.soon(), join)
	require.NoError(t, err)
	return call
}

func TestBrowserShowsARosterDarkAndNarrow(t *testing.T) {
	r := open(t, inspector.Options{})
	call := people(t, r)
	b := openBrowser(t)
	b.Dark(true)
	b.Open(r.address("#call=" + call.ID()))
	b.Has("#roster td", "muted")
	b.Has("#roster td", "on hold")
	b.Has("#roster td", "screen →")
	b.Has("#roster th", "this bot")
	b.Screenshot("inspector-3-meeting-dark")
	b.Phone(1500)
	b.Screenshot("inspector-4-phone-call-dark")
	b.Dark(false)
	b.Keys(escapeKey)
	for _, name := range []string{"Adele Vance", "Alex Wilber", "Diego Siciliani"} {
		sim, _ := r.call(name)
		goWrong(t, r, sim)
	}
	left, person := r.call("Grady Archie")
	person.Leave()
	b.Has(`#calls tr[data-key="`+left.ID()+`"] .state`, "terminated")
	b.Screenshot("inspector-5-phone-list")
	b.Script(`location.hash = "#call=" + arguments[0]`, nil, call.ID())
	b.Has("#jump", "People")
	b.Click(`#jump [data-to="states"]`)
	b.Screenshot("inspector-6-phone-states")
	var wide bool
	b.Script("return document.documentElement.scrollWidth > innerWidth", &wide)
	require.False(t, wide, "a phone has to scroll sideways")
	require.Empty(t, b.Complaints())
}

// POSTs that were turned away are in no timeline, and are seen all the same; and so
// is what to do about an end, and where a request came from.
func TestBrowserShowsWhatWasRefused(t *testing.T) {
	r := open(t, inspector.Options{})
	call, person := r.call("Adele Vance")
	b := openBrowser(t)
	b.Open(r.address(""))
	b.Has("#calls .state", "established")
	r.platform.SignWith(func(d *simulator.Draft) { d.Claims["aud"] = "another" })
	call.SetMediaActive(false)
	b.Has("#counts.bad", "POST refused")
	b.Script(`location.hash = "#none"`, nil)
	b.Has("#facts .bad", "Refused: unauthorized.audience")
	call.SetMediaActive(true)
	b.Has("#facts .bad", "2")
	r.platform.Heal()
	b.Script(`location.hash = "#call=" + arguments[0]`, nil, call.ID())
	b.Has("#notes .of-request", "from OnIncoming")
	person.Leave()
	b.Has("#end", "normal")
	require.Empty(t, b.Complaints())
}

// What people call themselves is text, never markup.
func TestBrowserTakesMarkupForText(t *testing.T) {
	const name = `<img src=x onerror="document.title='taken'">`
	r := open(t, inspector.Options{ShowPersonalData: true})
	call, _ := r.call(name)
	b := openBrowser(t)
	b.Open(r.address(""))
	b.Has("#calls .private", name)
	b.Keys("j" + enterKey)
	b.Has("#title", name)
	b.Script(`location.hash = "#call=" + encodeURIComponent('"><img src=x>')`, nil)
	b.Has("#title", "There is no such call")
	b.Script(`location.hash = "#call=" + arguments[0]`, nil, call.ID())
	b.Has("#title", "established")
	var images int
	b.Script("return document.images.length", &images)
	require.Zero(t, images)
	require.Empty(t, b.Complaints())
}

// With thousands of calls the page answers as quickly as with a few.
func TestBrowserHoldsThousandsOfCalls(t *testing.T) {
	r := silent(t, inspector.Options{})
	r.ring(5000)
	b := openBrowser(t)
	b.Open(r.address(""))
	b.Has("#counts", "5,000 live")
	b.Has("#where", "1–100 of 5,000")
	b.Screenshot("inspector-7-thousands")
	b.Keys("n")
	b.Has("#where", "101–200 of 5,000")
	began := time.Now()
	b.Keys("/many-1234" + tabKey)
	b.Has("#calls .id", "many-1234")
	b.Wait("nothing else is found", func() (alone bool) {
		b.Script(`return document.querySelectorAll("#calls tbody tr").length === 1`, &alone)
		return alone
	})
	require.Less(t, time.Since(began), 5*time.Second)
	require.Empty(t, b.Complaints())
}

// The page tells that it has lost its bot, and finds it again.
func TestBrowserComesBack(t *testing.T) {
	r := open(t, inspector.Options{})
	r.call("Adele Vance")
	b := openBrowser(t)
	b.Open(r.address(""))
	b.Has("#calls .state", "established")
	r.server.CloseClientConnections()
	b.Wait("it notices", func() (lost bool) {
		b.Script(`return document.getElementById("connection").className === ""`, &lost)
		return lost
	})
	b.Has("#connection.live", "live")
	b.Has("#calls .state", "established")
	r.inspector.Close()
	b.Has("#connection", "closed")
}
