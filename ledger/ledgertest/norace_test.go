//go:build !race

package ledgertest_test

// raced says that the race detector does not run.
const raced = false
