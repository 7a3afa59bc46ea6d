// Command koperasi keeps the books of a sharia cooperative for a year: it reads
// a folder of CSV files, carries out every row through the library, shares the
// profit of every month, closes the year and prints its statements. Without -in
// it keeps the year of a made-up cooperative that is built in.
//
//	folder --yearfolder--> rows --year--> book --year--> CSV, hledger, statements
//
// year/run.go is the year, day by day.
package main

import (
	"context"
	"embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/mizan-coop/mizan/examples/koperasi/outfolder"
	"github.com/mizan-coop/mizan/examples/koperasi/year"
	"github.com/mizan-coop/mizan/examples/koperasi/yearfolder"
	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/report"
)

// melati is the built-in year of a made-up cooperative.
//
//go:embed melati/in
var melati embed.FS

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run returns the exit status: 0 for a year whose books are kept, 1 for a
// faulty folder with a message a fault on stderr, or if anything else fails, 2
// for wrong arguments.
func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("koperasi", flag.ContinueOnError)
	flags.SetOutput(stderr)
	in := flags.String("in", "", "`DIR` of the year's CSV files (default: the built-in year)")
	out := flags.String("out", "", "`DIR` to write the results to (default: none, print only)")
	english := flags.Bool("english", false, "print the statements in English")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(stderr, "koperasi: unexpected argument %q\n", flags.Arg(0))
		return 2
	}
	language := report.Indonesian
	if *english {
		language = report.English
	}
	line := newProgress(stderr)
	err := keep(context.Background(), job{*in, *out, language, stdout, line})
	line.done()
	var faults yearfolder.Faults
	switch {
	case errors.As(err, &faults):
		fmt.Fprintln(stderr, faults.Error())
		return 1
	case err != nil:
		fmt.Fprintf(stderr, "koperasi: %v\n", err)
		return 1
	}
	return 0
}

// job is what the command line asks for.
type job struct {
	in, out  string
	language report.Language
	stdout   io.Writer
	line     *progress
}

// keep keeps a folder's year, checks the books, writes the files and prints
// the statements. Its error may be [yearfolder.Faults]; then nothing is written.
func keep(ctx context.Context, j job) error {
	files, err := input(j.in)
	if err != nil {
		return err
	}
	if j.in != "" && sameFolder(j.in, j.out) {
		return fmt.Errorf("the results would replace the input in %s", j.in)
	}
	j.line.say("reading")
	folder, faults := year.Read(files)
	if len(faults) > 0 {
		return faults
	}
	y, faults, err := year.Keep(ctx, ledger.NewMemory(), folder, j.line.say)
	if err != nil {
		return err
	}
	if len(faults) > 0 {
		return faults
	}
	j.line.say("checking the books")
	if err := y.Check(ctx); err != nil {
		return err
	}
	if j.out != "" {
		j.line.say("writing")
		if err := outfolder.Write(j.out, y.Files(ctx)); err != nil {
			return err
		}
	}
	reports, err := y.Statements(ctx)
	if err != nil {
		return err
	}
	j.line.done()
	return year.Print(j.stdout, j.language, reports)
}

func input(dir string) (fs.FS, error) {
	if dir == "" {
		return fs.Sub(melati, "melati/in")
	}
	if info, err := os.Stat(dir); err != nil {
		return nil, err
	} else if !info.IsDir() {
		return nil, fmt.Errorf("%s is not a folder", dir)
	}
	return os.DirFS(dir), nil
}

// sameFolder reports whether two names are of one folder that exists.
func sameFolder(a, b string) bool {
	one, err := os.Stat(a)
	if err != nil {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}
