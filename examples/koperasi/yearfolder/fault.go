package yearfolder

import (
	"fmt"
	"slices"
	"strings"
)

// Place is where something stands: the file's name and the line, from 1, on
// which its row begins.
type Place struct {
	File string
	Line int
}

// Faultf returns a fault at this place. It serves the run as well: a row that a
// rule refuses is reported where it was read.
func (p Place) Faultf(format string, args ...any) Fault {
	return Fault{Place: p, Text: fmt.Sprintf(format, args...)}
}

// Fault is one thing that is wrong with a year folder.
type Fault struct {
	Place
	Text string // what is wrong and which value
}

// Error returns FILE:LINE: text, on one line.
func (f Fault) Error() string { return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Text) }

// Faults are all the things that are wrong, in the order of the files of
// [Files] and of their lines.
type Faults []Fault

// Error returns one line a fault.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, fault := range f {
		lines[i] = fault.Error()
	}
	return strings.Join(lines, "\n")
}

// Sort puts faults in the order of the files and of their lines; faults of one
// line keep their order. The run uses it to report its own faults the same way.
func (f Faults) Sort() {
	order := map[string]int{}
	for i, name := range Files() {
		order[name] = i
	}
	slices.SortStableFunc(f, func(a, b Fault) int {
		if a.File != b.File {
			return order[a.File] - order[b.File]
		}
		return a.Line - b.Line
	})
}
