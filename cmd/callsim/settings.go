package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

var errUsage = errors.New("callsim -help explains the flags")

// settings are what the flags say.
type settings struct {
	address        string
	controlAddress string
	botWebhook     string
	allowHTTP      bool
	trust          string
	caFile         string
	envFile        string
	shell          string
	botName        string
	seed           uint64
	speed          float64
	promptLasts    time.Duration
	tonesAsked     bool
	json           bool
	quiet          bool
}

func parse(args []string, out io.Writer) (*settings, error) {
	var s settings
	flags := flag.NewFlagSet("callsim", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&s.address, "address", "127.0.0.1:7443", "`host:port` of the platform, over https; port 0 takes a free one")
	flags.StringVar(&s.controlAddress, "control-address", "127.0.0.1:7444", "`host:port` of the page and the control API, over plain http; anybody\nwho has the control token may use them, so think before you leave loopback")
	flags.StringVar(&s.botWebhook, "bot-webhook", "http://localhost:8080/api/calls", "the `URL` of the bot's calling webhook: where incoming calls go. As Teams takes\nhttps alone, a bot that serves plain http, on loopback, is called through a tunnel")
	flags.BoolVar(&s.allowHTTP, "allow-http", false, "take plain http everywhere: for -bot-webhook beyond this machine, such as in another\ncontainer, and for addresses that bots name, which Teams refuses")
	flags.StringVar(&s.trust, "trust", "", "a PEM `file` with the certificates of a bot that serves https with its own")
	flags.StringVar(&s.caFile, "ca-file", "", "the `file` to write the platform's certificate authority to\n(default callsim/ca-<port>.pem in the user's cache folder)")
	flags.StringVar(&s.envFile, "env-file", "", "a `file` to write the settings to as well, once all is ready; it has secrets of this\nplatform in it")
	flags.StringVar(&s.shell, "shell", defaultShell(), "the `name` of the shell to print the settings for: bash or powershell")
	flags.StringVar(&s.botName, "bot-name", "Calling Bot", "the bot's display `name`")
	flags.Uint64Var(&s.seed, "seed", 1, "what the bot's app id and secret are made from: the same `number` makes the same again")
	flags.Float64Var(&s.speed, "speed", 1, "how many times `faster` than real the platform's time runs: at 60 a minute takes a\nsecond. The bot's own clocks run as ever")
	flags.DurationVar(&s.promptLasts, "prompt", time.Second, "the `time` every prompt plays")
	flags.BoolVar(&s.tonesAsked, "tones-on-request", true, "keys reach the bot only after subscribeToTone, as on Teams")
	flags.BoolVar(&s.json, "json", false, "log as JSON")
	flags.BoolVar(&s.quiet, "quiet", false, "do not log every request and notification")
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		say(out, "%v", usage)
		flags.SetOutput(out)
		flags.PrintDefaults()
		return nil, err
	case err != nil:
		return nil, fmt.Errorf("callsim: %w; %w", err, errUsage)
	case flags.NArg() > 0:
		return nil, fmt.Errorf("callsim: there is no command %q; scenarios are played by callsim run; %w", flags.Arg(0), errUsage)
	}
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("callsim: %w; %w", err, errUsage)
	}
	return &s, nil
}

func defaultShell() string {
	if runtime.GOOS == "windows" {
		return powershell
	}
	return bash
}

func (s *settings) check() error {
	if s.shell != bash && s.shell != powershell {
		return fmt.Errorf("-shell %q: write bash or powershell", s.shell)
	}
	if !(s.speed > 0) || math.IsInf(s.speed, 0) {
		return fmt.Errorf("-speed %v: must be more than 0", s.speed)
	}
	if s.promptLasts <= 0 {
		return fmt.Errorf("-prompt %v: must be longer than nothing", s.promptLasts)
	}
	if s.botWebhook == "" {
		return nil
	}
	webhook, err := url.Parse(s.botWebhook)
	switch {
	case err != nil || webhook.Host == "" || webhook.Scheme != "http" && webhook.Scheme != "https":
		return fmt.Errorf("-bot-webhook %q: write a whole address, such as http://localhost:8080/api/calls", s.botWebhook)
	case webhook.Scheme == "http" && !isLoopback(webhook.Hostname()) && !s.allowHTTP:
		return fmt.Errorf("-bot-webhook %q: plain http would leave this machine; serve https, or add -allow-http", s.botWebhook)
	}
	return nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// caPath is where the certificate authority is written. Several callsims have a
// file each.
func (s *settings) caPath(address string) (string, error) {
	if s.caFile != "" {
		return filepath.Abs(s.caFile)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("there is no cache folder for the certificate authority; name a file with -ca-file: %w", err)
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", err
	}
	return filepath.Join(cache, "callsim", "ca-"+port+".pem"), nil
}
