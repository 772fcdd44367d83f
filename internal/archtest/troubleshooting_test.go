package archtest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const troubleshooting = "docs/troubleshooting.md"

func TestTroubleshootingNamesWhatIsThere(t *testing.T) {
	all := files(t)
	text := strings.Join(strings.Fields(string(all[troubleshooting])), " ")
	logged, members, tests := documentedLines(string(all["docs/logs.md"])), membersOf(t, all), allTests(t, all)
	seen := 0
	for _, code := range submatches(t, "`([^`]+)`", text) {
		if message, isLog := strings.CutPrefix(code, "log: "); isLog {
			require.NotEmpty(t, logged[message].level, "docs/logs.md has no line %q", message)
			seen++
			continue
		}
		if !regexp.MustCompile(`^\w+(\(\))?(\.\w+)+$`).MatchString(code) {
			if regexp.MustCompile(`^Test\w+$`).MatchString(code) {
				require.True(t, slices.Contains(tests, code), code)
			}
			continue
		}
		code = strings.NewReplacer("FleetStats().", "cluster.Stats.", "Stats().Webhook.", "transport.Stats.", "Stats().", "statefulclient.Stats.").Replace(code)
		first, _, _ := strings.Cut(code, ".")
		if first == "graphcalls" || first == "http" || first == "unauthorized" || first == "nats" || first == "auth" {
			continue
		}
		require.True(t, members[code], code)
		seen++
	}
	require.Greater(t, seen, 100)
}

func TestTroubleshootingNamesMetricsThatAreThere(t *testing.T) {
	all := files(t)
	told := submatches(t, "(?m)^\\| `(graphcalls\\.[a-z._]+)` \\|", string(all["docs/telemetry.md"]))
	named := submatches(t, "`(graphcalls\\.[a-z._]+)`", string(all[troubleshooting]))
	require.Greater(t, len(named), 20)
	for _, metric := range named {
		require.True(t, slices.Contains(told, metric), "docs/telemetry.md has no metric %s", metric)
	}
}

func TestTroubleshootingHasItsContents(t *testing.T) {
	text := string(files(t)[troubleshooting])
	var anchors []string
	for _, heading := range submatches(t, `(?m)^### (.*)$`, text) {
		anchors = append(anchors, strings.ReplaceAll(strings.ToLower(heading), " ", "-"))
	}
	contents, entries, _ := strings.Cut(text, "\n## ")
	require.ElementsMatch(t, anchors, submatches(t, `\]\(#([^)]+)\)`, contents))
	require.Subset(t, anchors, submatches(t, `\]\(#([^)]+)\)`, entries))
}

// The check above can fail.
func TestMembersAreFound(t *testing.T) {
	found := membersOf(t, map[string][]byte{"store/p.go": []byte(`package store
		type A struct{ B, c int }
		var ErrD = 1
		func (a *A) E() {}
		func F() {}`)})
	for _, name := range []string{"A.B", "store.A.B", "A.E", "store.A", "store.ErrD", "store.F"} {
		require.Contains(t, found, name)
	}
	require.NotContains(t, found, "A.c")
}

func allTests(t *testing.T, all map[string][]byte) []string {
	t.Helper()
	var found []string
	for file, text := range all {
		if strings.HasSuffix(file, "_test.go") {
			found = append(found, testsOf(t, text)...)
		}
	}
	return found
}

// membersOf lists what packages of ours export as pages name it: package.Name,
// Type.Member, and package.Type.Member.
func membersOf(t *testing.T, all map[string][]byte) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for file, source := range all {
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") || strings.HasPrefix(file, "internal/") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Base(file), source, parser.SkipObjectResolution)
		require.NoError(t, err)
		add := func(owner, name string) {
			switch {
			case !ast.IsExported(name):
			case owner == "":
				found[parsed.Name.Name+"."+name] = true
			default:
				found[owner+"."+name], found[parsed.Name.Name+"."+owner+"."+name] = true, true
			}
		}
		for _, declaration := range parsed.Decls {
			addDeclaration(declaration, add)
		}
	}
	return found
}

func addDeclaration(declaration ast.Decl, add func(owner, name string)) {
	switch d := declaration.(type) {
	case *ast.FuncDecl:
		owner := ""
		if d.Recv != nil {
			owner = nameOfType(d.Recv.List[0].Type)
		}
		add(owner, d.Name.Name)
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.ValueSpec:
				for _, name := range s.Names {
					add("", name.Name)
				}
			case *ast.TypeSpec:
				add("", s.Name.Name)
				if fields, ok := s.Type.(*ast.StructType); ok {
					addFields(s.Name.Name, fields, add)
				}
			}
		}
	}
}

func addFields(owner string, fields *ast.StructType, add func(owner, name string)) {
	for _, field := range fields.Fields.List {
		for _, name := range field.Names {
			add(owner, name.Name)
		}
	}
}

func nameOfType(expression ast.Expr) string {
	switch e := expression.(type) {
	case *ast.StarExpr:
		return nameOfType(e.X)
	case *ast.IndexExpr:
		return nameOfType(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}
