package archtest_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A file that does not fit on a few screens, or a function that does not fit on
// one, is two. One that is better as it is says why: a file in its first
// comment, "long: …", a function to the linter, "//nolint:funlen // …", or in tests,
// of which the linter does not ask it, by a last line of its comment, "long: …".
const (
	longestFile     = 400
	longestFunction = 60
)

// In all modules, of which the linter sees those of go.work.
func TestFilesAndFunctionsAreShort(t *testing.T) {
	for file, text := range files(t) {
		if strings.HasSuffix(file, ".go") {
			require.Empty(t, overlong(t, file, string(text)))
		}
	}
}

func TestLongFilesAndFunctionsAreFound(t *testing.T) {
	body := "\t// Why.\n" + strings.Repeat("\t_ = 1\n", longestFunction)
	require.Empty(t, overlong(t, "p.go", "package p\n\nfunc f() {\n"+body+"}\n"))
	body += "\t_ = 2\n"
	require.Equal(t, []string{"p.go:3: f has 61 lines"}, overlong(t, "p.go", "package p\n\nfunc f() {\n"+body+"}\n"))
	require.Len(t, overlong(t, "p.go", "package p\n\n//nolint:funlen\nfunc f() {\n"+body+"}\n"), 1, "it does not say why")
	require.Empty(t, overlong(t, "p.go", "package p\n\n// f is.\n//\n//nolint:funlen // a table\nfunc f() {\n"+body+"}\n"))

	long := "package p\n" + strings.Repeat("\n", longestFile)
	require.Equal(t, []string{"p.go has 401 lines"}, overlong(t, "p.go", long))
	require.Empty(t, overlong(t, "p.go", "// Package p is.\n//\n// long: it is one table.\n"+long))
	require.Len(t, overlong(t, "p.go", "// Package p is long: very.\n"+long+"// long: nobody reads so far.\n"), 1)
}

// overlong lists what is too long and does not say why.
func overlong(t *testing.T, file, text string) []string {
	t.Helper()
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, file, text, parser.ParseComments|parser.SkipObjectResolution)
	require.NoError(t, err)
	lines := strings.SplitAfter(text, "\n")
	var found []string
	if count := len(lines) - 1; count > longestFile && !says(parsed.Comments, "// long: ") {
		found = append(found, fmt.Sprintf("%s has %d lines", file, count))
	}
	for _, declaration := range parsed.Decls {
		f, ok := declaration.(*ast.FuncDecl)
		reason := "//nolint:funlen // "
		if strings.HasSuffix(file, "_test.go") {
			reason = "// long: "
		}
		if !ok || f.Body == nil || says([]*ast.CommentGroup{f.Doc}, reason) {
			continue
		}
		begin, end := set.Position(f.Body.Lbrace).Line, set.Position(f.Body.Rbrace).Line
		count := 0
		for line := begin + 1; line < end; line++ {
			if !strings.HasPrefix(strings.TrimSpace(lines[line-1]), "//") {
				count++
			}
		}
		if count > longestFunction {
			found = append(found, fmt.Sprintf("%s:%d: %s has %d lines", file, set.Position(f.Pos()).Line, f.Name.Name, count))
		}
	}
	return found
}

// says reports whether the first of some comments has a line that begins so.
func says(comments []*ast.CommentGroup, beginning string) bool {
	if len(comments) == 0 || comments[0] == nil {
		return false
	}
	for _, line := range comments[0].List {
		if strings.HasPrefix(line.Text, beginning) {
			return true
		}
	}
	return false
}
