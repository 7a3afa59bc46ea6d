//go:build unix

package ledger_test

import (
	"syscall"
	"time"
)

// spent is the processor time that the process has used, the garbage
// collector's included: what others run at the same time is not in it.
func spent() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return time.Since(began)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
