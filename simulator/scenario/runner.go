package scenario

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"

	"github.com/graphcalls/graphcalls-go/simulator"
)

// webhookPath is where a bot that is started here takes notifications.
const webhookPath = "/api/calls"

// Runner plays scenarios with bots that are programs of their own: it starts a
// platform for each run, the bots in processes, and ends them all. The zero
// value plays scenarios that say themselves how to start their bots. A Runner
// may be used for several runs at once.
//
// A bot that is started gets these in its environment:
//
//	CALLSIM_BASE_URL                    the service's address, up to v1.0
//	CALLSIM_AUTHORITY_URL               the token endpoint's, up to the tenant
//	CALLSIM_OPENID_CONFIGURATION_URL    where the keys of tokens that come in are found
//	CALLSIM_CA_FILE                     the certificate authority to trust, in PEM
//	CALLSIM_TENANT_ID                   the tenant of everybody
//	CALLSIM_APP_ID, CALLSIM_APP_SECRET  its credentials
//	CALLSIM_BOT_LISTEN                  the host and port to listen at, in plain http
//	CALLSIM_BOT_PORT                    that port
//	CALLSIM_BOT_WEBHOOK                 its webhook as the platform sees it: its notification URL
//
// The webhook is https, as Teams demands, and passed on to where the bot
// listens, as a tunnel does.
type Runner struct {
	// Command starts each bot for which the scenario names no command. Its words
	// may hold the same {placeholders}.
	Command []string
	// Bots run already: the first stands for the scenario's first bot, and so
	// on, and is registered with the AppID, Secret and CallingWebhook it has
	// here. They are not started, whatever the scenario says.
	Bots []simulator.Bot
	// Dir is where programs are started; the working directory when empty.
	Dir string
	// Output gets all that programs print, as it comes. It may get it from
	// several goroutines at once. The end of it is in the report anyway.
	Output io.Writer
	// Configure changes the options of the platform, which are the scenario's to
	// begin with. The story goes at the speed that comes of it.
	Configure func(*simulator.Options)
}

// Run plays a scenario. What keeps it from beginning is in the report too.
func (r *Runner) Run(ctx context.Context, s *Scenario) *Report {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	options := s.Options()
	if r.Configure != nil {
		r.Configure(&options)
	}
	platform, err := simulator.Start(options)
	if err != nil {
		return unbegun(s, err)
	}
	defer platform.Close()
	folder, err := os.MkdirTemp("", "scenario-")
	if err != nil {
		return unbegun(s, err)
	}
	defer os.RemoveAll(folder) //nolint:errcheck // a temporary folder
	h := &house{Runner: r, platform: platform, caFile: filepath.Join(folder, "ca.pem"), output: &tail{next: r.Output},
		ended: map[*process]bool{}, transport: &http.Transport{}}
	if err := os.WriteFile(h.caFile, platform.CertificateAuthority(), 0o600); err != nil {
		return unbegun(s, err)
	}
	var bots []*simulator.Bot
	for _, bot := range r.Bots {
		bots = append(bots, platform.RegisterBot(bot))
	}
	defer h.close()
	p := s.newPlay(platform, bots, h)
	p.speed = cmp.Or(options.Speed, 1)
	for _, e := range s.of(aBot, aProgram) {
		if p.addresses[e], err = freeAddress(ctx); err != nil {
			return unbegun(s, err)
		}
	}
	report := p.run(ctx)
	h.close()
	report.Output = h.output.String()
	return report
}

func unbegun(s *Scenario, err error) *Report {
	return &Report{Scenario: s.name, Title: s.title, Entries: []Entry{{Kind: Failed, Line: 1, Text: "cannot begin", Detail: []string{err.Error()}}}}
}

// house is what one run has started.
type house struct {
	*Runner

	platform  *simulator.Platform
	caFile    string
	output    *tail
	processes []*process
	ended     map[*process]bool // told of
	transport *http.Transport
}

func (h *house) close() {
	for _, one := range slices.Backward(h.processes) {
		one.close()
	}
	h.processes = nil
	h.transport.CloseIdleConnections()
}

func (h *house) startBot(ctx context.Context, p *play, bot *entity, command []string) error {
	if slices.Index(p.scenario.of(aBot), bot) < len(h.Bots) {
		return nil
	}
	if len(command) == 0 {
		command = p.fill(p.scenario, p.platform, h.Command)
	}
	if len(command) == 0 {
		return fmt.Errorf("%s: %w", bot.name, errNoCommand)
	}
	webhook, err := h.forward(p.addresses[bot])
	if err != nil {
		return err
	}
	p.bot(bot).SetCallingWebhook(webhook)
	return h.start(ctx, bot.name, command, h.environment(p, bot, webhook), p.addresses[bot])
}

func (h *house) startProgram(ctx context.Context, p *play, program *entity) error {
	command := p.fill(p.scenario, p.platform, program.command)
	return h.start(ctx, program.name, command, []string{"LISTEN=" + p.addresses[program]}, p.addresses[program])
}

func (h *house) start(ctx context.Context, name string, command, environment []string, address string) error {
	started, err := launch(ctx, name, command, environment, h.Dir, h.output)
	if err != nil {
		return err
	}
	h.processes = append(h.processes, started)
	return started.ready(ctx, address)
}

func (h *house) environment(p *play, bot *entity, webhook string) []string {
	return []string{
		"CALLSIM_BASE_URL=" + p.platform.ServiceBaseURL(),
		"CALLSIM_AUTHORITY_URL=" + p.platform.AuthorityURL(),
		"CALLSIM_OPENID_CONFIGURATION_URL=" + p.platform.OpenIDConfigurationURL(),
		"CALLSIM_CA_FILE=" + h.caFile,
		"CALLSIM_TENANT_ID=" + p.platform.Tenant().ID,
		"CALLSIM_APP_ID=" + p.bot(bot).AppID,
		"CALLSIM_APP_SECRET=" + p.bot(bot).Secret,
		"CALLSIM_BOT_LISTEN=" + p.addresses[bot],
		"CALLSIM_BOT_PORT=" + p.field(bot, "port"),
		"CALLSIM_BOT_WEBHOOK=" + webhook,
	}
}

// forward serves a webhook over https that is passed on to where a bot listens.
// A bot that does not answer is one nobody can reach.
func (h *house) forward(address string) (string, error) {
	target := &url.URL{Scheme: "http", Host: address}
	webhook, err := h.platform.Serve(&httputil.ReverseProxy{
		Transport: h.transport,
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(target) },
		ErrorLog:  log.New(io.Discard, "", 0),
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) {
			panic(http.ErrAbortHandler) // net/http's way to cut a connection
		},
	})
	return webhook + webhookPath, err
}

// exits tells of programs that have ended by themselves.
func (h *house) exits() []string {
	var all []string
	for _, one := range h.processes {
		select {
		case <-one.over:
			if !h.ended[one] {
				h.ended[one] = true
				all = append(all, one.name+" has ended: "+one.end())
			}
		default:
		}
	}
	return all
}
