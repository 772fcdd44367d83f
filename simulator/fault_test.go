package simulator_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

func TestHoldAndRelease(t *testing.T) {
	b := newHandBot(t)
	b.platform.Hold()
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	b.settle()
	require.Empty(t, b.received())
	require.Len(t, call.Queued(), 5)
	call.Hold()
	b.platform.Release()
	b.settle()
	require.Empty(t, b.received(), "the call's own hold stands")
	call.Release()
	b.settle()
	require.Len(t, b.received(), 5)
	require.Empty(t, call.Queued())
}

func TestReleaseInOrder(t *testing.T) {
	b := newHandBot(t)
	b.platform.Hold()
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	b.platform.Release()
	b.settle()

	call.Hold()
	call.PressKey(resources.Tone1)
	call.PressKey(resources.Tone2)
	call.End(200, 5001, "The conversation has ended.")
	require.Error(t, call.ReleaseInOrder(3))
	require.NoError(t, call.ReleaseInOrder(2, 0, 0))
	b.settle()
	require.Equal(t, []string{"deleted terminated", "updated established +toneInfo", "updated established +toneInfo"}, b.heard()[5:])
	require.Equal(t, messageID(b.received()[6]), messageID(b.received()[7]))
}

func messageID(p post) string { return p.header.Get("X-Microsoft-Skype-Message-ID") }

func TestScrambleIsDecidedByItsSeed(t *testing.T) {
	scrambled := func(seed uint64) []string {
		b := newHandBot(t)
		b.platform.Scramble(seed)
		b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
		b.settle()
		return b.heard()
	}
	first := scrambled(7)
	require.Len(t, first, 5)
	require.Equal(t, first, scrambled(7))
	orders := [][]string{first}
	for seed := range uint64(5) {
		orders = append(orders, scrambled(seed))
	}
	require.False(t, slices.EqualFunc(orders[1:], orders[:5], slices.Equal[[]string]), "some seed must shuffle otherwise")
	straight := slices.Sorted(slices.Values(first))
	require.Equal(t, straight, slices.Sorted(slices.Values(orders[3])), "nothing is lost or made up")
}

func TestDuplicates(t *testing.T) {
	b := newHandBot(t)
	b.platform.Duplicate(1)
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	b.settle()
	posts := b.received()
	require.Len(t, posts, 10)
	for i := 0; i < 10; i += 2 {
		require.Equal(t, messageID(posts[i]), messageID(posts[i+1]))
		require.Equal(t, posts[i].body, posts[i+1].body)
	}
	require.True(t, call.Deliveries()[1].Copy)

	b.platform.Heal()
	call.DuplicateAsNew(2)
	call.PressKey(resources.Tone0)
	b.settle()
	posts = b.received()[10:]
	require.Len(t, posts, 3)
	require.NotEqual(t, messageID(posts[0]), messageID(posts[1]))
	require.NotEqual(t, messageID(posts[1]), messageID(posts[2]))
}

func TestDrop(t *testing.T) {
	b := newHandBot(t)
	adele := b.platform.AddPerson("Adele Vance")
	b.platform.DropEvery(simulator.InState(resources.CallStateEstablishing))
	b.platform.Drop(simulator.Ended)
	first, second := b.create(b.callTo(adele)), b.create(b.callTo(adele))
	b.settle()
	require.Equal(t, resources.CallStateTerminated, first.State(), "a person is in one conversation at a time")
	require.NotContains(t, b.heard(), "updated establishing")
	require.NotContains(t, b.heard(), "deleted terminated")
	second.End(200, 5001, "")
	b.settle()
	require.Contains(t, b.heard(), "deleted terminated", "only the next one is lost")
	require.Equal(t, int64(3), b.platform.Stats().Dropped)
	deliveries := first.Deliveries()
	require.True(t, deliveries[0].Dropped)
	require.Zero(t, deliveries[0].Tries)
}

func TestNotifyBeforeReply(t *testing.T) {
	b := newHandBot(t)
	b.platform.NotifyBeforeReply()
	b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	require.Len(t, b.received(), 5, "all were delivered before the reply came")
}

func TestRepliesComeBeforeNotifications(t *testing.T) {
	inVirtualTime(t, func(t *testing.T, b *handBot) {
		b.platform.SlowReplies(time.Second)
		call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
		b.settle()
		exchanges := b.platform.Exchanges()
		require.Len(t, exchanges, 6)
		require.Len(t, call.Exchanges(), 6)
		require.False(t, exchanges[0].ToBot)
		require.Equal(t, http.StatusCreated, exchanges[0].Status)
		for _, exchange := range exchanges {
			require.NotContains(t, exchange.RequestHeader.Get("Authorization"), ".", "tokens are left out")
		}
	})
}

func TestFailNext(t *testing.T) {
	b := newHandBot(t)
	adele := b.platform.AddPerson("Adele Vance")
	b.platform.FailNext(simulator.Failure{Method: http.MethodPost, Path: "/communications/Calls", Status: 500, Code: "generalException", AfterEffect: true})
	answer := b.ask(http.MethodPost, "", b.callTo(adele))
	require.Equal(t, 500, answer.status)
	require.Equal(t, "generalException", answer.text("error", "code"))
	b.settle()
	require.Len(t, b.platform.Calls(), 1, "the call was made all the same")
	require.Len(t, b.received(), 5)

	call := b.platform.Calls()[0]
	b.platform.FailNext(simulator.Failure{Path: "keepAlive", Status: 503, Header: http.Header{"Retry-After": {"1"}}})
	require.Equal(t, http.StatusOK, b.ask(http.MethodGet, "/"+call.ID(), nil).status, "other requests are left alone")
	answer = b.ask(http.MethodPost, "/"+call.ID()+"/keepAlive", nil)
	require.Equal(t, 503, answer.status)
	require.Equal(t, "1", answer.header.Get("Retry-After"))
	require.Equal(t, http.StatusOK, b.ask(http.MethodPost, "/"+call.ID()+"/keepAlive", nil).status)
	require.Equal(t, 1, call.KeepAlives())

	b.platform.FailNext(simulator.Failure{})
	_, err := b.try(http.MethodDelete, "/"+call.ID(), nil)
	require.Error(t, err, "the connection was cut")
	require.Equal(t, resources.CallStateEstablished, call.State())
}

func TestTheTokenEndpointCanFailToo(t *testing.T) {
	b := newHandBot(t)
	b.platform.Throttle(1, time.Second)
	b.platform.FailNext(simulator.Failure{Path: "/token", Status: 503, Header: http.Header{"Retry-After": {"1"}}})
	b.platform.FailNext(simulator.Failure{Path: "/keys"})
	answer := b.askForToken("common", url.Values{})
	require.Equal(t, 503, answer.status)
	require.Equal(t, "1", answer.header.Get("Retry-After"))
	_, err := b.try(http.MethodGet, strings.TrimSuffix(b.platform.ServiceBaseURL(), ".0")+"/keys", nil)
	require.Error(t, err)
	b.keysAt(b.platform.OpenIDConfigurationURL())
	require.Equal(t, http.StatusTooManyRequests, b.ask(http.MethodGet, "/any", nil).status)
}

func TestThrottle(t *testing.T) {
	b := newHandBot(t)
	b.platform.Throttle(2, 1500*time.Millisecond)
	for range 2 {
		answer := b.ask(http.MethodPost, "", b.callTo(b.platform.AddPerson("Adele Vance")))
		require.Equal(t, http.StatusTooManyRequests, answer.status)
		require.Equal(t, "2", answer.header.Get("Retry-After"))
	}
	require.Empty(t, b.platform.Calls())
	b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
}
