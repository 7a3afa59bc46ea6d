package sqlledger

import (
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ErrUnreadable marks a row that cannot be read: it was not written by this
// package.
var ErrUnreadable = errors.New("sqlledger: a row cannot be read")

// RowError says where in the database something stands that no book can have
// there, such as a word in a column of days. It matches [ErrUnreadable].
type RowError struct {
	Table  string
	Key    string // what is known of the row's key, as: seq 7, line_no 2
	Column string // empty if the columns do not go together
	Err    error  // what is wrong with it
}

func (e *RowError) Error() string {
	place := e.Table
	if e.Column != "" {
		place += "." + e.Column
	}
	return fmt.Sprintf("%s of (%s) cannot be read: %v", place, e.Key, e.Err)
}

// Is reports whether target is [ErrUnreadable].
func (e *RowError) Is(target error) bool { return target == ErrUnreadable }

// Unwrap returns what is wrong with the value.
func (e *RowError) Unwrap() error { return e.Err }

// result is one row of an answer.
type result struct {
	rows      *sql.Rows
	statement string
	args      []any
}

// Scan reads the row's columns, in their order. An error says which of them
// cannot be read.
func (r *result) Scan(into ...any) error {
	err := r.rows.Scan(into...)
	if err == nil {
		return nil
	}
	for i := range into { // which was it?
		alone := make([]any, len(into))
		for j := range alone {
			alone[j] = new(any)
		}
		alone[i] = into[i]
		if err := r.rows.Scan(alone...); err != nil {
			if inner := errors.Unwrap(err); inner != nil { // without the driver's name of the column
				err = inner
			}
			return r.unreadable(i, err)
		}
	}
	return err
}

// unreadable names the place of a column, by its number among the columns of
// the answer, -1 for the row.
func (r *result) unreadable(column int, err error) error {
	values := r.values()
	part := r.part(values)
	columns := part.columns()
	wrong := &RowError{Table: part.table(""), Err: err}
	alias := ""
	if column >= 0 && column < len(columns) {
		alias, wrong.Column = columns[column].alias, columns[column].name
		wrong.Table = part.table(alias)
	}
	known := make(map[string]bool)
	var key []string
	add := func(name, value string) {
		if !known[name] && isKey[name] {
			known[name] = true
			key = append(key, name+" "+value)
		}
	}
	for i, c := range columns {
		if i < len(values) && i != column && c.alias == alias {
			add(c.name, values[i])
		}
	}
	for _, join := range joins.FindAllStringSubmatch(string(part), -1) {
		if i := slices.Index(columns, selected{join[3], join[4]}); join[1] == alias && i >= 0 && i < len(values) {
			add(join[2], values[i])
		}
	}
	for _, asked := range equalities.FindAllStringSubmatch(string(part), -1) {
		if n, _ := strconv.Atoi(asked[2]); n <= len(r.args) {
			add(asked[1], shown(r.args[n-1]))
		}
	}
	wrong.Key = strings.Join(key, ", ")
	return wrong
}

// values are the row's columns as text.
func (r *result) values() []string {
	names, err := r.rows.Columns()
	if err != nil {
		return nil
	}
	raw, into := make([]any, len(names)), make([]any, len(names))
	for i := range raw {
		into[i] = &raw[i]
	}
	if err := r.rows.Scan(into...); err != nil {
		return nil
	}
	values := make([]string, len(raw))
	for i, v := range raw {
		values[i] = shown(v)
	}
	return values
}

// shown is a value for people: texts quoted, and none too long.
func shown(value any) string {
	const most = 60
	switch v := value.(type) {
	case []byte:
		return shown(string(v))
	case string:
		if len(v) > most {
			v = strings.ToValidUTF8(v[:most], "") + "..."
		}
		if !utf8.ValidString(v) {
			return fmt.Sprintf("%x", v)
		}
		return strconv.Quote(v)
	}
	return fmt.Sprint(value)
}

// part returns the statement, of one that unites several the one that the row
// is of, which its first column tells.
func (r *result) part(values []string) selection {
	parts := strings.Split(r.statement, "\nUNION ALL\n")
	for _, part := range parts {
		if len(values) > 0 && strings.HasPrefix(part, "SELECT "+values[0]) {
			return selection(part)
		}
	}
	return selection(parts[0])
}

// selection is the text of a SELECT, or of an UPDATE that returns columns.
type selection string

var (
	equalities = regexp.MustCompile(`(\w+) = \$(\d+)`)
	joins      = regexp.MustCompile(`\b([a-z])\.([a-z_]+) = ([a-z])\.([a-z_]+)\b`)
	firstTable = regexp.MustCompile(`mizan_\w+`)
	aliased    = regexp.MustCompile(`\b([a-z])\.([a-z_]+)\b`)
	plainName  = regexp.MustCompile(`()\b([a-z_]{2,})\b`)
	isKey      = map[string]bool{
		"change_no": true, "seq": true, "line_no": true, "code": true, "sub": true, "on_date": true, "phase": true,
		"idem_key": true, "kind": true, "id": true, "version": true,
	}
)

// table returns the table that an alias stands for; the first one without.
func (s selection) table(alias string) string {
	if alias != "" {
		if found := regexp.MustCompile(`(mizan_\w+) ` + alias + `\b`).FindStringSubmatch(string(s)); found != nil {
			return found[1]
		}
	}
	return firstTable.FindString(string(s))
}

// selected is what a selection selects at one place: the first column that the
// expression has, and its table's alias.
type selected struct{ alias, name string }

// columns returns the selected columns, in their order.
func (s selection) columns() []selected {
	_, list, returning := strings.Cut(string(s), "RETURNING ")
	if !returning {
		list = strings.TrimPrefix(string(s), "SELECT ")
	}
	var all []selected
	depth, from := 0, 0
	for i := range len(list) {
		switch c := list[i]; {
		case c == '(':
			depth++
		case c == ')':
			depth--
		case depth > 0:
		case c == ',':
			all = append(all, columnOf(list[from:i]))
			from = i + 1
		case strings.HasPrefix(list[i:], "FROM "):
			return append(all, columnOf(list[from:i]))
		}
	}
	return append(all, columnOf(list[from:]))
}

func columnOf(expression string) selected {
	for _, pattern := range []*regexp.Regexp{aliased, plainName} {
		if found := pattern.FindStringSubmatch(expression); found != nil {
			return selected{alias: found[1], name: found[2]}
		}
	}
	return selected{}
}
