// Package outfolder writes the results of a year into a folder: all files or,
// when one of them cannot be made, none.
package outfolder

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"

	"github.com/mizan-coop/mizan/ledger"
)

// File is one file to be written.
type File struct {
	Name string // a plain name, without folders
	Data []byte
}

// Table is the content of a CSV file.
type Table struct {
	Name   string
	Header []string
	Rows   [][]string
}

// File returns the table as UTF-8 CSV: a header line, commas, RFC 4180
// quoting, LF line ends. A row whose width differs from the header's is an error.
func (t Table) File() (File, error) {
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	for i, row := range append([][]string{t.Header}, t.Rows...) {
		if len(row) != len(t.Header) {
			return File{}, fmt.Errorf("outfolder: %s: row %d has %d fields, want %d", t.Name, i, len(row), len(t.Header))
		}
		if err := out.Write(row); err != nil {
			return File{}, fmt.Errorf("outfolder: %s: row %d: %w", t.Name, i, err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return File{}, fmt.Errorf("outfolder: %s: %w", t.Name, err)
	}
	return File{Name: t.Name, Data: b.Bytes()}, nil
}

// Amount returns rupiah with exactly two decimals, such as "1234.00".
func Amount(m ledger.Money) (string, error) {
	if err := m.Err(); err != nil {
		return "", err
	}
	return ledger.IDR.Format(m), nil
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
		if err := writeFile(filepath.Join(fresh, file.Name), file.Data); err != nil {
			return fmt.Errorf("outfolder: %w", err)
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
func writeFile(path string, data []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
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
		content, err := os.ReadFile(target)
		if err != nil {
			return err
		}
		if err := writeFile(filepath.Join(old, name), content); err != nil {
			return err
		}
	case !os.IsNotExist(err):
		return err
	}
	return os.Rename(filepath.Join(fresh, name), target)
}

func moveBack(name, dir, old string) error {
	target, kept := filepath.Join(dir, name), filepath.Join(old, name)
	if _, err := os.Lstat(kept); os.IsNotExist(err) {
		return os.Remove(target)
	}
	return os.Rename(kept, target)
}
