package archtest_test

import (
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A link to a part of a page leads to a heading that is there.
func TestAnchorsInTheDocsLeadSomewhere(t *testing.T) {
	pages := documents(files(t))
	require.Empty(t, strayAnchors(t, pages))
}

func TestStrayAnchorsAreFound(t *testing.T) {
	require.Equal(t, []string{"a.md: #two", "docs/b.md: ../a.md#one-1"}, strayAnchors(t, map[string]string{
		"a.md":      "# One\n[here](#one) [there](docs/b.md#c-d-and-so-on) [nowhere](#two)\n```sh\n# Two\n```\n",
		"docs/b.md": "## `C`, [D](x.md) and so on\n## E\n## E\n[up](../a.md#one) [down](#e-1) [nowhere](../a.md#one-1)\n",
	}))
}

// strayAnchors lists the links to headings that no page has.
func strayAnchors(t *testing.T, pages map[string]string) []string {
	t.Helper()
	var stray []string
	for file, text := range pages {
		for _, link := range submatches(t, `(?:\]\(|\]: )([^)\s]*#[^)\s]+)`, prose(text)) {
			target, anchor, _ := strings.Cut(link, "#")
			if strings.Contains(link, "://") {
				continue
			}
			page := file
			if target != "" {
				page = path(filepath.Join(filepath.Dir(file), target))
			}
			if !anchors(t, pages[page])[anchor] {
				stray = append(stray, file+": "+link)
			}
		}
	}
	slices.Sort(stray)
	return stray
}

// anchors are the names under which the headings of a page are linked to, as
// the usual readers of Markdown make them.
func anchors(t *testing.T, page string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, heading := range submatches(t, `(?m)^#+ +(.+)$`, prose(page)) {
		text := regexp.MustCompile(`\[([^]]*)\]\([^)]*\)`).ReplaceAllString(heading, "$1")
		text = regexp.MustCompile(`[^\p{L}\p{N}_ -]`).ReplaceAllString(strings.ToLower(strings.TrimSpace(text)), "")
		anchor := strings.ReplaceAll(text, " ", "-")
		for again := 1; found[anchor]; again++ {
			anchor = strings.ReplaceAll(text, " ", "-") + "-" + strconv.Itoa(again)
		}
		found[anchor] = true
	}
	return found
}

// prose is a page without its blocks of code.
func prose(page string) string {
	return regexp.MustCompile("(?ms)^ *```.*?^ *```$").ReplaceAllString(page, "")
}
