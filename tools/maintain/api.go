package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/exp/apidiff"
	"golang.org/x/tools/go/packages"
)

// checkAPI compares each published module with its last release. What those who
// import it would trip over is a failure, unless the changelog tells them.
func (r repository) checkAPI(ctx context.Context, out *log.Logger) error {
	modules, err := r.published()
	if err != nil {
		return err
	}
	told, err := r.unreleased()
	if err != nil {
		return err
	}
	var failures []error
	for _, m := range modules {
		tag, err := r.lastRelease(ctx, m)
		if err != nil {
			return err
		}
		if tag == "" {
			out.Printf("%s has no release yet: nothing to compare with", m.path)
			continue
		}
		report, err := r.compare(ctx, m, tag)
		if err != nil {
			return err
		}
		failures = append(failures, tell(out, m, tag, report, told))
	}
	return errors.Join(failures...)
}

// tell prints a report, and returns an error if it has breaks that nobody is
// told of.
func tell(out *log.Logger, m module, tag string, report apidiff.Report, told string) error {
	out.Printf("%s since %s: %d changes", m.path, tag, len(report.Changes))
	var untold []string
	for _, change := range report.Changes {
		kind := "adds"
		if !change.Compatible {
			kind = "BREAKS"
			if !strings.Contains(told, "`"+change.Message+"`") {
				untold = append(untold, "\n- `"+change.Message+"`")
			}
		}
		out.Printf("  %s %s", kind, change.Message)
	}
	if len(untold) == 0 {
		return nil
	}
	return fmt.Errorf("%s breaks those who use %s; undo it, or tell them in CHANGELOG.md, under Unreleased, in these words:%s",
		m.path, tag, strings.Join(untold, ""))
}

// unreleased is what the changelog says of the release to come.
func (r repository) unreleased() (string, error) {
	text, err := os.ReadFile(filepath.Join(string(r), "CHANGELOG.md"))
	if err != nil {
		return "", err
	}
	_, rest, _ := strings.Cut(string(text), "\n## Unreleased\n")
	section, _, _ := strings.Cut(rest, "\n## ")
	return section, nil
}

func (r repository) compare(ctx context.Context, m module, tag string) (apidiff.Report, error) {
	folder, err := os.MkdirTemp("", "release")
	if err != nil {
		return apidiff.Report{}, err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // it is temporary
	if _, err := git(ctx, string(r), "worktree", "add", "--detach", folder, tag); err != nil {
		return apidiff.Report{}, err
	}
	defer git(context.WithoutCancel(ctx), string(r), "worktree", "remove", "--force", folder) //nolint:errcheck // git prunes what is gone
	before, err := surface(ctx, repository(folder).dir(m), m)
	if err != nil {
		return apidiff.Report{}, fmt.Errorf("%s: %w", tag, err)
	}
	after, err := surface(ctx, r.dir(m), m)
	if err != nil {
		return apidiff.Report{}, err
	}
	return apidiff.ModuleChanges(before, after), nil
}

// surface is what a module shows to those who import it.
func surface(ctx context.Context, dir string, m module) (*apidiff.Module, error) {
	loaded, err := packages.Load(&packages.Config{
		Context: ctx, Dir: dir, Env: append(os.Environ(), "GOWORK=off"), Mode: packages.NeedName | packages.NeedTypes,
	}, "./...")
	if err != nil {
		return nil, err
	}
	shown := &apidiff.Module{Path: m.path}
	for _, p := range loaded {
		for _, mistake := range p.Errors {
			return nil, mistake
		}
		if p.Name != "main" && !slices.Contains(strings.Split(p.PkgPath, "/"), "internal") {
			shown.Packages = append(shown.Packages, p.Types)
		}
	}
	return shown, nil
}
