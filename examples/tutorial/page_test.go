package tutorial_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// block is a block of code on a page.
type block struct {
	step     string // the folder of the step it is in, such as step1; empty before the first
	intro    string // the line before it: what says which file it is
	language string
	text     string
}

// tenant marks the commands that nobody can run without one.
const tenant = "<!-- needs a tenant -->"

// blocksOf reads the blocks of code of a page.
func blocksOf(t *testing.T, page string) []block {
	t.Helper()
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	step := regexp.MustCompile(`^## Step (\d+)`)
	var all []block
	var in *block
	now, before := "", ""
	for line := range strings.Lines(string(text)) {
		said := strings.TrimSpace(line)
		language, fence := strings.CutPrefix(said, "```")
		switch {
		case fence && in == nil:
			in = &block{step: now, intro: before, language: language}
		case fence:
			all, in = append(all, *in), nil
			before = said
		case in != nil:
			in.text += line
		case said != "":
			before = said
			if heading := step.FindStringSubmatch(said); heading != nil {
				now = "step" + heading[1]
			}
		}
	}
	require.Nil(t, in, "a block has no end")
	require.NotEmpty(t, all)
	return all
}

// file is the file that the block is the text of.
func (b block) file() (string, bool) { return between(b.intro, "`", "`:") }

// excerpt is the file that the block is a part of.
func (b block) excerpt() (string, bool) { return between(b.intro, "From `", "`:") }

// linked is the same, on a page that is about the files of the repository.
func (b block) linked() (string, bool) {
	link := regexp.MustCompile(`\(\.\./(\S+\.go)\):$`).FindStringSubmatch(b.intro)
	if link == nil {
		return "", false
	}
	return link[1], true
}

// printed reports whether the block is what the command before it prints.
func (b block) printed() bool { return b.language == "text" && b.intro == "```" }

func between(text, before, after string) (string, bool) {
	text, begins := strings.CutPrefix(text, before)
	text, ends := strings.CutSuffix(text, after)
	return text, begins && ends
}
