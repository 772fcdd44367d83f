package observe_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// Every metric that the dashboard shows is exposed, with the labels it is asked for.
func TestDashboardShowsWhatThereIs(t *testing.T) {
	var dashboard struct {
		Templating struct{ List []struct{ Definition string } }
		Panels     []struct {
			Type, Title, Description string
			ID                       int
			Targets                  []struct{ Expr, LegendFormat string }
		}
	}
	text, err := os.ReadFile("dashboard.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &dashboard))
	there := seriesOf(t)
	panels, ids := 0, map[int]bool{}
	for _, panel := range dashboard.Panels {
		require.False(t, ids[panel.ID], panel.Title)
		ids[panel.ID] = true
		if panel.Type == "row" {
			continue
		}
		panels++
		require.NotEmpty(t, panel.Description, panel.Title)
		require.NotContains(t, panel.Description, "\n")
		require.NotEmpty(t, panel.Targets, panel.Title)
		for _, target := range panel.Targets {
			asked := queried(target.Expr)
			require.Empty(t, asked.missing(there), "%s: %s", panel.Title, target.Expr)
			for _, shown := range regexp.MustCompile(`\{\{(\w+)\}\}`).FindAllStringSubmatch(target.LegendFormat, -1) {
				require.Contains(t, asked.labels, shown[1], panel.Title)
			}
		}
	}
	require.Greater(t, panels, 15)
	for _, variable := range dashboard.Templating.List {
		if of := regexp.MustCompile(`label_values\((\w+), \w+\)`).FindStringSubmatch(variable.Definition); of != nil {
			require.NotNil(t, there[of[1]], of[1])
		}
	}
}

func TestAlertsAreOfWhatThereIs(t *testing.T) {
	var file struct {
		Groups []struct {
			Rules []struct {
				Alert, Expr, For    string
				Labels, Annotations map[string]string
			}
		}
	}
	text, err := os.ReadFile("alerts.yaml")
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(text, &file))
	require.Len(t, file.Groups, 1)
	require.Len(t, file.Groups[0].Rules, 5)
	there := seriesOf(t)
	for _, rule := range file.Groups[0].Rules {
		require.Empty(t, queried(rule.Expr).missing(there), rule.Alert)
		require.NotEmpty(t, rule.Labels["severity"], rule.Alert)
		require.NotEmpty(t, rule.Annotations["summary"], rule.Alert)
		require.NotEmpty(t, rule.Annotations["description"], rule.Alert)
	}
}

// What is misspelt in a query is found.
func TestMissingSeriesAreFound(t *testing.T) {
	there := map[string]map[string]bool{"calls_live": {"state": true}, "calls_total": {}, "lag_seconds_bucket": {"le": true}}
	for expr, missing := range map[string][]string{
		`sum by (state) (calls_live{job=~"$job"})`:                                                       nil,
		`sum(rate(calls_total[$__rate_interval])) / 2 > 0.5 and on (job) calls_live`:                     nil,
		`histogram_quantile(0.99, sum by (job, le) (rate(lag_seconds_bucket[5m]))) > 2`:                  nil,
		`sum by (state) (call_live)`:                                                                     {"call_live", "state"},
		`calls_total{state="calls_gone"} or calls_gone`:                                                  {"calls_gone", "state"},
		`sum without (le) (rate(lag_seconds_count[5m]))`:                                                 {"lag_seconds_count", "le"},
		`sum by (direction) (calls_live{state=~"a|b",stage!="by (x)"}) unless absent(calls_ended_total)`: {"calls_ended_total", "direction", "stage"},
	} {
		require.Equal(t, missing, queried(expr).missing(there), expr)
	}
}

// seriesOf are the names of what is exposed of the story, each with its labels.
func seriesOf(t *testing.T) map[string]map[string]bool {
	t.Helper()
	registry, with := exposed(t)
	tell(t, with)
	there := map[string]map[string]bool{}
	for line := range strings.Lines(exposition(t, registry)) {
		sample := regexp.MustCompile(`^(\w+)(?:\{(.*)\})? `).FindStringSubmatch(line)
		if sample == nil {
			continue
		}
		if there[sample[1]] == nil {
			there[sample[1]] = map[string]bool{}
		}
		for _, label := range regexp.MustCompile(`(\w+)="(?:[^"\\]|\\.)*"`).FindAllStringSubmatch(sample[2], -1) {
			there[sample[1]][label[1]] = true
		}
	}
	return there
}

// query is what a query in PromQL asks for.
type query struct{ metrics, labels []string }

// queried takes the names out of a query.
func queried(expr string) query {
	var q query
	take := func(pattern, name string) {
		expr = regexp.MustCompile(pattern).ReplaceAllStringFunc(expr, func(part string) string {
			for _, found := range regexp.MustCompile(name).FindAllStringSubmatch(part, -1) {
				q.labels = append(q.labels, found[1])
			}
			return " "
		})
	}
	expr = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`).ReplaceAllString(expr, `""`)
	take(`\{[^}]*\}`, `(\w+)\s*[=!]`)
	take(`\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)`, `[(,]\s*(\w+)`)
	expr = regexp.MustCompile(`\[[^\]]*\]`).ReplaceAllString(expr, "")
	for _, name := range regexp.MustCompile(`\b([A-Za-z_]\w*)\b(\s*\()?`).FindAllStringSubmatch(expr, -1) {
		if name[2] == "" && !slices.Contains([]string{"and", "or", "unless", "bool", "offset"}, name[1]) {
			q.metrics = append(q.metrics, name[1])
		}
	}
	return q
}

// missing lists the metrics that are not there, and the labels that none of the
// query's metrics has. Prometheus itself adds some.
func (q query) missing(there map[string]map[string]bool) []string {
	var missing []string
	known := map[string]bool{"job": true, "instance": true}
	for _, metric := range q.metrics {
		if there[metric] == nil {
			missing = append(missing, metric)
		}
		for label := range there[metric] {
			known[label] = true
		}
	}
	for _, label := range q.labels {
		if !known[label] {
			missing = append(missing, label)
		}
	}
	slices.Sort(missing)
	return slices.Compact(missing)
}
