package archtest_test

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// docs/dependencies.md has the libraries that each module asks for by itself,
// and no others.
func TestDependenciesHaveTheirReasons(t *testing.T) {
	all := files(t)
	reasons := reasoned(t, string(all["docs/dependencies.md"]))
	for file, text := range all {
		if filepath.Base(file) == "go.mod" {
			require.Equal(t, required(t, string(text)), reasons[file], file)
			delete(reasons, file)
		}
	}
	require.Empty(t, reasons, "no such modules")
}

func TestDependenciesAreRead(t *testing.T) {
	require.Equal(t, []string{"a.org/b", "a.org/c", "a.org/tool/v2"}, required(t, "module "+module+"x\n\ntool a.org/tool/v2/cmd/tool\n\nrequire a.org/c v1.0.0\n\n"+
		"require (\n\ta.org/b v1.0.0\n\ta.org/d v1.0.0 // indirect\n\ta.org/tool/v2 v2.0.0 // indirect\n\t"+module+"y v0.0.0\n)\n"))
	require.Equal(t, map[string][]string{"go.mod": {"a", "b"}, "x/go.mod": {"c"}},
		reasoned(t, "## S: [go.mod](../go.mod)\n\n| Library | For |\n|---|---|\n| `b` | c |\n| `a` | `d` |\n\n## T: [x](../x/go.mod)\n\n| `c` | d |\n"))
}

// required returns the modules of others that a go.mod names for their own sake,
// in order: those of tools, too.
func required(t *testing.T, text string) []string {
	t.Helper()
	tools := submatches(t, `(?m)^tool (\S+)$`, text)
	var names []string
	for _, match := range regexp.MustCompile(`(?m)^(?:require )?\s*([\w.-]+\.[\w./-]+) v\S+( // indirect)?$`).FindAllStringSubmatch(text, -1) {
		name, direct := match[1], match[2] == ""
		isTool := slices.ContainsFunc(tools, func(tool string) bool { return within(tool, name) })
		if (direct || isTool) && !strings.HasPrefix(name+"/", module) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// reasoned returns the first cells of each section's table, in order, by the
// go.mod that its heading links to.
func reasoned(t *testing.T, text string) map[string][]string {
	t.Helper()
	sections := map[string][]string{}
	for section := range strings.SplitSeq(text, "\n## ") {
		if modules := submatches(t, `^.*\]\(\.\./(.*go\.mod)\)\n`, strings.TrimPrefix(section, "## ")); len(modules) == 1 {
			sections[modules[0]] = submatches(t, "(?m)^\\| `([^`]+)` \\|", section)
			slices.Sort(sections[modules[0]])
		}
	}
	return sections
}
