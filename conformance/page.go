package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// patience is how long one example may take.
const patience = 20 * time.Second

// page is one page of the documentation: its examples, in their order.
type page struct {
	edition  string // the folder: v1.0, beta or another
	name     string
	examples []*example
}

// readPages reads a folder of examples. Files that are not .http or .json are
// none.
func readPages(folder string) ([]*page, error) {
	var pages []*page
	err := fs.WalkDir(os.DirFS(folder), ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(file, ".http") && !strings.HasSuffix(file, ".json") {
			return err
		}
		text, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(file))) //nolint:gosec // the folder is the caller's
		if err != nil {
			return err
		}
		edition, name, _ := strings.Cut(file, "/")
		if name == "" {
			edition, name = ".", file
		}
		e, err := newExample(name, text)
		if err != nil {
			return err
		}
		title, _, _ := strings.Cut(name, ".")
		if last := len(pages) - 1; last < 0 || pages[last].edition != edition || pages[last].name != title {
			pages = append(pages, &page{edition: edition, name: title})
		}
		pages[len(pages)-1].examples = append(pages[len(pages)-1].examples, e)
		return nil
	})
	if err == nil && len(pages) == 0 {
		err = fmt.Errorf("%s has no examples: no .http or .json file", folder)
	}
	return pages, err
}

// counts says whether a page decides about the exit status: those of v1.0
// about calls do, those about meetings' calendar entries do not.
func (p *page) counts() bool {
	return p.edition == "v1.0" && !strings.Contains(p.name, "onlinemeeting")
}

// responseTo is the documented response to the message at a place: the next
// file, bodies left aside. Requests in a row that have no body and ask for the
// same share the response after the last of them.
func (p *page) responseTo(at int) *example {
	asked := p.examples[at]
	for _, next := range p.examples[at+1:] {
		switch {
		case next.kind == response:
			return next
		case next.kind == body:
		case next.kind == request && len(next.body) == 0 && len(asked.body) == 0 && samePlace(asked, next):
		default:
			return nil
		}
	}
	return nil
}

// play plays the page. An example whose scene could not be set is not ok; an
// error means that ctx ended.
func (p *page) play(ctx context.Context) ([]row, error) {
	rows := make([]row, len(p.examples))
	for at, e := range p.examples {
		rows[at] = row{page: p, example: e}
	}
	for at, e := range p.examples {
		if e.kind != request && e.kind != notification {
			continue
		}
		whole, mended := e.mended()
		answer := p.responseTo(at)
		found := &findings{}
		if mended {
			p.try(ctx, whole, answer, found)
		}
		rows[at].judge(found, mended, answer)
		if i := slices.Index(p.examples, answer); i >= 0 && mended {
			_, readable := answer.mended()
			rows[i].judgeAnswer(e, found, readable)
		}
	}
	for at := range rows {
		rows[at].settle()
	}
	return rows, ctx.Err()
}

func (p *page) try(ctx context.Context, e, documented *example, found *findings) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	play := playNotification
	if e.kind == request {
		play = p.playRequest
	}
	if err := play(ctx, e, documented, found); err != nil {
		found.came = append(found.came, err.Error())
	}
}
