package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/google/licensecheck"
)

// allowed are the licences, by their SPDX names, that leave those who import
// these modules free to license what they make as they like.
func allowed() []string {
	return []string{
		"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT",
		"MPL-2.0", // asks for changes to its own files alone
	}
}

const (
	unknown = "unknown"
	// recognised is how much of a licence's file must be the licence's own words;
	// the rest is names and years.
	recognised = 75
)

// checkLicences looks at the dependencies of all modules, tests and all.
func (r repository) checkLicences(ctx context.Context, out *log.Logger) error {
	modules, err := r.modules()
	if err != nil {
		return err
	}
	all := map[string]*dependency{}
	for _, m := range modules {
		found, err := dependencies(ctx, r.dir(m), true)
		if err != nil {
			return fmt.Errorf("%s: %w", m.path, err)
		}
		for _, d := range found {
			if !d.ours() {
				all[d.Path+"@"+d.Version] = d
			}
		}
	}
	return judge(out, all)
}

// judge prints how often each licence is there, and returns an error that names
// whom it does not let in.
func judge(out *log.Logger, all map[string]*dependency) error {
	counts := map[string]int{}
	var refused []error
	for _, d := range inOrder(all) {
		licences, err := d.licences()
		if err != nil {
			return err
		}
		counts[strings.Join(licences, " and ")]++
		for _, licence := range licences {
			if !slices.Contains(allowed(), licence) {
				refused = append(refused, fmt.Errorf("%s %s: its licence is %s: see %s", d.Path, d.Version, licence, d.Dir))
			}
		}
	}
	for _, licence := range slices.Sorted(maps.Keys(counts)) {
		out.Printf("%4d  %s", counts[licence], licence)
	}
	return errors.Join(refused...)
}

var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|unlicense)([-._].*)?$`)

// licences are those of the files a module has for them, in order; unknown
// stands for a file whose words are mostly others, and for there being none.
func (d *dependency) licences() ([]string, error) {
	entries, err := os.ReadDir(d.Dir)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.Path, err)
	}
	var found []string
	for _, entry := range entries {
		if entry.IsDir() || !licenceFile.MatchString(entry.Name()) || filepath.Ext(entry.Name()) == ".go" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(d.Dir, entry.Name()))
		if err != nil {
			return nil, err
		}
		found = append(found, licencesIn(text)...)
	}
	if len(found) == 0 {
		return []string{unknown}, nil
	}
	slices.SortFunc(found, cmp.Compare)
	return slices.Compact(found), nil
}

func licencesIn(text []byte) []string {
	coverage := licensecheck.Scan(text)
	var found []string
	for _, match := range coverage.Match {
		if !match.IsURL {
			found = append(found, match.ID)
		}
	}
	if coverage.Percent < recognised || len(found) == 0 {
		return []string{unknown}
	}
	return found
}
