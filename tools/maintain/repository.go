package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/semver"
)

// repository is a checkout, by its root.
type repository string

// module is one of the repository's.
type module struct {
	folder string // from the root, with slashes; "." for the root's own
	path   string
}

func findRepository(ctx context.Context, dir string) (repository, error) {
	root, err := git(ctx, dir, "rev-parse", "--show-toplevel")
	return repository(strings.TrimSpace(root)), err
}

// modules are all there are, the root's own first, but for tools: nothing is
// linked with those.
func (r repository) modules() ([]module, error) {
	var found []module
	err := filepath.WalkDir(string(r), func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains([]string{".git", ".tools", "bin", "testdata", "tools"}, entry.Name()) {
			return fs.SkipDir
		}
		if entry.IsDir() || entry.Name() != "go.mod" {
			return nil
		}
		m, err := r.module(filepath.Dir(file))
		found = append(found, m)
		return err
	})
	slices.SortFunc(found, func(a, b module) int { return cmp.Compare(a.folder, b.folder) })
	return found, err
}

func (r repository) module(dir string) (module, error) {
	text, err := os.ReadFile(filepath.Join(dir, "go.mod")) //nolint:gosec // it was found there
	if err != nil {
		return module{}, err
	}
	folder, err := filepath.Rel(string(r), dir)
	return module{filepath.ToSlash(folder), modfile.ModulePath(text)}, err
}

// published are the modules that others import, and that have releases.
func (r repository) published() ([]module, error) {
	all, err := r.modules()
	released := []string{".", "cluster", "observe"}
	return slices.DeleteFunc(all, func(m module) bool { return !slices.Contains(released, m.folder) }), err
}

func (r repository) dir(m module) string {
	return filepath.Join(string(r), filepath.FromSlash(m.folder))
}

// tagPrefix stands before the version in the tags of a module's releases.
func (m module) tagPrefix() string {
	if m.folder == "." {
		return ""
	}
	return m.folder + "/"
}

// lastRelease is the tag of the latest release that this checkout comes after;
// empty if there is none. What is on trial, such as v1.2.0-rc.1, is none.
func (r repository) lastRelease(ctx context.Context, m module) (string, error) {
	tags, err := git(ctx, string(r), "tag", "--merged", "HEAD", "--list", m.tagPrefix()+"v*")
	if err != nil {
		return "", err
	}
	version := func(tag string) string { return strings.TrimPrefix(tag, m.tagPrefix()) }
	releases := slices.DeleteFunc(strings.Fields(tags), func(tag string) bool {
		return !semver.IsValid(version(tag)) || semver.Prerelease(version(tag)) != ""
	})
	if len(releases) == 0 {
		return "", nil
	}
	return slices.MaxFunc(releases, func(a, b string) int { return semver.Compare(version(a), version(b)) }), nil
}

// version is what a module is called as it lies here: by its last release and
// the commits since, or by the commit alone.
func (r repository) version(ctx context.Context, m module) (string, error) {
	text, err := git(ctx, string(r), "describe", "--tags", "--always", "--dirty", "--match", m.tagPrefix()+"v*")
	return strings.TrimPrefix(strings.TrimSpace(text), m.tagPrefix()), err
}

func git(ctx context.Context, dir string, args ...string) (string, error) {
	command := exec.CommandContext(ctx, "git", args...) //nolint:gosec // of our own words
	command.Dir = dir
	out, err := command.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return "", fmt.Errorf("git %s: %s", strings.Join(args, " "), cmp.Or(strings.TrimSpace(string(exit.Stderr)), exit.Error()))
	}
	return string(out), err
}
