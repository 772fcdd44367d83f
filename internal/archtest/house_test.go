package archtest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// house is what can be pointed at: the exported names of the public packages,
// such as statefulclient.Call.Transfer, these packages and the examples; and
// what shows that something works: tests, such as auth.TestForgedKidFlood, and
// the examples, of which TestEveryExampleIsRun sees that they are run.
type house struct{ names, tests map[string]bool }

func newHouse(t *testing.T, all map[string][]byte) house {
	t.Helper()
	h := house{map[string]bool{}, map[string]bool{}}
	for file, text := range all {
		folder := path(filepath.Dir(file))
		segments := strings.Split(folder, "/")
		switch {
		case strings.HasSuffix(file, "_test.go"):
			for _, test := range testsOf(t, text) {
				h.tests[folder+"."+test] = true
			}
		case file == folder+"/main.go" && segments[0] == "examples":
			h.names[folder], h.tests[folder] = true, true
		case strings.HasSuffix(file, ".go") && !slices.Contains(segments, "internal"):
			for _, name := range exported(t, file, text) {
				h.names[folder+"."+name] = true
				h.names[folder] = true
			}
		}
	}
	return h
}

func testsOf(t *testing.T, text []byte) []string {
	t.Helper()
	return submatches(t, `(?m)^func (Test\w+)\(t \*testing\.T\)`, string(text))
}

// exported returns a file's exported names, those of methods and fields with
// their type's before them.
func exported(t *testing.T, file string, text []byte) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, text, parser.SkipObjectResolution)
	require.NoError(t, err)
	if parsed.Name.Name == "main" {
		return nil
	}
	var found []string
	add := func(of string, names ...*ast.Ident) {
		for _, name := range names {
			if name.IsExported() {
				found = append(found, of+name.Name)
			}
		}
	}
	for _, declaration := range parsed.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				add("", d.Name)
			} else if of := receiver(d.Recv.List[0].Type); of.IsExported() {
				add(of.Name+".", d.Name)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch s := spec.(type) {
				case *ast.ValueSpec:
					add("", s.Names...)
				case *ast.TypeSpec:
					add("", s.Name)
					if s.Name.IsExported() {
						add(s.Name.Name+".", members(s.Type)...)
					}
				}
			}
		}
	}
	return found
}

// receiver returns the name of a method's type.
func receiver(expression ast.Expr) *ast.Ident {
	switch e := expression.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.IndexListExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e
	default:
		return ast.NewIdent("_")
	}
}

// members returns the names of a struct's fields or an interface's methods.
func members(expression ast.Expr) []*ast.Ident {
	var fields *ast.FieldList
	switch e := expression.(type) {
	case *ast.StructType:
		fields = e.Fields
	case *ast.InterfaceType:
		fields = e.Methods
	default:
		return nil
	}
	var names []*ast.Ident
	for _, field := range fields.List {
		names = append(names, field.Names...)
	}
	return names
}
