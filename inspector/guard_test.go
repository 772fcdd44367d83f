package inspector_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/inspector"
)

const (
	waitAtMost  = 10 * time.Second
	waitBetween = 20 * time.Millisecond
)

// asked is what somebody is answered.
func asked(handler http.Handler, from, host, path string, header http.Header) *http.Response {
	request := httptest.NewRequest(http.MethodGet, path, nil)
	request.RemoteAddr, request.Host, request.Header = from, host, header
	writer := httptest.NewRecorder()
	handler.ServeHTTP(writer, request)
	return writer.Result()
}

func TestOnlyThisMachineMayLook(t *testing.T) {
	r := silent(t, inspector.Options{})
	for _, c := range []struct {
		from, host string
		header     http.Header
		want       int
	}{
		{"127.0.0.1:5000", "127.0.0.1:7445", nil, 200},
		{"127.8.8.8:5000", "localhost", nil, 200},
		{"[::1]:5000", "[::1]:7445", nil, 200},
		{"[::ffff:127.0.0.1]:5000", "LOCALHOST:80", nil, 200},
		{"192.0.2.7:5000", "127.0.0.1:7445", nil, 403},
		{"[2001:db8::1]:5000", "localhost", nil, 403},
		{"", "localhost", nil, 403},
		{"@", "localhost", nil, 403},
		{"127.0.0.1:5000", "evil.example.com:7445", nil, 403},
		{"127.0.0.1:5000", "localhost.example.com", nil, 403},
		{"127.0.0.1:5000", "192.0.2.7", nil, 403},
		{"127.0.0.1:5000", "", nil, 403},
		{"127.0.0.1:5000", "localhost", http.Header{"X-Forwarded-For": {"127.0.0.1"}}, 403},
		{"127.0.0.1:5000", "localhost", http.Header{"X-Forwarded-Host": {"localhost"}}, 403},
		{"127.0.0.1:5000", "localhost", http.Header{"Forwarded": {"for=127.0.0.1"}}, 403},
		{"127.0.0.1:5000", "localhost", http.Header{"Via": {"1.1 gateway"}}, 403},
		{"127.0.0.1:5000", "localhost", http.Header{"X-Real-Ip": {"127.0.0.1"}}, 403},
	} {
		for _, path := range []string{"/", "/page.js", "/bundle?id="} {
			require.Equal(t, c.want, asked(r.inspector, c.from, c.host, path, c.header).StatusCode, "%+v %s", c, path)
		}
	}
}

func TestAuthorizerDecides(t *testing.T) {
	r := silent(t, inspector.Options{Authorize: func(r *http.Request) error {
		if r.Header.Get("X-Operator") != "yes" {
			return errors.New("a reason that nobody is told")
		}
		return nil
	}})
	operator := http.Header{"X-Operator": {"yes"}, "X-Forwarded-For": {"192.0.2.7"}}
	require.Equal(t, 200, asked(r.inspector, "192.0.2.7:5000", "bot.contoso.com", "/", operator).StatusCode)
	for _, path := range []string{"/", "/list", "/call?id=", "/bundle?id=", "/page.css"} {
		reply := asked(r.inspector, "127.0.0.1:5000", "localhost", path, nil)
		require.Equal(t, 403, reply.StatusCode, path)
		text := make([]byte, 100)
		n, _ := reply.Body.Read(text)
		require.NotContains(t, string(text[:n]), "reason")
	}
}

func TestAnswersAreForThePageAlone(t *testing.T) {
	r := silent(t, inspector.Options{})
	reply := asked(r.inspector, "127.0.0.1:5000", "localhost", "/", nil)
	require.Contains(t, reply.Header.Get("Content-Security-Policy"), "default-src 'none'; script-src 'self'")
	require.NotContains(t, reply.Header.Get("Content-Security-Policy"), "unsafe")
	require.Equal(t, "same-origin", reply.Header.Get("Cross-Origin-Resource-Policy"))
	require.Equal(t, "no-store", reply.Header.Get("Cache-Control"))
	request := httptest.NewRequest(http.MethodPost, "/", nil)
	request.RemoteAddr, request.Host = "127.0.0.1:5000", "localhost"
	writer := httptest.NewRecorder()
	r.inspector.ServeHTTP(writer, request)
	require.Equal(t, http.StatusMethodNotAllowed, writer.Code)
}

// The page works wherever it is mounted.
func TestItMayBeMountedAnywhere(t *testing.T) {
	r := silent(t, inspector.Options{})
	mux := http.NewServeMux()
	mux.Handle("/", r.inspector)
	mux.Handle("/deep/in/here/", r.inspector)
	mux.Handle("/stripped/", http.StripPrefix("/stripped", r.inspector))
	mux.Handle("/bare", http.StripPrefix("/bare", r.inspector))
	for _, path := range []string{"/", "/deep/in/here/", "/stripped/"} {
		reply := asked(mux, "127.0.0.1:5000", "localhost", path, nil)
		require.Equal(t, 200, reply.StatusCode, path)
		require.Contains(t, reply.Header.Get("Content-Type"), "text/html")
		reply = asked(mux, "127.0.0.1:5000", "localhost", path+"page.js", nil)
		require.Equal(t, 200, reply.StatusCode, path)
		require.Contains(t, reply.Header.Get("Content-Type"), "javascript")
		require.Equal(t, 404, asked(mux, "127.0.0.1:5000", "localhost", path+"nothing.js", nil).StatusCode)
		require.Equal(t, 200, asked(mux, "127.0.0.1:5000", "localhost", path+"bundle?id=", nil).StatusCode)
	}
	reply := asked(mux, "127.0.0.1:5000", "localhost", "/bare?x", nil)
	require.Equal(t, http.StatusFound, reply.StatusCode)
	require.Equal(t, "./bare/", reply.Header.Get("Location"))
}
