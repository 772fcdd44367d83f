package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// dependency is a module that packages of another are compiled with.
type dependency struct {
	Path, Version, Dir, Sum string
	Main                    bool
	Replace                 *dependency

	uses map[string]bool // paths of the modules it is compiled with itself
}

// systems are those whose own dependencies count, too.
func systems() []string { return []string{"linux", "windows", "darwin"} }

// dependencies are the modules that those of a folder are compiled with, and
// these themselves, by path. Tests count only if asked for.
func dependencies(ctx context.Context, dir string, tests bool) (map[string]*dependency, error) {
	found := map[string]*dependency{}
	for _, system := range systems() {
		args := []string{"list", "-deps", "-json=ImportPath,Imports,Module", "./..."}
		if tests {
			args = slices.Insert(args, 1, "-test")
		}
		command := exec.CommandContext(ctx, "go", args...)
		command.Dir, command.Stderr = dir, os.Stderr
		command.Env = append(os.Environ(), "GOWORK=off", "GOOS="+system)
		text, err := command.Output()
		if err != nil {
			return nil, err
		}
		if err := collect(string(text), found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// collect adds the modules of packages that go list has printed.
func collect(text string, found map[string]*dependency) error {
	type listed struct {
		ImportPath string
		Imports    []string
		Module     *dependency // nil for the standard library
	}
	modules := map[string]string{} // of packages
	var all []listed
	for decoder := json.NewDecoder(strings.NewReader(text)); ; {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return err
		}
		if p.Module == nil {
			continue
		}
		all = append(all, p)
		modules[p.ImportPath] = p.Module.Path
		if found[p.Module.Path] == nil {
			p.Module.uses = map[string]bool{}
			found[p.Module.Path] = p.Module
		}
	}
	for _, p := range all {
		for _, imported := range p.Imports {
			if of := modules[imported]; of != "" && of != p.Module.Path {
				found[p.Module.Path].uses[of] = true
			}
		}
	}
	return nil
}

// inOrder are dependencies by path.
func inOrder(found map[string]*dependency) []*dependency {
	return slices.SortedFunc(maps.Values(found), func(a, b *dependency) int { return cmp.Compare(a.Path, b.Path) })
}

// ours reports whether it is a module of this repository.
func (d *dependency) ours() bool { return d.Main || d.Replace != nil && d.Replace.Version == "" }
