package archtest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// line is one message of the log, as a function writes it or docs/logs.md has it.
type line struct {
	level   string
	message string
	fields  []string
}

// logging are the packages that log.
func logging() []string { return []string{"statefulclient", "transport", "cluster"} }

func TestLogsAreDocumented(t *testing.T) {
	all := files(t)
	text := string(all["docs/logs.md"])
	documented := documentedLines(text)
	var written []string
	for _, folder := range logging() {
		for file, source := range all {
			if path(filepath.Dir(file)) != folder || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
				continue
			}
			for _, lines := range writtenLines(t, file, source) {
				explained := map[string]bool{}
				for _, l := range lines {
					is, ok := documented[l.message]
					require.True(t, ok, "docs/logs.md does not have %q of %s", l.message, file)
					require.Equal(t, l.level, is.level, l.message)
					require.Subset(t, l.fields, is.fields, "%s: %q has no such fields", file, l.message)
					for _, field := range is.fields {
						explained[field] = true
					}
					written = append(written, l.message)
				}
				require.ElementsMatch(t, lines[0].fields, slices.Collect(maps.Keys(explained)), "%s: %q", file, lines[0].message)
			}
		}
	}
	require.ElementsMatch(t, written, slices.Collect(maps.Keys(documented)), "what docs/logs.md has and what is written")
}

// The check above can fail.
func TestLinesAreFound(t *testing.T) {
	source := `package p
		func (c *Call) a() {
			entry := c.logger.Check(zap.InfoLevel, "one")
			entry.Write(c.fields(zap.String("two", ""), zap.Error(err))...)
			c.log.Warn("three", l.fields()...)
		}
		func b() error { return errors.New("four") }`
	require.Equal(t, [][]line{{
		{"info", "one", []string{"call ids", "error", "notification ids", "two"}},
		{"warn", "three", []string{"call ids", "error", "notification ids", "two"}},
	}}, writtenLines(t, "p.go", []byte(source)))
	require.Equal(t, map[string]line{"one": {"info", "one", []string{"call ids", "two"}}},
		documentedLines("| `one` | info | `call ids`, `two` | when |\n| other | table |"))
}

// documentedLines reads the tables: message, level, fields, and when.
func documentedLines(text string) map[string]line {
	found := map[string]line{}
	for row := range strings.Lines(text) {
		cells := strings.Split(row, "|")
		if len(cells) < 6 || !strings.Contains(cells[1], "`") {
			continue
		}
		l := line{level: strings.TrimSpace(cells[2]), message: strings.Trim(cells[1], " `")}
		for i, field := range strings.Split(cells[3], "`") {
			if i%2 == 1 {
				l.fields = append(l.fields, field)
			}
		}
		slices.Sort(l.fields)
		found[l.message] = l
	}
	return found
}

// writtenLines returns the lines that each function of a file writes. Which fields
// are whose is not told apart within a function.
func writtenLines(t *testing.T, file string, source []byte) [][]line {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, source, parser.SkipObjectResolution)
	require.NoError(t, err)
	var found [][]line
	for _, declaration := range parsed.Decls {
		function, ok := declaration.(*ast.FuncDecl)
		if !ok {
			continue
		}
		lines, fields := linesOf(function)
		for i := range lines {
			lines[i].fields = fields
		}
		if len(lines) > 0 {
			found = append(found, lines)
		}
	}
	return found
}

func linesOf(function *ast.FuncDecl) (lines []line, fields []string) {
	ast.Inspect(function, func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok {
			return true
		}
		if l, ok := lineOf(call); ok {
			lines = append(lines, l)
		}
		if field := fieldOf(call); field != "" && !slices.Contains(fields, field) {
			fields = append(fields, field)
		}
		return true
	})
	slices.Sort(fields)
	return lines, fields
}

// lineOf reads logger.Warn("message", …) and logger.Check(zap.WarnLevel, "message").
func lineOf(call *ast.CallExpr) (line, bool) {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return line{}, false
	}
	level, at := strings.ToLower(selector.Sel.Name), 0
	if level == "check" && len(call.Args) == 2 {
		_, named, _ := strings.Cut(name(call.Args[0]), ".")
		level, at = strings.ToLower(strings.TrimSuffix(named, "Level")), 1
	}
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, level) || len(call.Args) <= at {
		return line{}, false
	}
	message, ok := text(call.Args[at])
	return line{level: level, message: message}, ok || isLogger(selector.X) // one that is put together is documented nowhere
}

func isLogger(expression ast.Expr) bool {
	switch e := expression.(type) {
	case *ast.Ident:
		return e.Name == "log" || e.Name == "logger"
	case *ast.SelectorExpr:
		return isLogger(e.Sel)
	default:
		return false
	}
}

// fieldOf reads zap.String("name", …) and its kind; "" for what is none.
func fieldOf(call *ast.CallExpr) string {
	switch called := name(call.Fun); {
	case called == "zap.Error":
		return "error"
	case called == "l.fields":
		return "notification ids"
	case strings.HasSuffix(called, ".fields"):
		return "call ids"
	case strings.HasPrefix(called, "zap.") && len(call.Args) > 0:
		field, _ := text(call.Args[0])
		return field
	}
	if called, ok := call.Fun.(*ast.Ident); ok && called.Name == "idFields" {
		return "delivery ids"
	}
	return ""
}

func text(expression ast.Expr) (string, bool) {
	literal, ok := expression.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return "", false
	}
	value, err := strconv.Unquote(literal.Value)
	return value, err == nil
}
