// Package outfolder writes the results of a year into a folder: all files or,
// when one of them cannot be made, none.
package outfolder

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"math/big"
	"os"
	"path/filepath"

	"github.com/mizan-coop/mizan/ledger"
)

// File is one file to be written. Its content is written when it is asked for,
// so that a large one never stands in memory as a whole.
type File struct {
	Name  string // a plain name, without folders
	Write func(io.Writer) error
}

// Table is the content of a CSV file.
type Table struct {
	Name   string
	Header []string
	// Rows gives every row to add, cell by cell as the header names them.
	Rows func(add func(cells ...string) error) error
}

// File returns the table as UTF-8 CSV: a header line, commas, RFC 4180
// quoting, LF line ends. A row whose width differs from the header's is an error.
func (t Table) File() File {
	return File{Name: t.Name, Write: func(w io.Writer) error {
		out := csv.NewWriter(w)
		rows := 0
		add := func(cells ...string) error {
			if len(cells) != len(t.Header) {
				return fmt.Errorf("row %d has %d fields, want %d", rows, len(cells), len(t.Header))
			}
			rows++
			return out.Write(cells)
		}
		if err := add(t.Header...); err != nil {
			return err
		}
		if err := t.Rows(add); err != nil {
			return err
		}
		out.Flush()
		return out.Error()
	}}
}

// Amount returns rupiah with exactly two decimals, such as "1234.00".
func Amount(m ledger.Money) (string, error) {
	if err := m.Err(); err != nil {
		return "", err
	}
	return ledger.IDR.Format(m), nil
}

// Days returns balance-days in rupiah-days with exactly two decimals, such as
// "31000.50".
func Days(d ledger.BalanceDays) (string, error) {
	if err := d.Err(); err != nil {
		return "", err
	}
	return new(big.Rat).SetFrac(d.Big(), big.NewInt(ledger.IDR.Of(1).Minor())).FloatString(ledger.IDR.Digits()), nil
}

// Write puts all files into the folder dir, which is made if it is not there;
// other files in it stay. The files are first written in full beside the
// folder. Only when all of them are safe there are they moved into place, so
// that a full disk or a missing right changes nothing. A failing move puts the
// files that were replaced back.
func Write(dir string, files []File) (err error) {
	if err := checkNames(files); err != nil {
		return err
	}
	dir, err = filepath.Abs(dir)
	if err != nil {
		return fmt.Errorf("outfolder: %w", err)
	}
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o777); err != nil {
		return fmt.Errorf("outfolder: %w", err)
	}
	temporary, err := os.MkdirTemp(parent, "."+filepath.Base(dir)+"-")
	if err != nil {
		return fmt.Errorf("outfolder: %w", err)
	}
	defer os.RemoveAll(temporary) // holds nothing of worth any more
	fresh, old := filepath.Join(temporary, "new"), filepath.Join(temporary, "old")
	for _, d := range []string{fresh, old} {
		if err := os.Mkdir(d, 0o777); err != nil {
			return fmt.Errorf("outfolder: %w", err)
		}
	}
	for _, file := range files {
		if err := writeFile(filepath.Join(fresh, file.Name), file.Write); err != nil {
			return fmt.Errorf("outfolder: %s: %w", file.Name, err)
		}
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("outfolder: %w", err)
	}
	if err := moveAll(files, fresh, dir, old); err != nil {
		return fmt.Errorf("outfolder: %w", err)
	}
	return nil
}

func checkNames(files []File) error {
	seen := map[string]bool{}
	for _, file := range files {
		if file.Name == "." || !filepath.IsLocal(file.Name) || filepath.Base(file.Name) != file.Name {
			return fmt.Errorf("outfolder: %q is not a plain file name", file.Name)
		}
		if seen[file.Name] {
			return fmt.Errorf("outfolder: two files of the name %q", file.Name)
		}
		seen[file.Name] = true
	}
	return nil
}

// writeFile writes and syncs, so that a move never puts an empty file in place
// of a good one after a power cut.
func writeFile(path string, write func(io.Writer) error) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(file, 1<<16)
	err = write(buffered)
	if err == nil {
		err = buffered.Flush()
	}
	if err == nil {
		err = file.Sync()
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	return err
}

// moveAll moves the files from fresh into dir and keeps what they replace in old.
func moveAll(files []File, fresh, dir, old string) error {
	for i, file := range files {
		err := moveOne(file.Name, fresh, dir, old)
		if err == nil {
			continue
		}
		for _, done := range files[:i] {
			if undo := moveBack(done.Name, dir, old); undo != nil {
				return fmt.Errorf("%w; %s stays new, as putting the old one back failed: %w", err, done.Name, undo)
			}
		}
		return err
	}
	return nil
}

func moveOne(name, fresh, dir, old string) error {
	target := filepath.Join(dir, name)
	info, err := os.Lstat(target)
	switch {
	case err == nil && !info.Mode().IsRegular():
		return fmt.Errorf("%s is not a regular file", target)
	case err == nil:
		// A copy, not a move: the target itself is never absent.
		if err := copyFile(target, filepath.Join(old, name)); err != nil {
			return err
		}
	case !os.IsNotExist(err):
		return err
	}
	return os.Rename(filepath.Join(fresh, name), target)
}

func copyFile(from, to string) error {
	file, err := os.Open(from)
	if err != nil {
		return err
	}
	defer file.Close() // only read from, so closing cannot lose anything
	return writeFile(to, func(w io.Writer) error {
		_, err := io.Copy(w, file)
		return err
	})
}

func moveBack(name, dir, old string) error {
	target, kept := filepath.Join(dir, name), filepath.Join(old, name)
	if _, err := os.Lstat(kept); os.IsNotExist(err) {
		return os.Remove(target)
	}
	return os.Rename(kept, target)
}
