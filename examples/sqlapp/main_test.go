package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
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

// TestRun is the program itself: it fills a database, serves, and ends in
// order when it is told to.
func TestRun(t *testing.T) {
	file := filepath.Join(t.TempDir(), "koperasi 1 #2?.db") // a name is a name, whatever signs it has
	ctx, cancel := context.WithCancel(t.Context())
	out, stdout := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{"-addr", "127.0.0.1:0", "-db", file, "-coops", "1"}, stdout, io.Discard, still)
	}()
	lines := bufio.NewScanner(out)
	require.True(t, lines.Scan())
	require.True(t, lines.Scan())
	require.Contains(t, lines.Text(), "Data peragaan siap")
	require.True(t, lines.Scan())
	r, err := send(t.Context(), http.MethodGet, lines.Text()+"kantor", nil)
	require.NoError(t, err)
	require.Contains(t, r.body, "KSPPS Melati Jaya")
	cancel()
	require.NoError(t, <-ended)
	require.FileExists(t, file)

	var printed strings.Builder
	require.NoError(t, run(t.Context(), []string{"-db", file, "-check"}, &printed, io.Discard, still))
	require.Equal(t, "Pembukuan dan tabel sesuai.\n", printed.String(), "a check fills nothing")
	require.Contains(t, startedAgain(t, file), "http://", "data that is there is not prepared again")
	for _, wrong := range [][]string{{"-x"}, {"extra"}, {"-demo=false", "-addr", "nowhere:-1"}, {"-dsn", "host=/nonexistent"}} {
		require.Error(t, run(t.Context(), wrong, io.Discard, io.Discard, still), wrong)
	}
	require.NoError(t, run(t.Context(), []string{"-h"}, io.Discard, io.Discard, still))
}

// startedAgain is the first line that the program prints on a file with data.
func startedAgain(t *testing.T, file string) string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, stdout := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, []string{"-addr", "127.0.0.1:0", "-db", file}, stdout, io.Discard, still) }()
	lines := bufio.NewScanner(out)
	require.True(t, lines.Scan())
	cancel()
	require.NoError(t, <-ended)
	return lines.Text()
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
