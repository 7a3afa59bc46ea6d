// Command koperasi keeps the books of a cooperative for a year: it reads a
// folder of CSV files and checks it. Without -in it reads the year of a made-up
// cooperative that is built in.
package main

import (
	"embed"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/mizan-coop/mizan/examples/koperasi/yearfolder"
)

// melati is the built-in year of a made-up cooperative.
//
//go:embed melati/in
var melati embed.FS

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run returns the exit status: 0 for a sound folder, 1 for a faulty one with
// a message a fault on stderr, 2 for wrong arguments.
func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("koperasi", flag.ContinueOnError)
	flags.SetOutput(stderr)
	in := flags.String("in", "", "`DIR` of the year's CSV files (default: the built-in year)")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(stderr, "koperasi: unexpected argument %q\n", flags.Arg(0))
		return 2
	}
	files, err := input(*in)
	if err != nil {
		fmt.Fprintf(stderr, "koperasi: %v\n", err)
		return 1
	}
	folder, faults := yearfolder.Read(files)
	if len(faults) > 0 {
		fmt.Fprintln(stderr, faults.Error())
		return 1
	}
	c := folder.Cooperative
	fmt.Fprintf(stdout, "%s, %s to %s: %d members, %d savings rows, %d contracts with %d events, %d journal entries: no faults\n",
		c.Name, c.FirstDay, c.LastDay, len(folder.Members), len(folder.Savings), len(folder.Contracts), len(folder.Events), len(folder.Journal))
	return 0
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
