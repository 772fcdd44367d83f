package main

import (
	"log"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	isc = "ISC License\n\nCopyright (c) 2026 Adele Vance\n\n" +
		"Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted, " +
		"provided that the above copyright notice and this permission notice appear in all copies.\n\n" +
		"THE SOFTWARE IS PROVIDED \"AS IS\" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED " +
		"WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL " +
		"DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER " +
		"TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.\n"
	gpl = "This program is free software: you can redistribute it and/or modify it under the terms of the GNU General Public License " +
		"as published by the Free Software Foundation, either version 3 of the License, or (at your option) any later version.\n"
	own = "You may use this on Tuesdays, if you send the author a postcard of a bridge, and on other days if it rains where you are.\n"
)

func TestLicencesAreRecognised(t *testing.T) {
	for name, want := range map[string]struct {
		files    map[string]string
		licences []string
	}{
		"one":               {map[string]string{"LICENSE": isc}, []string{"ISC"}},
		"elsewhere":         {map[string]string{"COPYING.md": isc, "license.go": "package license\n", "README.md": gpl}, []string{"ISC"}},
		"two":               {map[string]string{"LICENCE": isc, "LICENSE.GPL": gpl}, []string{"GPL-3.0-or-later", "ISC"}},
		"none":              {map[string]string{"README.md": isc}, []string{unknown}},
		"words of own":      {map[string]string{"LICENSE": own}, []string{unknown}},
		"and more":          {map[string]string{"LICENSE": isc + strings.Repeat(own, 5)}, []string{unknown}},
		"one names another": {map[string]string{"LICENSE": isc + "The logo: https://creativecommons.org/licenses/by/4.0/\n"}, []string{"ISC"}},
	} {
		t.Run(name, func(t *testing.T) {
			found, err := library(t, want.files).licences()
			require.NoError(t, err)
			require.Equal(t, want.licences, found)
		})
	}
}

func TestLicencesThatBindOthersAreRefused(t *testing.T) {
	var out strings.Builder
	err := judge(log.New(&out, "", 0), map[string]*dependency{
		"a": library(t, map[string]string{"LICENSE": isc}), "b": library(t, map[string]string{"LICENSE": isc, "COPYING": gpl}), "c": library(t, nil),
	})
	require.ErrorContains(t, err, "its licence is GPL-3.0-or-later")
	require.ErrorContains(t, err, "its licence is unknown")
	require.Equal(t, 2, strings.Count(err.Error(), "its licence is"))
	require.Equal(t, "   1  GPL-3.0-or-later and ISC\n   1  ISC\n   1  unknown\n", out.String())
}

func library(t *testing.T, files map[string]string) *dependency {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	return &dependency{Path: "example.com/library", Version: "v1.0.0", Dir: dir}
}
