package inspector

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// refusal is why somebody may not look; "" if they may.
func (i *Inspector) refusal(r *http.Request) string {
	if i.options.Authorize != nil {
		if i.options.Authorize(r) != nil {
			return "You may not look at this."
		}
		return ""
	}
	switch {
	case !isLoopback(r.RemoteAddr):
		return "The inspector answers this machine alone. Open it there, or have the bot give it an authorizer."
	case !isLoopbackName(r.Host):
		return "Ask by localhost, or by an address such as 127.0.0.1."
	case isForwarded(r.Header):
		return "The inspector answers no proxy, as long as the bot has given it no authorizer."
	}
	return ""
}

// isLoopback says whether a connection is from this machine.
func isLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// isLoopbackName refuses the names of others, which a page from elsewhere can make
// stand for this machine's address.
func isLoopbackName(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.Trim(host, "[]")
	}
	if strings.EqualFold(name, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(name)
	return err == nil && ip.Unmap().IsLoopback()
}

// isForwarded says whether a request came through a proxy: it is on this machine,
// and whoever asked it may not be.
func isForwarded(header http.Header) bool {
	for name := range header {
		if name == "Forwarded" || name == "Via" || name == "X-Real-Ip" || strings.HasPrefix(name, "X-Forwarded-") {
			return true
		}
	}
	return false
}

// secure has browsers run nothing but the page's own files, and show it in no
// other page's frame.
func secure(header http.Header) {
	header.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "+
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Cache-Control", "no-store")
}
