package simulator_test

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

// ordeal is a fault that a naive bot does not survive.
type ordeal struct {
	arguments []string
	prepare   func(n *naiveBot)
	// later has the call made first and kept alive under the fault.
	later bool
	// rings has the bot called.
	rings bool
}

func ordeals() map[string]ordeal {
	checking := func(n *naiveBot) { _, n.keys = n.keysAt(n.platform.OpenIDConfigurationURL()) }
	return map[string]ordeal{
		"hold":                {},
		"delay":               {arguments: []string{"2s"}},
		"delay-up-to":         {arguments: []string{"10s", "2"}},
		"scramble":            {arguments: []string{"3"}},
		"duplicate":           {},
		"duplicate-as-new":    {arguments: []string{"2"}},
		"batch":               {},
		"drop":                {arguments: []string{"ended"}},
		"drop-every":          {arguments: []string{"Established"}},
		"lose-end":            {},
		"skip-established":    {},
		"capitalize":          {},
		"resource-only":       {},
		"resource-url-only":   {prepare: func(n *naiveBot) { n.byResource = true }},
		"same-etag":           {},
		"rising-etags":        {},
		"legacy-first":        {rings: true},
		"forge":               {},
		"fail":                {arguments: []string{"3"}, later: true},
		"fail-after-effect":   {},
		"fail-with-diag-code": {arguments: []string{"3", "500#7112"}, later: true},
		"cut-connections":     {arguments: []string{"9"}, later: true},
		"throttle":            {arguments: []string{"1", "2s"}, later: true},
		"slow-replies":        {arguments: []string{"3s"}},
		"notify-before-reply": {},
		"expire-tokens":       {later: true},
		"rotate-keys":         {prepare: checking},
		"azure-ad-tokens":     {prepare: checking},
		"government-issuer":   {prepare: checking},
	}
}

func TestEveryFaultDefeatsANaiveBot(t *testing.T) {
	all := ordeals()
	require.Len(t, all, len(simulator.AllFaults()))
	for _, fault := range simulator.AllFaults() {
		t.Run(fault.Name, func(t *testing.T) {
			trial, ok := all[fault.Name]
			require.True(t, ok)
			require.NotEmpty(t, fault.Summary)
			synctest.Test(t, func(t *testing.T) { require.NoError(t, trial.undergo(newNaiveBot(t), nil)) })
			synctest.Test(t, func(t *testing.T) {
				n := newNaiveBot(t)
				err := trial.undergo(n, func() { require.NoError(t, n.platform.Inject(fault.Name, trial.arguments...)) })
				require.Error(t, err)
				t.Log(err)
				require.Positive(t, n.platform.Stats().Injected[fault.Name])
			})
		})
	}
}

func (o ordeal) undergo(n *naiveBot, inject func()) error {
	if inject == nil {
		inject = func() {}
	}
	if o.prepare != nil {
		o.prepare(n)
	}
	if o.later {
		return n.keptAlive(inject)
	}
	inject()
	if o.rings {
		return n.called()
	}
	return n.phoneCall()
}

func TestFaultsOfOneCall(t *testing.T) {
	b := newHandBot(t)
	spoiled := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	other := b.create(b.callTo(b.platform.AddPerson("Alex Wilber")))
	for _, fault := range simulator.AllFaults() {
		if fault.PerCall {
			require.NoError(t, fault.Apply(b.platform, spoiled), fault.Name)
		} else {
			require.ErrorContains(t, fault.Apply(b.platform, spoiled), "one call", fault.Name)
		}
	}
	spoiled.Heal()
	require.NoError(t, spoiled.Inject("Lose-End"))
	b.settle()
	heard := len(b.received())
	spoiled.End(200, 5001, "")
	other.End(200, 5001, "")
	b.settle()
	require.Len(t, b.received(), heard+1)
}

func TestInjectSaysWhatIsWrong(t *testing.T) {
	platform := simulator.New(t)
	require.ErrorIs(t, platform.Inject("earthquake"), simulator.ErrUnknownFault)
	for want, arguments := range map[string][]string{
		"has 2 arguments": {"delay-up-to", "1s", "1", "1"},
		"duration":        {"delay", "soon"},
		"negative":        {"delay", "-1s"},
		"MatchNamed":      {"drop", "nothing"},
		"seed":            {"scramble", "-1"},
		"1 or more":       {"duplicate", "0"},
	} {
		require.ErrorContains(t, platform.Inject(arguments[0], arguments[1:]...), want)
	}
	require.Empty(t, platform.Stats().Injected)
}

func TestMatchNamed(t *testing.T) {
	for name, matches := range map[string]string{
		"any": "participants", "Participants": "participants", "operations": "operations", "ended": "", "Hold": "",
	} {
		match, ok := simulator.MatchNamed(name)
		require.True(t, ok, name)
		notice := &resources.Notification{
			ChangeType: resources.ChangeTypeDeleted, Data: &resources.Call{State: resources.CallStateHold},
			ResourceURL: "/communications/calls/c1/" + matches,
		}
		require.True(t, match(notice), name)
		require.Equal(t, name == "any", match(&resources.Notification{}), name)
	}
}
