package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

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
	taken := must(net.Listen("tcp", "127.0.0.1:0"))
	defer taken.Close()
	var nothing strings.Builder
	require.Error(t, run(t.Context(), []string{"-addr", taken.Addr().String()}, &nothing, io.Discard, still))
	require.Empty(t, nothing.String(), "before the data is made")
	require.NoError(t, run(t.Context(), []string{"-h"}, io.Discard, io.Discard, still))
}

// TestToldToEnd: a request that is running when the program is told to end is
// carried out and answered.
func TestToldToEnd(t *testing.T) {
	_, file := sqliteFiles.open(t, 1)
	h := watch(t, "", file)
	before := h.balance("K001", "M0001", voluntary)
	ctx, cancel := context.WithCancel(t.Context())
	out, stdout := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, []string{"-addr", "127.0.0.1:0", "-db", file}, stdout, io.Discard, still) }()
	lines := bufio.NewScanner(out)
	require.True(t, lines.Scan())

	writer, err := h.app.db.Conn(t.Context()) // another one writes, and the request waits
	require.NoError(t, err)
	_, err = writer.ExecContext(t.Context(), "BEGIN IMMEDIATE")
	require.NoError(t, err)
	request := must(http.NewRequest(http.MethodPost, lines.Text()+"koperasi/K001/anggota/M0001/setoran",
		strings.NewReader(formOf(key("k"), "produk", voluntary, "jumlah", "50.000").Encode())))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answered := make(chan int, 1)
	sent := make(chan struct{})
	trace := &httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) { close(sent) }}
	go func() {
		response, err := http.DefaultTransport.RoundTrip(request.WithContext(httptrace.WithClientTrace(request.Context(), trace)))
		if err != nil {
			t.Error(err)
			close(answered)
			return
		}
		_ = response.Body.Close()
		answered <- response.StatusCode
	}()
	<-sent
	time.Sleep(200 * time.Millisecond) // for the server to read it
	cancel()
	time.Sleep(200 * time.Millisecond)
	select {
	case <-ended:
		t.Error("it did not wait")
	default:
	}
	_, err = writer.ExecContext(t.Context(), "COMMIT")
	require.NoError(t, err)
	require.NoError(t, writer.Close())
	require.Equal(t, http.StatusSeeOther, <-answered)
	require.NoError(t, <-ended)
	require.Equal(t, before.Add(idr(50_000)), h.balance("K001", "M0001", voluntary))
	h.sound()
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
