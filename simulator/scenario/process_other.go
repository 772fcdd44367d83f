//go:build !unix

package scenario

import "os/exec"

// asGroup leaves programs alone: where there are no groups they are killed one
// by one.
func asGroup(*exec.Cmd) {}
