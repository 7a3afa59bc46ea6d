//go:build !unix

package ledger_test

import "time"

// spent is the time that has passed.
func spent() time.Duration { return time.Since(began) }
