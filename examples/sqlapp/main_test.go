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
	code := m.Run()
	server.stop()
	os.Exit(code)
}
