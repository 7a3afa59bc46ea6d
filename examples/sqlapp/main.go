// Command sqlapp is a small host application with the books of many sharia
// cooperatives inside it: web pages, tables of its own, and the books in the
// same database. Every request that changes something is one SQL transaction
// with the application's rows and the books. README.md says where to look.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr, time.Now); err != nil {
		fmt.Fprintln(os.Stderr, "sqlapp:", err)
		os.Exit(1)
	}
}

// options are the command line's.
type options struct {
	addr, file, dsn string
	demo, check     bool
	seed            uint64
	count           int
}

func readOptions(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("sqlapp", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.addr, "addr", "127.0.0.1:8080", "address to serve on; port 0 picks a free one")
	flags.StringVar(&o.file, "db", "", "SQLite file; empty for one that is removed at the end")
	flags.StringVar(&o.dsn, "dsn", "", "PostgreSQL connection, instead of SQLite")
	flags.BoolVar(&o.demo, "demo", true, "fill an empty database with demonstration data")
	flags.Uint64Var(&o.seed, "seed", 1, "seed of the demonstration data")
	flags.IntVar(&o.count, "coops", demoCity, "cooperatives in the demonstration data")
	flags.BoolVar(&o.check, "check", false, "check books and tables against each other, and end")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	return o, nil
}

// run is the program with everything from outside handed in.
func run(ctx context.Context, args []string, stdout, stderr io.Writer, clock clock) (err error) {
	o, err := readOptions(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	if o.file == "" && o.dsn == "" {
		folder, err := os.MkdirTemp("", "sqlapp")
		if err != nil {
			return err
		}
		defer os.RemoveAll(folder)
		o.file = filepath.Join(folder, "koperasi.db")
	}
	db, err := openDatabase(ctx, o.dsn, o.file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	a, err := newApp(db, clock, slog.New(slog.NewTextHandler(stderr, nil)))
	if err != nil {
		return err
	}
	if o.check {
		return a.printFindings(ctx, stdout)
	}
	listener, err := net.Listen("tcp", o.addr) // an address that is taken is told before the data is made
	if err != nil {
		return err
	}
	defer listener.Close() // for the second time, where it was served
	if o.demo {
		if err := a.fill(ctx, o.seed, o.count, progress(stdout, clock)); err != nil {
			return err
		}
	}
	fmt.Fprintf(stdout, "http://%s/\n", listener.Addr())
	return a.serve(ctx, listener)
}

// progress prints how far the demonstration data is.
func progress(w io.Writer, clock clock) func(done, of int) {
	began, first := clock(), true
	return func(done, of int) {
		switch {
		case first:
			first = false
			fmt.Fprintf(w, "Menyiapkan data peragaan, %d koperasi ...\n", of-done)
		case done == of:
			fmt.Fprintf(w, "Data peragaan siap, %.0f detik.\n", clock().Sub(began).Seconds())
		case done%50 == 0:
			fmt.Fprintf(w, "  %d dari %d\n", done, of)
		}
	}
}
