package archtest_test

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Who goes live is told to have the permissions that the simulator asks for.
func TestPermissionsToGoLiveWithAreThoseTheSimulatorAsksFor(t *testing.T) {
	all := files(t)
	var source strings.Builder
	for file, text := range all {
		if path(filepath.Dir(file)) == "simulator" && !strings.HasSuffix(file, "_test.go") {
			source.Write(text)
		}
	}
	asked, documented := permissionsAsked(source.String()), permissionsDocumented(t, string(all["docs/going-live.md"]))
	require.Greater(t, len(asked), 10)
	require.Equal(t, asked, documented)
}

func TestPermissionsAreRead(t *testing.T) {
	want := map[string][]string{"POST transfer": {"A.All", "B.All"}, "POST subscribeToTone": {"A.All"}}
	require.Equal(t, want, permissionsAsked("permissionB = \"B.All\"\npermissionA = \"A.All\"\n"+
		"{http.MethodPost, \"calls/{call}/transfer\", onBeta(needing(transferCall, permissionB, permissionA))},\n"+
		"{http.MethodPost, \"calls/{call}/subscribeToTone\", needing(simple(subscribeToTone), permissionA)},\n"))
	require.Equal(t, want, permissionsDocumented(t, "| x | `POST transfer` | `A.All`, `B.All` |\n| z | `POST subscribeToTone` | `A.All` |\n| y | `Call.Answer` | `C.All` |\n"))
}

// permissionsAsked are those of which the simulator asks for one, by method and
// path below a call.
func permissionsAsked(source string) map[string][]string {
	values := map[string]string{}
	for _, match := range regexp.MustCompile(`(permission\w+)\s+= "([^"]+)"`).FindAllStringSubmatch(source, -1) {
		values[match[1]] = match[2]
	}
	asked := map[string][]string{}
	served := regexp.MustCompile(`\{http\.Method(\w+), "([^"]+)", (?:onBeta\()?needing\((?:simple\()?\w+\)?, ([^)]+)\)`)
	for _, match := range served.FindAllStringSubmatch(source, -1) {
		request := strings.ToUpper(match[1]) + " " + strings.TrimPrefix(strings.TrimPrefix(match[2], "calls/"), "{call}/")
		for name := range strings.SplitSeq(match[3], ", ") {
			asked[request] = append(asked[request], values[name])
		}
	}
	return sorted(asked)
}

// permissionsDocumented are those of the tables that name requests.
func permissionsDocumented(t *testing.T, text string) map[string][]string {
	t.Helper()
	documented := map[string][]string{}
	for line := range strings.Lines(text) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) != 5 {
			continue
		}
		for _, request := range submatches(t, "`([A-Z]+ [^`]+)`", cells[2]) {
			documented[request] = submatches(t, "`([^`]+)`", cells[3])
		}
	}
	return sorted(documented)
}

func sorted(lists map[string][]string) map[string][]string {
	for _, list := range lists {
		slices.Sort(list)
	}
	return lists
}
