package observe_test

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/graphcalls/graphcalls-go/observe"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

var update = flag.Bool("update", false, "rewrite what docs/telemetry.md has of tests' output")

const page = "../docs/telemetry.md"

func readPage(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	return string(text)
}

// golden compares a section of the page with what it should be, or rewrites it.
func golden(t *testing.T, section, want string) {
	t.Helper()
	text := readPage(t)
	before, rest, found := strings.Cut(text, "<!-- "+section+" -->\n")
	require.True(t, found, section)
	is, after, found := strings.Cut(rest, "<!-- end -->")
	require.True(t, found, section)
	want = "\n" + want + "\n"
	if *update {
		text = before + "<!-- " + section + " -->\n" + want + "<!-- end -->" + after
		require.NoError(t, os.WriteFile(page, []byte(text), 0o600))
		return
	}
	require.Equal(t, want, is, "if that is how it should be, run go test -update")
}

func TestMetricsInTheDocs(t *testing.T) {
	s := tell(t)
	var all metricdata.ResourceMetrics
	require.NoError(t, s.reader.Collect(t.Context(), &all))
	rows := map[string]string{}
	for _, scope := range all.ScopeMetrics {
		for _, m := range scope.Metrics {
			rows[m.Name] = fmt.Sprintf("| `%s` | %s | %s | %s | %s |\n", m.Name, kindOf(m), m.Unit, labelsOf(t, m), m.Description)
		}
	}
	require.Equal(t, observe.MetricNames(), sorted(rows), "the story has not all of them")
	var table strings.Builder
	table.WriteString("| Metric | Kind | Unit | Attributes | What it is |\n|---|---|---|---|---|\n")
	for _, name := range sorted(rows) {
		table.WriteString(rows[name])
	}
	golden(t, "metrics", table.String())
}

func kindOf(m metricdata.Metrics) string {
	switch data := m.Data.(type) {
	case metricdata.Histogram[float64]:
		return "histogram"
	case metricdata.Sum[int64]:
		if data.IsMonotonic {
			return "counter"
		}
		return "up-down counter"
	}
	return fmt.Sprintf("%T", m.Data)
}

func labelsOf(t *testing.T, m metricdata.Metrics) string {
	t.Helper()
	labels := map[string]bool{}
	for _, p := range pointsOf(t, m.Data) {
		for key := range p.attributes {
			labels["`"+key+"`"] = true
		}
	}
	if m.Name == "graphcalls.delivery.duration" {
		labels["`error.type`"] = true // with a POST that is not taken
	}
	return strings.Join(sorted(labels), ", ")
}

// The page has every attribute there is, and no other, where it is.
func TestAttributesInTheDocs(t *testing.T) {
	told := map[string]string{
		"graphcalls.handler.missed": "spans", // with slow handlers
	}
	s := tell(t)
	for _, span := range s.spans() {
		for key := range attributesOf(span.Attributes) {
			told[key] = "spans"
		}
	}
	ofMetrics := map[string]string{}
	for _, points := range s.collect() {
		for _, p := range points {
			for key := range p.attributes {
				ofMetrics[key] = "metrics"
				if told[key] == "spans" {
					ofMetrics[key] = "spans, metrics"
				}
			}
		}
	}
	maps.Copy(told, ofMetrics)
	_, section, _ := strings.Cut(readPage(t), "## Attributes\n")
	section, _, _ = strings.Cut(section, "\n## ")
	listed := map[string]string{}
	for line := range strings.Lines(section) {
		if cells := strings.Split(line, "|"); len(cells) == 5 && strings.Contains(cells[1], "`") {
			for key := range strings.SplitSeq(cells[1], ",") {
				listed[strings.Trim(key, " `")] = strings.TrimSpace(cells[3])
			}
		}
	}
	require.Equal(t, listed, told)
}

// The page names every span there is.
func TestSpansInTheDocs(t *testing.T) {
	_, section, _ := strings.Cut(readPage(t), "## Spans\n")
	kinds := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `([^` ]+) .* \\| (\\w+) \\|").FindAllStringSubmatch(section, -1) {
		kinds[row[1]] = row[2]
	}
	told := map[string]string{"take": "consumer"} // in a fleet
	for _, span := range tell(t).spans() {
		verb, _, _ := strings.Cut(span.Name, " ")
		if span.SpanKind.String() == "client" {
			verb = "POST"
		}
		told[verb] = span.SpanKind.String()
	}
	require.Equal(t, kinds, told)
}

