package control

import (
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// guarded keeps out whoever has no business here; the package's documentation
// says who that is.
func (s *Server) guarded(next http.Handler) http.Handler {
	foreign := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secure(w.Header())
		switch {
		case !s.isOwnName(r.Host):
			refuse(w, refusal{http.StatusMisdirectedRequest, "wrongHost", "Ask by an address, such as 127.0.0.1, or by localhost."})
		case foreign.Check(r) != nil:
			refuse(w, refusal{http.StatusForbidden, "crossOrigin", "A page from elsewhere may not do this."})
		case strings.HasPrefix(r.URL.Path, "/v1/") && !s.hasToken(r):
			w.Header().Set("WWW-Authenticate", "Bearer")
			refuse(w, refusal{http.StatusUnauthorized, "noToken", "Send the control token: Authorization: Bearer $CALLSIM_CONTROL_TOKEN."})
		default:
			next.ServeHTTP(w, r)
		}
	})
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

// isOwnName refuses the names of others: a page can make its site's name stand
// for this machine's address, but not an address, nor localhost.
func (s *Server) isOwnName(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.Trim(host, "[]")
	}
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	return strings.EqualFold(name, "localhost") ||
		slices.ContainsFunc(s.options.Hosts, func(own string) bool { return strings.EqualFold(own, name) })
}

func (s *Server) hasToken(r *http.Request) bool {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.EqualFold(scheme, "Bearer") && subtle.ConstantTimeCompare([]byte(token), []byte(s.options.Token)) == 1
}
