package ledger

import (
	"errors"
	"fmt"
	"strings"
)

// ErrName marks text that is none of the names it must be one of.
var ErrName = errors.New("ledger: unknown name")

// NameError says which text names none of the known kinds, sides, phases and
// so on, and lists the names that would do. It matches [ErrName].
type NameError struct {
	What string   // what should have been named, such as "account kind"
	Text string   // what was given, clipped
	Want []string // the names that exist
}

// Error names what was given and what would do, in one line.
func (e *NameError) Error() string {
	return fmt.Sprintf("ledger: unknown %s %q, want one of: %s", e.What, e.Text, strings.Join(e.Want, ", "))
}

// Is reports whether target is [ErrName].
func (e *NameError) Is(target error) bool { return target == ErrName }

// nameSet gives the values of a small enumeration their names: list[i] is the
// name of value i. Values below first have no name in text, so the zero value
// of a type that must be stated can neither be written nor read.
type nameSet struct {
	what  string
	first uint8
	list  []string
}

func (s nameSet) has(n uint8) bool { return n >= s.first && int(n) < len(s.list) }

// text is for people; a value without a name shows its number.
func (s nameSet) text(n uint8) string {
	if s.has(n) {
		return s.list[n]
	}
	return fmt.Sprintf("%s(%d)", s.what, n)
}

// marshal refuses what parse could not read back.
func (s nameSet) marshal(n uint8) ([]byte, error) {
	if !s.has(n) {
		return nil, s.unknown(s.text(n))
	}
	return []byte(s.list[n]), nil
}

func (s nameSet) parse(text string) (uint8, error) {
	for i, name := range s.list {
		if i >= int(s.first) && name == text {
			return uint8(i), nil
		}
	}
	return 0, s.unknown(text)
}

func (s nameSet) unknown(text string) error {
	want := make([]string, 0, len(s.list))
	for _, name := range s.list[s.first:] {
		if name != "" {
			want = append(want, name)
		}
	}
	return &NameError{What: s.what, Text: clip(text), Want: want}
}
