package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
)

// childArgs are the arguments with which the test's own program is the
// application: a process that can be killed.
const childArgs = "MIZAN_SQLAPP_CHILD"

func TestMain(m *testing.M) {
	if args := os.Getenv(childArgs); args != "" {
		if err := run(context.Background(), strings.Split(args, "\n"), os.Stdout, os.Stderr, still); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(runTests(m))
}

func runTests(m *testing.M) int {
	folder, err := os.MkdirTemp("", "sqlapp-test")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	scratch = folder
	defer os.RemoveAll(folder)
	defer server.stop()
	return m.Run()
}
