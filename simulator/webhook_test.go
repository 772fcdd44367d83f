package simulator_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/simulator"
)

// status answers every notification with itself.
type status int

func (s status) ServeHTTP(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(int(s)) }

func TestABotHasItsAddressBeforeItsHandler(t *testing.T) {
	platform := simulator.New(t)
	bot := platform.RegisterBot(simulator.Bot{DisplayName: "Echo"})
	address, err := bot.Listen()
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(address, "https://"), address)

	early := platform.AddPerson("Adele Vance").Call(bot)
	require.NoError(t, early.WaitForDeliveries(t.Context(), 1))
	require.Equal(t, http.StatusServiceUnavailable, early.Deliveries()[0].Status)
	for _, answer := range []status{http.StatusAccepted, http.StatusOK} { // the second in place of the first
		bot.Serve(answer)
		call := platform.AddPerson("Alex Wilber").Call(bot)
		require.NoError(t, call.WaitForDeliveries(t.Context(), 1))
		require.Equal(t, int(answer), call.Deliveries()[0].Status)
		require.Equal(t, address, call.Deliveries()[0].URL)
	}
}

func TestAPlatformThatIsClosedListensForNobody(t *testing.T) {
	platform, err := simulator.Start(simulator.Options{})
	require.NoError(t, err)
	bot := platform.RegisterBot(simulator.Bot{DisplayName: "Echo"})
	platform.Close()
	_, err = bot.Listen()
	require.ErrorIs(t, err, simulator.ErrClosed)
}

func TestWhoWaitsInVainLearnsHowFarTheBotHasCome(t *testing.T) {
	for name, test := range map[string]struct {
		webhook http.Handler
		says    string
	}{
		"nowhere":            {nil, "it has no calling webhook, which Bot.Listen gives it"},
		"nothing there":      {http.NotFoundHandler(), "with 404: nothing takes them at that path"},
		"not ready":          {status(http.StatusServiceUnavailable), "with 503: nothing is served there yet"},
		"distrust":           {status(http.StatusUnauthorized), "with 401: it does not trust the platform's token"},
		"trouble of its own": {status(http.StatusInternalServerError), "with 500: see what its log says"},
		"nobody subscribed":  {status(http.StatusAccepted), "has sent no request about the call"},
	} {
		t.Run(name, func(t *testing.T) {
			platform := simulator.New(t, func(o *simulator.Options) { o.AnswerWindow = 200 * time.Millisecond })
			bot := platform.RegisterBot(simulator.Bot{DisplayName: "Echo"})
			if test.webhook != nil {
				_, err := bot.Listen()
				require.NoError(t, err)
				bot.Serve(test.webhook)
			}
			call := platform.AddPerson("Adele Vance").Call(bot)
			err := call.WaitAnswered(t.Context())
			require.ErrorIs(t, err, simulator.ErrEnded)
			require.ErrorContains(t, err, "408/10057")
			require.ErrorContains(t, err, test.says)
			require.ErrorIs(t, call.WaitListening(t.Context()), simulator.ErrEnded)
		})
	}
}

func TestPeopleAreToldApartByTheirNames(t *testing.T) {
	platform := simulator.New(t)
	people := []*simulator.Person{platform.AddPerson("Adele Vance"), platform.AddPhone("+4930123456")}
	require.Equal(t, "[Adele Vance +4930123456]", fmt.Sprint(people))
}

// Keys reach a bot from then on, however late the reply.
func TestABotListensBeforeItHasTheReply(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newHandBot(t, func(o *simulator.Options) { o.InMemory = true })
		call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
		b.settle()
		b.platform.SlowReplies(time.Hour)
		began := time.Now()
		listens, asked := make(chan error, 1), make(chan reply, 1)
		go func() { listens <- call.WaitListening(t.Context()) }()
		synctest.Wait() // it waits
		go func() { asked <- b.act(call, "/subscribeToTone", map[string]any{}) }()
		require.NoError(t, <-listens)
		require.Zero(t, time.Since(began))
		require.Equal(t, http.StatusOK, (<-asked).status)
		require.GreaterOrEqual(t, time.Since(began), time.Hour)
	})
}
