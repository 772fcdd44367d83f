package scenario

import (
	"flag"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/simulator"
)

const page = "../../docs/scenarios.md"

// The page has the whole language, in the words of the tables it is read by.
//
// go test ./simulator/scenario -rewrite writes the page's tables anew.
func TestThePageHasTheWholeLanguage(t *testing.T) {
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	written := map[string]bool{}
	table := regexp.MustCompile(`(?s)(<!-- table: ([a-z]+) -->\n).*?(<!-- end -->)`)
	whole := table.ReplaceAllStringFunc(string(text), func(found string) string {
		parts := table.FindStringSubmatch(found)
		require.Contains(t, tables(), parts[2])
		written[parts[2]] = true
		return parts[1] + tables()[parts[2]] + parts[3]
	})
	require.Len(t, written, len(tables()))
	if rewrite := flag.Lookup("rewrite"); rewrite != nil && rewrite.Value.String() == "true" {
		require.NoError(t, os.WriteFile(page, []byte(whole), 0o600))
		return
	}
	require.Equal(t, whole, string(text), "go test ./simulator/scenario -rewrite writes the tables of %s anew", page)
}

func tables() map[string]string {
	var conditions, injuries, fields strings.Builder
	for _, c := range clauses() {
		conditions.WriteString(row(c.subject+" must "+c.base, c.says))
	}
	for _, f := range simulator.AllFaults() {
		line, summary := "fault "+f.Name, f.Summary
		for _, parameter := range f.Parameters {
			line += " " + parameter.Default
		}
		if !f.PerCall {
			summary += "; not for one call alone"
		}
		injuries.WriteString(row(line, summary))
	}
	for k := aBot; k <= aProgram; k++ {
		fields.WriteString(row("{NAME."+strings.Join(k.fields(), "}` `{NAME.")+"}", "of "+k.String()))
	}
	fields.WriteString(row("{tenant}", "the id of everybody's tenant"))
	meanings, all := "", slots()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		meanings += row(name, all[name].what)
	}
	return map[string]string{
		"slots":    headed(meanings),
		"settings": headed(rows(settings())), "people": headed(rows(people())), "orders": headed(rows(orders())),
		"platform": headed(rows(slices.Concat(platformForms(), faultForms()))),
		"clauses":  headed(conditions.String()), "faults": headed(injuries.String()), "placeholders": headed(fields.String()),
	}
}

func headed(rows string) string { return "\n| | |\n|---|---|\n" + rows + "\n" }

func rows(list []form) string {
	var text strings.Builder
	for _, f := range list {
		text.WriteString(row(f.pattern, f.says))
	}
	return text.String()
}

func row(line, says string) string { return "| `" + line + "` | " + says + " |\n" }
