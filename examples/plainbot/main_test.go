package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/simulator/scenario"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The bot knows nothing of the simulator but its addresses, and passes.
func TestPlainbotPlaysItsScenarios(t *testing.T) {
	files, err := filepath.Glob("../../scenarios/plainbot-*.callsim")
	require.NoError(t, err)
	require.Len(t, files, 3)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			story, err := scenario.Parse(file, string(text))
			require.NoError(t, err)
			platform := simulator.New(t, func(o *simulator.Options) { *o = story.Options() })
			report := story.Run(t.Context(), platform, serve(t, platform))
			require.True(t, report.Passed(), report)
		})
	}
}

func serve(t *testing.T, platform *simulator.Platform) *simulator.Bot {
	t.Helper()
	registered := platform.RegisterBot(simulator.Bot{DisplayName: "Plainbot"})
	webhook, err := registered.Listen()
	require.NoError(t, err)
	settings := map[string]string{
		"CALLSIM_BOT_WEBHOOK": webhook, "CALLSIM_BASE_URL": platform.ServiceBaseURL(), "CALLSIM_AUTHORITY_URL": platform.AuthorityURL(),
		"CALLSIM_TENANT_ID": platform.Tenant().ID, "CALLSIM_APP_ID": registered.AppID, "CALLSIM_APP_SECRET": registered.Secret,
	}
	registered.Serve(&bot{client: platform.Client(), setting: func(name string) string { return settings[name] }})
	return registered
}