// example is the story that the page tells.
func example(t *testing.T, with rigOptions) (*rig, *statefulclient.Call) {
	t.Helper()
	r := newRig(t, with)
	answered := r.answers()
	played := make(chan error, 1)
	statefulclient.On(r.client.Calls(), func(ctx context.Context, e statefulclient.StateChanged) {
		if e.New == resources.CallStateEstablished {
			operation, err := e.Call.PlayPrompt(ctx, resources.NewMediaPrompt("https://bot.contoso.com/hello.wav"))
			if err == nil {
				_, err = operation.Wait(ctx)
			}
			played <- err
		}
	})
	caller := r.platform.AddPerson("Adele Vance").Call(r.bot)
	call := r.taken(answered)
	require.NoError(t, <-played)
	r.settled()
	caller.Hangup()
	r.over(call)
	r.settled()
	return r, call
}

func TestTraceInTheDocs(t *testing.T) {
	r, call := example(t, rigOptions{})
	spans := only(r.spans(), with("graphcalls.call.id", call.ID()))
	slices.SortStableFunc(spans, func(a, b tracetest.SpanStub) int {
		if later := a.StartTime.Compare(b.StartTime); later != 0 {
			return later
		}
		return strings.Compare(a.Name, b.Name)
	})
	play := only(spans, named("POST /communications/calls/{id}/playPrompt"))[0]
	p := printer{names: map[string]string{}}
	p.trace(spans, spans[0])
	p.WriteString("\n")
	p.trace(spans, only(spans, func(s tracetest.SpanStub) bool {
		return s.SpanContext.TraceID() == play.SpanContext.TraceID() && !s.Parent.IsValid()
	})[0])
	golden(t, "trace", "```\n"+p.String()+"```\n")
}

// printer prints traces, with names for ids and nothing for times.
type printer struct {
	strings.Builder

	names map[string]string
}

func (p *printer) trace(spans tracetest.SpanStubs, root tracetest.SpanStub) {
	p.span(spans, root, "")
}

func (p *printer) span(spans tracetest.SpanStubs, span tracetest.SpanStub, indent string) {
	fmt.Fprintf(p, "%s%s  (%s)\n", indent, span.Name, span.SpanKind)
	for _, link := range span.Links {
		fmt.Fprintf(p, "%s      linked to %s\n", indent, only(spans, func(s tracetest.SpanStub) bool {
			return s.SpanContext.SpanID() == link.SpanContext.SpanID()
		})[0].Name)
	}
	attributes := attributesOf(span.Attributes)
	for _, key := range sorted(attributes) {
		fmt.Fprintf(p, "%s      %s: %s\n", indent, key, p.plain(key, attributes[key]))
	}
	for _, below := range only(spans, func(s tracetest.SpanStub) bool { return s.Parent.SpanID() == span.SpanContext.SpanID() }) {
		p.span(spans, below, indent+"    ")
	}
}

// plain is a value that is the same in every run.
func (p *printer) plain(key, value string) string {
	switch {
	case key == "graphcalls.handler.waited":
		return "0.00021"
	case key == "server.port":
		return "443"
	case key == "server.address":
		return "graph.microsoft.com"
	case !strings.HasSuffix(key, "id"):
		return value
	}
	if p.names[value] == "" {
		kind := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(key, "graphcalls."), "messaging."), "id")
		kind = strings.TrimSpace(strings.NewReplacer(".", " ", "_", " ").Replace(kind))
		of := 1
		for _, other := range p.names {
			if strings.HasPrefix(other, kind+" ") {
				of++
			}
		}
		p.names[value] = fmt.Sprintf("%s %d", kind, of)
	}
	return p.names[value]
}

func TestExpositionInTheDocs(t *testing.T) {
	registry, with := exposed(t)
	example(t, with)
	var lines []string
	for line := range strings.Lines(exposition(t, registry)) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "#"), strings.Contains(line, "_bucket"), strings.HasPrefix(line, "target_info"), strings.HasSuffix(line, " 0"),
			strings.HasPrefix(line, "graphcalls_client_"):
			continue
		}
		line = regexp.MustCompile(`(_sum(?:\{.*\})?) .*`).ReplaceAllString(line, "$1 0.0042")
		line = regexp.MustCompile(`server_address="[^"]*",server_port="\d+"`).ReplaceAllString(line, `server_address="graph.microsoft.com",server_port="443"`)
		lines = append(lines, line)
	}
	golden(t, "prometheus", "```\n"+strings.Join(lines, "\n")+"\n```\n")
}

// What the page shows of Go is compiled.
func TestCodeInTheDocsIsCompiled(t *testing.T) {
	example, err := os.ReadFile("example_test.go")
	require.NoError(t, err)
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(readPage(t), -1)
	require.Len(t, blocks, 2)
	unindented := regexp.MustCompile(`(?m)^\t+`)
	for _, block := range blocks {
		require.Contains(t, unindented.ReplaceAllString(string(example), ""), unindented.ReplaceAllString(block[1], ""))
	}
}
