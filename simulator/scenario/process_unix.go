//go:build unix

package scenario

import (
	"os"
	"os/exec"
	"syscall"
)

// asGroup has a program end together with those it has started itself, as
// runners of scripts do.
func asGroup(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error {
		if err := syscall.Kill(-command.Process.Pid, syscall.SIGTERM); err != nil {
			return os.ErrProcessDone
		}
		return nil
	}
}
