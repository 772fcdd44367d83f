package main

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/simulator/control"
)

// tokenVariable is where a control token of one's own comes from; a flag would
// show it to everybody on the machine.
const tokenVariable = "CALLSIM_CONTROL_TOKEN"

// desk is a platform with its page, and who is there to begin with.
type desk struct {
	platform   *simulator.Platform
	bot        *simulator.Bot
	adele      *simulator.Person
	meeting    *simulator.Meeting
	tunnel     *tunnel // nil for a bot that serves https
	control    *control.Server
	controlURL string
	caFile     string
	server     *http.Server
}

// serve plays until ctx ends.
func serve(ctx context.Context, s *settings, out, errs io.Writer) error {
	d, err := open(ctx, s, errs)
	if err != nil {
		return err
	}
	defer d.close()
	if s.envFile != "" {
		if err := writeFile(s.envFile, []byte(script(s.shell, d.variables()))); err != nil {
			return fmt.Errorf("write the settings; choose another -env-file: %w", err)
		}
	}
	d.welcome(out, s)
	<-ctx.Done()
	n := d.platform.Stats()
	say(out, "# callsim stopped after %d calls, %d requests (%d unauthorized) and %d notifications, %d of them not taken.\n",
		n.EndedCalls+int64(n.LiveCalls), n.Requests, n.Unauthorized, n.Delivered+n.Undelivered, n.Undelivered)
	return nil
}

func open(ctx context.Context, s *settings, errs io.Writer) (*desk, error) {
	platform, err := simulator.Start(simulator.Options{
		Address: s.address, Speed: s.speed, AllowHTTP: s.allowHTTP, Logger: newLogger(s, errs),
		PromptDuration: s.promptLasts, MediaSecond: time.Second, RequireToneSubscription: s.tonesAsked,
		RetryDelay: 500 * time.Millisecond, LongestRetryDelay: 10 * time.Second,
	})
	if err != nil {
		return nil, fmt.Errorf("choose another -address: %w", err)
	}
	d := &desk{platform: platform}
	if err := errors.Join(d.trust(s.trust), d.writeAuthority(s), d.openTunnel(s), d.serveControl(ctx, s)); err != nil {
		d.close()
		return nil, err
	}
	d.fill(s)
	return d, nil
}

func (d *desk) close() {
	if d.control != nil {
		d.control.Close()
	}
	if d.server != nil {
		_ = d.server.Close()
	}
	d.platform.Close()
	d.tunnel.close()
}

// openTunnel leads to a bot that serves plain http.
func (d *desk) openTunnel(s *settings) error {
	webhook, err := url.Parse(s.botWebhook)
	if err != nil || webhook.Scheme != "http" {
		return err
	}
	d.tunnel, err = openTunnel(d.platform, webhook)
	return err
}

// webhook is where the platform calls the bot.
func (d *desk) webhook(s *settings) string {
	if d.tunnel != nil {
		return d.tunnel.webhook
	}
	return s.botWebhook
}

// fill registers the bot, and adds people and a meeting to play with.
func (d *desk) fill(s *settings) {
	d.bot = d.platform.RegisterBot(simulator.Bot{
		AppID: s.made("app id"), Secret: s.made("secret"), DisplayName: s.botName, CallingWebhook: d.webhook(s),
	})
	d.adele = d.platform.AddPerson("Adele Vance")
	d.meeting = d.platform.AddMeeting(simulator.Meeting{Subject: "Weekly", Organizer: d.adele})
	d.control.AddBot(d.bot)
	d.control.AddPerson(d.adele)
	d.control.AddPerson(d.platform.AddPerson("Alex Wilber"))
	d.control.AddPerson(d.platform.AddPhone("+14255550100"))
	d.control.AddMeeting(d.meeting)
}

// made is a GUID that the seed decides, so that what a bot was told stays good
// when callsim is started anew.
func (s *settings) made(what string) string {
	sum := sha256.Sum256([]byte("callsim " + what + " " + strconv.FormatUint(s.seed, 10)))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80
	text := hex.EncodeToString(sum[:16])
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}

// variables are what a bot needs to play here.
func (d *desk) variables() []variable {
	p := d.platform
	all := []variable{
		{"CALLSIM_BASE_URL", p.ServiceBaseURL()},
		{"CALLSIM_AUTHORITY_URL", p.AuthorityURL()},
		{"CALLSIM_OPENID_CONFIGURATION_URL", p.OpenIDConfigurationURL()},
		{"CALLSIM_CA_FILE", d.caFile},
		{"CALLSIM_TENANT_ID", p.Tenant().ID},
		{"CALLSIM_APP_ID", d.bot.AppID},
		{"CALLSIM_APP_SECRET", d.bot.Secret},
		{"CALLSIM_BOT_WEBHOOK", d.bot.CallingWebhook},
		{"CALLSIM_PERSON_ID", d.adele.ID},
		{"CALLSIM_MEETING_URL", d.meeting.JoinURL()},
		{"CALLSIM_CONTROL_URL", d.controlURL},
		{tokenVariable, d.control.Token()},
	}
	if d.tunnel != nil {
		_, port, _ := net.SplitHostPort(d.tunnel.listen)
		all = append(all, variable{"CALLSIM_BOT_LISTEN", d.tunnel.listen}, variable{"CALLSIM_BOT_PORT", port})
	}
	return all
}

func (d *desk) writeAuthority(s *settings) (err error) {
	address := d.platform.ServiceBaseURL()[len("https://") : len(d.platform.ServiceBaseURL())-len("/v1.0")]
	if d.caFile, err = s.caPath(address); err != nil {
		return err
	}
	if err := writeFile(d.caFile, d.platform.CertificateAuthority()); err != nil {
		return fmt.Errorf("write the certificate authority; choose another -ca-file: %w", err)
	}
	return nil
}

func (d *desk) trust(file string) error {
	if file == "" {
		return nil
	}
	text, err := os.ReadFile(file) //nolint:gosec // the user names it
	if err != nil {
		return fmt.Errorf("-trust: %w", err)
	}
	found := false
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return fmt.Errorf("-trust %s: %w", file, err)
		}
		d.platform.Trust(certificate)
		found = true
	}
	if !found {
		return fmt.Errorf("-trust %s: there is no certificate in it; it has to be PEM", file)
	}
	return nil
}

func (d *desk) serveControl(ctx context.Context, s *settings) error {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", s.controlAddress)
	if err != nil {
		return fmt.Errorf("choose another -control-address: %w", err)
	}
	host, _, _ := net.SplitHostPort(s.controlAddress)
	d.control = control.New(d.platform, control.Options{Token: os.Getenv(tokenVariable), Hosts: []string{host}})
	d.controlURL = "http://" + reachable(listener.Addr().String())
	d.server = &http.Server{Handler: d.control, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = d.server.Serve(listener) }() // ended by close
	return nil
}

// reachable is an address somebody on this machine reaches a listener at.
func reachable(listening string) string {
	host, port, err := net.SplitHostPort(listening)
	if ip := net.ParseIP(host); err == nil && ip.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", port)
	}
	return listening
}

func newLogger(s *settings, errs io.Writer) *zap.Logger {
	config := zap.NewDevelopmentEncoderConfig()
	config.EncodeTime = zapcore.TimeEncoderOfLayout("15:04:05.000")
	encoder := zapcore.NewConsoleEncoder(config)
	if s.json {
		encoder = zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig())
	}
	level := zapcore.DebugLevel
	if s.quiet {
		level = zapcore.WarnLevel
	}
	return zap.New(zapcore.NewCore(encoder, zapcore.Lock(zapcore.AddSync(errs)), level))
}
