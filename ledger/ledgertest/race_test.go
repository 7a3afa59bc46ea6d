//go:build race

package ledgertest_test

// raced says that the race detector runs, which makes all slower many times.
const raced = true
