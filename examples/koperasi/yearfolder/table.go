package yearfolder

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"
)

// table is one file whose header is understood.
type table struct {
	form   form
	faults *Faults
	at     map[string]int // column name to its position
	rows   []*row
	// partial says that rows are missing altogether, so nothing can be said
	// about what the file lacks.
	partial bool
	// absent says that an optional file is not there.
	absent bool
	// stray holds the cells of rows that cannot be read. What they name may
	// well have been defined or used there.
	stray map[string]bool
}

// readTable reads a file and reports what is wrong with its form.
func readTable(fsys fs.FS, form form, faults *Faults) *table {
	t := &table{form: form, faults: faults, at: map[string]int{}, stray: map[string]bool{}}
	data, err := readFile(fsys, form.file, MaxFileSize)
	if err != nil {
		if t.absent = form.optional && errors.Is(err, fs.ErrNotExist); !t.absent {
			t.partial = true
			t.faultf(1, "%s", reason(err))
		}
		return t
	}
	all := records(data)
	if len(all) == 0 {
		t.partial = true
		t.faultf(1, "the file is empty, want a header line: %s", form.header())
		return t
	}
	if header := all[0]; !t.readHeader(header) {
		t.partial = true
		return t
	}
	for _, record := range all[1:] {
		t.add(record, len(all[0].cells))
	}
	return t
}

// readFile reads a file of at most a number of bytes.
func readFile(fsys fs.FS, name string, most int64) ([]byte, error) {
	file, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close() // only read from, so closing cannot lose anything
	data, err := io.ReadAll(io.LimitReader(file, most+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > most {
		return nil, fmt.Errorf("the file is larger than %d bytes", most)
	}
	return data, nil
}

// reason leaves out the path, which the message begins with already.
func reason(err error) string {
	var wrong *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "the file is missing"
	case errors.As(err, &wrong):
		return "the file cannot be read: " + wrong.Err.Error()
	}
	return err.Error()
}

// readHeader reports whether every required column is there once. An unknown
// column is a fault, but the rows can still be checked.
func (t *table) readHeader(header record) bool {
	if header.broken != "" {
		t.faultf(header.line, "header line: %s", header.broken)
		return false
	}
	complete := true
	for i, name := range header.cells {
		_, seen := t.at[name]
		switch {
		case seen:
			t.faultf(header.line, "column %s stands twice", quote(name))
			complete = false
		case !slices.ContainsFunc(t.form.columns, func(c column) bool { return c.name == name }):
			t.faultf(header.line, "unknown column %s, want %s", quote(name), t.form.header())
		default:
			t.at[name] = i
		}
	}
	for _, c := range t.form.columns {
		if _, there := t.at[c.name]; !there && !c.optional {
			t.faultf(header.line, "column %s is missing", quote(c.name))
			complete = false
		}
	}
	return complete
}

func (t *table) add(r record, width int) {
	if r.broken == "" && len(r.cells) != width {
		r.broken = fmt.Sprintf("%d fields, the header has %d: %s", len(r.cells), width, quote(strings.Join(r.cells, ",")))
	}
	if r.broken != "" {
		t.faultf(r.line, "%s", r.broken)
		t.lose(r.cells...)
		return
	}
	t.rows = append(t.rows, &row{table: t, Place: Place{t.form.file, r.line}, cells: r.cells})
}

// lose remembers what a row that cannot be used may have named.
func (t *table) lose(names ...string) {
	for _, name := range names {
		t.stray[name] = true
	}
}

// mayHold reports whether the part of the file that cannot be used may name it.
func (t *table) mayHold(name string) bool { return t.partial || t.stray[name] }

// incomplete reports whether any part of the file cannot be used.
func (t *table) incomplete() bool { return t.partial || len(t.stray) > 0 }

func (t *table) faultf(line int, format string, args ...any) {
	*t.faults = append(*t.faults, Place{t.form.file, line}.Faultf(format, args...))
}

func (f form) header() string {
	names := make([]string, len(f.columns))
	for i, c := range f.columns {
		names[i] = c.name
	}
	return strings.Join(names, ",")
}

// quote shows a value from outside in a message: on one line, and short,
// however long the field is.
func quote(text string) string {
	const most = 60
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "..."
	}
	return strconv.Quote(text)
}
