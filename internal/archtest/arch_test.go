package archtest_test

import (
	"encoding/json"
	"fmt"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/graphcalls/graphcalls-go/"

// room is a package, or a folder of packages, and what of ours it may import.
// Arrows point down: a room may only import rooms above it in the list.
type room struct {
	name string
	may  []string
}

func rooms() []room {
	public := []string{"resources", "fsm", "auth", "transport", "media", "store", "trace", "slogbridge", "statefulclient", "simulator"}
	return []room{
		{"resources", nil},
		{"fsm", []string{"resources"}},
		{"auth", nil},
		{"transport", []string{"resources", "auth"}},
		{"media", []string{"resources"}},
		{"store", nil},
		{"store/storetest", []string{"store"}},
		{"slogbridge", nil},
		{"internal/workers", nil},
		{"internal/persistent", nil},
		{"internal/mailbox", []string{"internal/workers"}},
		{"internal/schedule", []string{"internal/workers"}},
		{"internal/order", []string{"resources"}},
		{"internal/roster", []string{"resources", "internal/persistent"}},
		{"internal/reduce", []string{"resources", "fsm", "internal/order", "internal/roster", "internal/persistent"}},
		{"trace", []string{"resources", "internal/reduce"}},
		{"internal/archtest", nil},
		{"internal/webdriver", nil},
		{"simulator", []string{"resources"}},
		{"simulator/control", []string{"resources", "simulator"}},
		{"simulator/scenario", []string{"resources", "simulator"}},
		{"statefulclient", []string{"resources", "fsm", "auth", "transport", "media", "store", "trace", "internal"}},
		{"observe", public},
		{"inspector", []string{"resources", "transport", "statefulclient"}},
		{"inspector/cost", append(public, "inspector")},
		{"cluster", public},
		{"cluster/chaos", append(public, "cluster")},
		{"cluster/scale", append(public, "cluster")},
		{"examples/internal", public},
		{"examples", append(public, "examples/internal", "cluster", "inspector")},
		{"conformance", public},
		{"scenarios", public},
		{"cmd", public},
	}
}

// libraries lists whose choice a library is; nobody else imports it.
func libraries() map[string][]string {
	return map[string][]string{
		"github.com/go-json-experiment/json": {"resources/codec.go"},
		"github.com/looplab/fsm":             {"fsm"},
		"github.com/golang-jwt/jwt":          {"auth", "simulator"},
		"github.com/MicahParks":              {"auth"},
		"golang.org/x/oauth2":                {"auth"},
		"golang.org/x/time/rate":             {"auth", "transport", "statefulclient/resync.go"},
		"github.com/cenkalti/backoff":        {"transport"},
		"github.com/gofrs/flock":             {"store"},
		"github.com/hashicorp/golang-lru/v2": {"auth", "internal/order"},
		"github.com/nats-io":                 {"cluster", "examples/cluster"},
		"go.opentelemetry.io":                {"observe"},
		"github.com/prometheus":              {"observe"},
	}
}

// source is one Go file: where it is and what it imports.
type source struct {
	path    string // from the root of the repository, with slashes
	test    bool
	imports []string
}

func (s source) folder() string { return path(filepath.Dir(s.path)) }

func TestArrowsPointDown(t *testing.T) {
	require.Empty(t, upward(sources(t)))
}

func TestEveryPackageHasARoomAndEveryRoomAPackage(t *testing.T) {
	var used []string
	for _, s := range sources(t) {
		r, ok := roomOf(s.folder())
		require.True(t, ok, "%s is in no room of the house: give it one here and in ARCHITECTURE.md", s.path)
		used = append(used, r.name)
	}
	for at, r := range rooms() {
		require.Contains(t, used, r.name, "the room is empty")
		for _, below := range r.may {
			require.True(t, slices.ContainsFunc(rooms()[:at], func(other room) bool { return within(other.name, below) }),
				"%s may import %s, which is not below it", r.name, below)
		}
	}
}

func TestLibrariesStayWithWhoeverChoseThem(t *testing.T) {
	require.Empty(t, strayed(sources(t)))
}

func TestJSONIsReadInOnePlaceOfTheWire(t *testing.T) {
	for _, s := range sources(t) {
		if s.folder() == "resources" && !s.test && s.path != "resources/codec.go" {
			require.NotContains(t, s.imports, "encoding/json", s.path)
		}
	}
}

// The checks above can fail.
func TestBrokenRulesAreFound(t *testing.T) {
	require.Len(t, upward([]source{
		{path: "resources/call.go", imports: []string{module + "fsm"}},
		{path: "auth/doc.go", imports: []string{module + "resources"}},
		{path: "internal/reduce/reduce.go", imports: []string{module + "statefulclient"}},
		{path: "internal/reduce/reduce_test.go", test: true, imports: []string{module + "statefulclient"}},
		{path: "simulator/call_test.go", test: true, imports: []string{module + "statefulclient"}},
		{path: "examples/hello/main.go", imports: []string{module + "internal/order"}},
		{path: "attic/attic.go", imports: []string{module + "resources"}},
	}), 7)
	require.Len(t, strayed([]source{
		{path: "resources/call.go", imports: []string{"github.com/go-json-experiment/json/jsontext"}},
		{path: "statefulclient/call.go", imports: []string{"github.com/looplab/fsm"}},
		{path: "transport/client.go", imports: []string{"github.com/golang-jwt/jwt/v5"}},
		{path: "auth/token_cache.go", imports: []string{expirable}},
	}), 4)
}

// upward returns the imports that a room may not have. A room's tests may also
// import the room itself and what drives browsers, those of statefulclient the
// simulator and slogbridge, and those of inspector what it takes to run a bot.
func upward(all []source) []string {
	var found []string
	for _, s := range all {
		r, _ := roomOf(s.folder())
		may := slices.Clone(r.may)
		if s.test {
			may = append(may, r.name, "internal/webdriver")
		}
		if s.test && r.name == "statefulclient" {
			may = append(may, "simulator", "slogbridge")
		}
		if s.test && r.name == "inspector" {
			may = append(may, "auth", "simulator", "store")
		}
		for _, imported := range s.imports {
			of, ours := strings.CutPrefix(imported, module)
			if ours && !slices.ContainsFunc(may, func(name string) bool { return within(of, name) }) {
				found = append(found, fmt.Sprintf("%s imports %s", s.path, of))
			}
		}
	}
	return found
}

// expirable starts a goroutine that nothing ends.
const expirable = "github.com/hashicorp/golang-lru/v2/expirable"

func strayed(all []source) []string {
	var found []string
	for _, s := range all {
		if s.test {
			continue
		}
		for _, imported := range s.imports {
			if imported == expirable {
				found = append(found, fmt.Sprintf("%s imports %s", s.path, imported))
			}
			for library, owners := range libraries() {
				if within(imported, library) && !slices.ContainsFunc(owners, func(owner string) bool { return within(s.path, owner) }) {
					found = append(found, fmt.Sprintf("%s imports %s", s.path, imported))
				}
			}
		}
	}
	return found
}

// roomOf returns the room a folder is in: the one of the longest name.
func roomOf(folder string) (room, bool) {
	var best room
	for _, r := range rooms() {
		if within(folder, r.name) && len(r.name) > len(best.name) {
			best = r
		}
	}
	return best, best.name != ""
}

// within reports whether a path is a folder, or in it.
func within(path, folder string) bool { return path == folder || strings.HasPrefix(path, folder+"/") }

// sources returns the Go files of all modules that go.work ties together.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	root := root(t)
	for dir := range strings.FieldsSeq(goCommand(t, "list", "-m", "-f", "{{.Dir}}")) {
		relative, err := filepath.Rel(root, dir)
		require.NoError(t, err)
		decoder := json.NewDecoder(strings.NewReader(goCommand(t, "list", "-json", "./"+path(relative)+"/...")))
		for {
			var p struct {
				Dir                                                          string
				GoFiles, CgoFiles, IgnoredGoFiles, TestGoFiles, XTestGoFiles []string
			}
			if err := decoder.Decode(&p); err == io.EOF {
				break
			} else {
				require.NoError(t, err)
			}
			for _, name := range slices.Concat(p.GoFiles, p.CgoFiles, p.IgnoredGoFiles, p.TestGoFiles, p.XTestGoFiles) {
				all = append(all, read(t, root, filepath.Join(p.Dir, name)))
			}
		}
	}
	require.NotEmpty(t, all)
	return all
}

func read(t *testing.T, root, file string) source {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	require.NoError(t, err)
	relative, err := filepath.Rel(root, file)
	require.NoError(t, err)
	s := source{path: path(relative), test: strings.HasSuffix(file, "_test.go")}
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		require.NoError(t, err)
		s.imports = append(s.imports, imported)
	}
	return s
}

// root is the folder of the repository.
func root(t *testing.T) string {
	t.Helper()
	work := strings.TrimSpace(goCommandIn(t, ".", "env", "GOWORK"))
	require.NotEmpty(t, work, "run the tests with the go.work of this repository")
	return filepath.Dir(work)
}

func goCommand(t *testing.T, args ...string) string {
	t.Helper()
	return goCommandIn(t, root(t), args...)
}

func goCommandIn(t *testing.T, dir string, args ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", args...)
	command.Dir = dir
	out, err := command.Output()
	require.NoError(t, err, "go %v", args)
	return string(out)
}

func path(p string) string { return filepath.ToSlash(p) }
