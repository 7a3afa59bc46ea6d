package sqlledger

import (
	"fmt"
	"strings"
)

// table is what a flush writes to one table: appended rows, or rows put in
// place of those with the same key.
type table struct {
	name    string
	columns []column // without book_id, the first of every table
	put     int      // how many of the columns, after book_id, are the key of rows that are put; 0 appends
}

type column struct {
	name, kind string
	null       bool // may be NULL
}

// The tables in the order in which they are written: a row's referents first.
const (
	accountTable = iota
	subTable
	changeTable
	entryTable
	lineTable
	turnoverTable
	recordTable
	holdTable
	assertionTable
	tableCount
)

var tables = [tableCount]table{
	accountTable: {"mizan_account", columns("code text, name text, name_en text, kind text, normal text, control smallint, header smallint, " +
		"has_hard smallint, hard bigint, has_soft smallint, soft bigint, retired smallint"), 1},
	subTable: {"mizan_sub", columns("code text, sub text, opened smallint, holder text, has_hard smallint, hard bigint, " +
		"has_soft smallint, soft bigint, block text"), 2},
	changeTable: {"mizan_change", columns("change_no bigint, kind text, recorded_at timestamp, idem_key text, command text, command_digest text null, " +
		"content_digest text, digest text, entry_no bigint null, document text null, last_change bigint null"), 0},
	entryTable: {"mizan_entry", columns("seq bigint, change_no bigint, on_date date, phase smallint, memo text, document text, maker text, " +
		"approver text, source_kind text, source_id text, source_version bigint, source_event text, waiver text, reverses bigint null, imported smallint"), 0},
	lineTable: {"mizan_line", columns("seq bigint, line_no integer, code text, sub text, amount bigint, on_date date, phase smallint, " +
		"party text, standing smallint, activity smallint"), 0},
	turnoverTable: {"mizan_turnover", columns("code text, sub text, on_date date, phase smallint, debit bigint, credit bigint, balance bigint"), 4},
	recordTable:   {"mizan_record", columns("kind text, id text, version integer, change_no bigint, event text, data text, format integer, state text"), 0},
	holdTable: {"mizan_hold", columns("idem_key text, code text, sub text, amount bigint, left_amount bigint, from_date date, until_date date null, " +
		"reason text, held_by text"), 1},
	assertionTable: {"mizan_assertion", columns("change_no bigint, idem_key text, code text, sub text, on_date date, balance bigint, " +
		"document text, asserted_by text"), 0},
}

func columns(list string) []column {
	var all []column
	for part := range strings.SplitSeq(list, ", ") {
		words := strings.Fields(part)
		all = append(all, column{name: words[0], kind: words[1], null: len(words) > 2})
	}
	return all
}

func (t *table) names() string {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = c.name
	}
	return strings.Join(names, ", ")
}

// arrays returns empty arrays for the columns. The first tells how many rows
// there are, so it never folds.
func (t *table) arrays() []array {
	all := make([]array, len(t.columns))
	for i, c := range t.columns {
		switch {
		case i == 0:
		case c.null:
			all[i].fold = foldNull
		default:
			all[i].fold = foldAny
		}
	}
	return all
}

// insertArrays is PostgreSQL's form: one array for each column, so that the
// text is the same for any number of rows. from is the number of the first
// array's parameter. The arrays are unfolded side by side in the list of what
// is selected: behind FROM the server would first write each of them away.
// Of an array that ends early its first value stands for the rows behind.
func (t *table) insertArrays(from int) string {
	arrays, values := make([]string, len(t.columns)), make([]string, len(t.columns))
	for i, c := range t.columns {
		array := fmt.Sprintf("$%d::%s[]", from+i, c.kind)
		arrays[i], values[i] = "unnest("+array+") AS "+c.name, c.name
		if i > 0 && !c.null {
			values[i] = fmt.Sprintf("COALESCE(%s, (%s)[1])", c.name, array)
		}
	}
	return fmt.Sprintf("INSERT INTO %s (book_id, %s)\nSELECT $1, %s\nFROM (SELECT %s) AS r%s",
		t.name, t.names(), strings.Join(values, ", "), strings.Join(arrays, ", "), t.onConflict())
}

// largestInsert is the most rows of one INSERT on SQLite, a power of two.
func (t *table) largestInsert() int {
	rows := 1
	for 2*rows*(1+len(t.columns)) <= mostParameters {
		rows *= 2
	}
	return rows
}

// insertValues is SQLite's form for a number of rows. Parameters after the
// first have no number of their own, which drivers find fastest. OR FAIL spares
// the engine from keeping what it needs to take back one statement alone: if
// one fails, the whole transaction is rolled back.
func (t *table) insertValues(rows int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "INSERT OR FAIL INTO %s (book_id, %s) VALUES ", t.name, t.names())
	for i := range rows {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("($1" + strings.Repeat(", ?", len(t.columns)) + ")")
	}
	b.WriteString(t.onConflict())
	return b.String()
}

// onConflict puts a row in place of the one with its key.
func (t *table) onConflict() string {
	if t.put == 0 {
		return ""
	}
	key, set := []string{"book_id"}, []string{}
	for i, c := range t.columns {
		if i < t.put {
			key = append(key, c.name)
		} else {
			set = append(set, c.name+" = excluded."+c.name)
		}
	}
	return fmt.Sprintf("\nON CONFLICT (%s) DO UPDATE SET %s", strings.Join(key, ", "), strings.Join(set, ", "))
}
