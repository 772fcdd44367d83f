package main

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"log"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/CycloneDX/cyclonedx-go"
)

// writeBOMs writes a bill of materials for each published module into a folder:
// what it is compiled with, at which versions, under which licences. The same
// modules come to the same text.
func (r repository) writeBOMs(ctx context.Context, out *log.Logger, folder string) error {
	modules, err := r.published()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // it is for everybody
		return err
	}
	for _, m := range modules {
		bill, err := r.bill(ctx, m)
		if err != nil {
			return err
		}
		name := strings.ReplaceAll(strings.TrimPrefix(m.path, path.Dir(modules[0].path)+"/"), "/", "-") + ".cdx.json"
		file, err := os.Create(filepath.Join(folder, name)) //nolint:gosec // where the caller wants it
		if err != nil {
			return err
		}
		err = cyclonedx.NewBOMEncoder(file, cyclonedx.BOMFileFormatJSON).SetPretty(true).Encode(bill)
		if closing := file.Close(); err == nil {
			err = closing
		}
		if err != nil {
			return err
		}
		out.Printf("%s: %d components", file.Name(), len(*bill.Components))
	}
	return nil
}

// bill is what a module is compiled with.
func (r repository) bill(ctx context.Context, m module) (*cyclonedx.BOM, error) {
	version, err := r.version(ctx, m)
	if err != nil {
		return nil, err
	}
	found, err := dependencies(ctx, r.dir(m), false)
	if err != nil {
		return nil, err
	}
	for _, d := range found {
		if d.ours() { // a release of any of them has the root's licence in it
			d.Version, d.Dir = version, string(r)
		}
	}
	bill := cyclonedx.NewBOM()
	components, edges := []cyclonedx.Component{}, []cyclonedx.Dependency{}
	for _, d := range inOrder(found) {
		c, err := d.component()
		if err != nil {
			return nil, err
		}
		if d.Path == m.path {
			bill.Metadata = &cyclonedx.Metadata{Component: &c}
		} else {
			components = append(components, c)
		}
		var uses []string
		for _, used := range slices.Sorted(maps.Keys(d.uses)) {
			uses = append(uses, found[used].url())
		}
		edges = append(edges, cyclonedx.Dependency{Ref: d.url(), Dependencies: &uses})
	}
	bill.Components, bill.Dependencies = &components, &edges
	return bill, nil
}

// url names a module to everybody: its package URL.
func (d *dependency) url() string { return "pkg:golang/" + d.Path + "@" + d.Version }

func (d *dependency) component() (cyclonedx.Component, error) {
	c := cyclonedx.Component{
		BOMRef: d.url(), PackageURL: d.url(), Type: cyclonedx.ComponentTypeLibrary, Name: d.Path, Version: d.Version,
	}
	licences, err := d.licences()
	if err != nil {
		return c, err
	}
	chosen := cyclonedx.Licenses{}
	for _, licence := range licences {
		choice := &cyclonedx.License{ID: licence}
		if licence == unknown { // which is no SPDX name
			choice = &cyclonedx.License{Name: licence}
		}
		chosen = append(chosen, cyclonedx.LicenseChoice{License: choice})
	}
	c.Licenses = &chosen
	// The sum in go.sum is the SHA-256 of a list of the module's files.
	if text, ok := strings.CutPrefix(d.Sum, "h1:"); ok {
		sum, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return c, fmt.Errorf("%s: its sum: %w", d.Path, err)
		}
		c.Hashes = &[]cyclonedx.Hash{{Algorithm: cyclonedx.HashAlgoSHA256, Value: hex.EncodeToString(sum)}}
	}
	return c, nil
}
