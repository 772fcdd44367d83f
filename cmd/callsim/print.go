package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
)

const (
	bash       = "bash"
	powershell = "powershell"
)

// say writes for people to read. Where it cannot, there is nobody to tell.
func say(to io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(to, format, args...) }

// variable is one setting a bot needs.
type variable struct{ name, value string }

// script writes settings as a shell takes them.
func script(shell string, variables []variable) string {
	var text strings.Builder
	for _, v := range variables {
		if shell == powershell {
			fmt.Fprintf(&text, "$env:%s = '%s'\n", v.name, strings.ReplaceAll(v.value, "'", "''"))
			continue
		}
		fmt.Fprintf(&text, "export %s='%s'\n", v.name, strings.ReplaceAll(v.value, "'", `'\''`))
	}
	return text.String()
}

// welcome prints what somebody who starts callsim wants to know. All but the
// settings is comments, so that the whole of it can be pasted.
func (d *desk) welcome(out io.Writer, s *settings) {
	say(out, "# callsim plays Microsoft Teams until it is stopped (Ctrl+C).\n#\n# For your bot, to paste into %s:\n\n%s\n", s.shell, script(s.shell, d.variables()))
	switch {
	case d.tunnel != nil:
		say(out, "# The bot is expected at %s (-bot-webhook).\n# To the platform it is %s, its notification URL.\n", s.botWebhook, d.tunnel.webhook)
	case s.botWebhook != "":
		say(out, "# The bot is expected at %s (-bot-webhook).\n", s.botWebhook)
	default:
		say(out, "# Nobody can call the bot: -bot-webhook says where it is called.\n")
	}
	if host, _, err := net.SplitHostPort(s.controlAddress); err == nil && !isLoopback(host) {
		say(out, "# Other machines reach the page and the control API (-control-address): whoever has the token may use them.\n")
	}
	say(out, "# See and steer it all on the page, or by %s/openapi.json:\n#   %s\n", d.controlURL, d.control.PageURL(d.controlURL))
}

// writeFile writes a file for its owner alone, with the folders it is in. It is
// there whole or not at all, for those who wait for it.
func writeFile(path string, text []byte) error {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil { //nolint:gosec // the user names it
		return err
	}
	draft, err := os.CreateTemp(folder, ".callsim-*")
	if err != nil {
		return err
	}
	defer os.Remove(draft.Name()) //nolint:errcheck // renamed by then, or of no use
	_, err = draft.Write(text)
	if closing := draft.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return err
	}
	return os.Rename(draft.Name(), path) //nolint:gosec // the user names it
}
