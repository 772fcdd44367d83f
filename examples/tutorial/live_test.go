package tutorial_test

import (
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What the last step needs a tenant for is calls. Its program takes
// notifications, and ends when it is told to.
func TestTheRealThingStartsAndStops(t *testing.T) {
	program := filepath.Join(t.TempDir(), "reception")
	built, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "./step7").CombinedOutput()
	require.NoError(t, err, "%s", built)

	address := freeAddress(t)
	command := exec.CommandContext(t.Context(), program)
	command.Env = append(os.Environ(),
		"BOT_APP_ID=00000000-0000-0000-0000-000000000001", "BOT_APP_SECRET=none", "BOT_TENANT=contoso.com",
		"BOT_NOTIFICATION_URL=https://bot.contoso.com/api/calls", "BOT_LISTEN="+address,
		"BOT_FOLDER="+t.TempDir(), "BOT_SALES=00000000-0000-0000-0000-000000000002")
	var printed strings.Builder
	command.Stdout, command.Stderr = &printed, &printed
	require.NoError(t, command.Start())
	require.Eventually(t, func() bool { return refuses(t, "http://"+address+"/api/calls") }, 20*time.Second, 20*time.Millisecond)
	require.NoError(t, command.Process.Signal(syscall.SIGTERM))
	require.NoError(t, command.Wait(), &printed)
	require.NotContains(t, printed.String(), "not all calls are back")
}

// refuses reports whether a bot refuses a notification that proves nothing.
func refuses(t *testing.T, address string) bool {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader("{}"))
	require.NoError(t, err)
	request.Close = true
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	reply.Body.Close()
	return reply.StatusCode == http.StatusUnauthorized
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	return listener.Addr().String()
}
