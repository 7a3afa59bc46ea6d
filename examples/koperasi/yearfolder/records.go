package yearfolder

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// record is one row of a CSV file as it stands there.
type record struct {
	line   int      // where it begins, from 1
	cells  []string // if broken, the cells that can be made out
	broken string   // why it cannot be read, empty if it can
}

// records splits a file into its records. A broken record does not hide the
// ones after it: reading goes on at the next line.
func records(data []byte) []record {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	var all []record
	for line := 1; len(data) > 0; {
		read, rest := readRecords(data, line)
		all = append(all, read...)
		if rest == nil {
			break
		}
		line = all[len(all)-1].line + 1
		data = rest
	}
	return all
}

// readRecords reads until the end or until a quote runs over line ends into a
// fault. Such a quote was most likely never closed and swallowed good rows, so
// the rest that it returns begins at the line after the one where it opened.
func readRecords(data []byte, first int) (all []record, rest []byte) {
	in := csv.NewReader(bytes.NewReader(data))
	in.FieldsPerRecord = -1
	var offset int64 // where the record being read begins, empty lines before it included
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		var wrong *csv.ParseError
		if errors.As(err, &wrong) {
			raw, after := lineOf(data[offset:])
			all = append(all, record{line: first + wrong.StartLine - 1, cells: pieces(raw), broken: quoting(wrong.Err)})
			if wrong.Line > wrong.StartLine {
				return all, after
			}
			offset = in.InputOffset()
			continue
		}
		line, _ := in.FieldPos(0)
		all = append(all, legible(record{line: first + line - 1, cells: cells}))
		offset = in.InputOffset()
	}
}

// legible marks a record that is not UTF-8 as broken.
func legible(r record) record {
	for _, cell := range r.cells {
		if !utf8.ValidString(cell) {
			r.broken = "not UTF-8: " + quote(cell)
			return r
		}
	}
	return r
}

func quoting(err error) string {
	if errors.Is(err, csv.ErrBareQuote) {
		return "a quote inside a field that does not begin with one"
	}
	return "a quoted field that is not closed, or has text after its closing quote"
}

// lineOf returns the first line that is not empty, and what follows it.
func lineOf(data []byte) (line, rest []byte) {
	for len(data) > 0 {
		line, rest, _ = bytes.Cut(data, []byte("\n"))
		line = bytes.TrimSuffix(line, []byte("\r"))
		if len(line) > 0 {
			return line, rest
		}
		data = rest
	}
	return nil, nil
}

// pieces makes out the cells of a line whose quoting is broken.
func pieces(line []byte) []string {
	cells := strings.Split(string(line), ",")
	for i, cell := range cells {
		cells[i] = strings.Trim(cell, `"`)
	}
	return cells
}
