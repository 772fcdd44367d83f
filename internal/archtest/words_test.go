package archtest_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// traces match what a repository catches where it is built: paths of one
// machine, and hosts that packages were fetched from. They are put together
// here, so that this file holds none.
func traces() []*regexp.Regexp {
	var list []*regexp.Regexp
	for _, pattern := range []string{
		`/wo` + `rk\b`, `\bsha` + `red/`,
		`\bpro` + `xy\.golang\.org`, `\bsum` + `\.golang\.org`, `(?i)arti` + `factory`, `(?i)go` + `proxy\.`, `\breg` + `istry\.npmjs`,
	} {
		list = append(list, regexp.MustCompile(pattern))
	}
	return list
}

func TestNothingOfTheWorkshopIsLeft(t *testing.T) {
	for file, text := range files(t) {
		require.Empty(t, tracesIn(text), file)
	}
}

func TestTracesAreFound(t *testing.T) {
	for _, text := range []string{"/wo" + "rk/main", "see sha" + "red/design", "https://pro" + "xy.golang.org"} {
		require.Len(t, tracesIn([]byte(text)), 1, text)
	}
	require.Empty(t, tracesIn([]byte("internal/workers shares go.work")))
}

func tracesIn(text []byte) []string {
	var found []string
	for _, trace := range traces() {
		if hit := trace.Find(text); hit != nil {
			found = append(found, string(hit))
		}
	}
	return found
}

// files returns what the repository holds, by path from its root.
func files(t *testing.T) map[string][]byte {
	t.Helper()
	root := root(t)
	found := map[string][]byte{}
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains([]string{".git", ".tools", "bin"}, entry.Name()) {
			return fs.SkipDir
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, file)
		found[path(relative)] = text
		return err
	})
	require.NoError(t, err)
	require.NotEmpty(t, found)
	return found
}

// A test that sleeps is slow or flaky; in a bubble of testing/synctest it is
// neither.
func TestTestsSleepInBubblesOnly(t *testing.T) {
	for file, text := range files(t) {
		if strings.HasSuffix(file, "_test.go") {
			require.Empty(t, sleeps(t, file, text))
		}
	}
}

func TestSleepsAreFound(t *testing.T) {
	text := `package p
		func TestA(t *testing.T) { time.Sleep(1) }
		func TestB(t *testing.T) { synctest.Test(t, func(t *testing.T) { time.Sleep(1) }) }`
	require.Len(t, sleeps(t, "p_test.go", []byte(text)), 1)
}

func sleeps(t *testing.T, file string, text []byte) []string {
	t.Helper()
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, file, bytes.NewReader(text), parser.SkipObjectResolution)
	require.NoError(t, err)
	var found []string
	ast.Inspect(parsed, func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok {
			return true
		}
		switch name(call.Fun) {
		case "synctest.Test":
			return false
		case "time.Sleep":
			found = append(found, fmt.Sprint(set.Position(call.Pos())))
		}
		return true
	})
	return found
}

func name(function ast.Expr) string {
	selector, ok := function.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	of, _ := selector.X.(*ast.Ident)
	if of == nil {
		return ""
	}
	return of.Name + "." + selector.Sel.Name
}
