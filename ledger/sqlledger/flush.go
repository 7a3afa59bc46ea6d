package sqlledger

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"
	"sync"

	"github.com/mizan-coop/mizan/ledger"
)

// maxRows is the most rows one statement of a flush writes.
const maxRows = 1000

// flush sends a batch. On PostgreSQL rows of several tables go in one
// statement, each table's as arrays, the head's compare-and-set last: a post
// is one statement. On SQLite, where a statement costs no way to a server,
// each table has its own, for 1, 2, 4, ... rows, so that few texts are
// prepared once and used for ever.
type flush struct {
	writer *writer
	sets   *rowSets
	count  int // rows gathered
}

// rowSets are those of all tables. A store uses them again, for the room that
// they have.
type rowSets [tableCount]rowSet

// rowSet are the rows of one table that are not sent yet.
type rowSet struct {
	arrays []array // PostgreSQL: one a column
	values []any   // SQLite: row by row
	column int     // the next column of the row being added
	rows   int
}

func (f *flush) postgres() bool { return f.writer.store.options.Dialect == PostgreSQL }

// row begins a row of a table, after sending what is enough for a statement.
func (f *flush) row(t int) (cells, error) {
	if f.count >= maxRows {
		if err := f.send(); err != nil {
			return cells{}, err
		}
	}
	f.count++
	set := &f.sets[t]
	if set.arrays == nil && f.postgres() {
		set.arrays = tables[t].arrays()
	}
	set.rows++
	set.column = 0
	return cells{set}, nil
}

// cells adds the values of one row, column by column.
type cells struct{ set *rowSet }

func (c *cells) text(s string) *cells {
	if c.set.arrays != nil {
		c.set.arrays[c.set.column].text(s)
	} else {
		c.set.values = append(c.set.values, s)
	}
	c.set.column++
	return c
}

func (c *cells) int(n int64) *cells {
	if c.set.arrays != nil {
		c.set.arrays[c.set.column].int(n)
	} else {
		c.set.values = append(c.set.values, n)
	}
	c.set.column++
	return c
}

func (c *cells) null() *cells {
	if c.set.arrays != nil {
		c.set.arrays[c.set.column].null()
	} else {
		c.set.values = append(c.set.values, nil)
	}
	c.set.column++
	return c
}

func (c *cells) uint(n uint64) *cells { return c.int(int64(n)) }

func (c *cells) flag(b bool) *cells {
	if b {
		return c.int(1)
	}
	return c.int(0)
}

func (c *cells) money(m ledger.Money) *cells { return c.int(m.Minor()) }

func (c *cells) date(d ledger.Date) *cells {
	switch {
	case d.IsZero():
		return c.null()
	case c.set.arrays == nil:
		return c.text(d.String())
	}
	c.set.arrays[c.set.column].date(d)
	c.set.column++
	return c
}

func (c *cells) digest(d *ledger.Digest) *cells {
	if c.set.arrays == nil {
		return c.text(d.String())
	}
	c.set.arrays[c.set.column].hex(d[:])
	c.set.column++
	return c
}

// numberOr adds a number, NULL for 0.
func (c *cells) numberOr(n uint64) *cells {
	if n == 0 {
		return c.null()
	}
	return c.uint(n)
}

func (c *cells) floor(f ledger.Floor) *cells {
	return c.flag(f.HasHard).money(f.Hard).flag(f.HasSoft).money(f.Soft)
}

// send sends what is gathered, without the head.
func (f *flush) send() error {
	if f.count == 0 {
		return nil
	}
	defer f.clear()
	if !f.postgres() {
		return f.sendValues()
	}
	text, args := f.arrays(false)
	_, err := f.writer.exec(text, args...)
	return err
}

func (f *flush) clear() {
	for t := range f.sets {
		set := &f.sets[t]
		set.values, set.rows = nil, 0
		for i := range set.arrays {
			set.arrays[i].clear()
		}
	}
	f.count = 0
}

// finish sends the rest and moves the head. It returns how many heads moved:
// one, unless the lock was lost.
func (f *flush) finish(b *ledger.Batch) (int64, error) {
	head := cells{&rowSet{}}
	head.text(b.Head.Currency.Code()).int(int64(b.Head.Currency.Digits())).uint(b.Head.Change).uint(b.Head.Entries).
		digest(&b.Head.Digest).date(b.Head.Closed).date(b.Head.SoftClosed).uint(b.Expect)
	if !f.postgres() {
		if err := f.sendValues(); err != nil {
			return 0, err
		}
		return f.writer.exec(moveHeadFrom(2), append([]any{f.writer.book}, head.set.values...)...)
	}
	text, args := f.arrays(true)
	return f.writer.exec(text, append(args, head.set.values...)...)
}

// moveHeadFrom returns the statement with its parameters from a number on.
func moveHeadFrom(from int) string {
	parts := strings.Split(moveHead, "%s")
	text := parts[0]
	for i, part := range parts[1:] {
		text += "$" + strconv.Itoa(from+i) + part
	}
	return text
}

// arrays returns one statement for everything that is gathered, with the head
// at its end or without, and its arguments but the head's.
func (f *flush) arrays(head bool) (string, []any) {
	key := flushText{head: head}
	args := make([]any, 1, 96)
	args[0] = f.writer.book
	for t := range f.sets {
		set := &f.sets[t]
		if set.rows == 0 {
			continue
		}
		key.tables |= 1 << t
		for i := range set.arrays {
			args = append(args, set.arrays[i].literal())
		}
	}
	return f.writer.store.texts.find(key), args
}

// flushTexts keeps the texts of flushes: one for each selection of tables, on
// SQLite for each table and number of rows.
type flushTexts struct {
	mu   sync.Mutex
	kept map[flushText]string
}

// flushText says which statement of a flush: with rows for which tables, a bit
// each, and whether the head moves; on SQLite for how many rows of one table.
type flushText struct {
	tables uint
	head   bool
	rows   int
}

func (c *flushTexts) find(key flushText) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	text, built := c.kept[key]
	if !built {
		text = key.build()
		if c.kept == nil {
			c.kept = make(map[flushText]string)
		}
		c.kept[key] = text
	}
	return text
}

func (k flushText) build() string {
	if k.rows > 0 {
		return tables[bits.TrailingZeros(k.tables)].insertValues(k.rows)
	}
	var text strings.Builder
	next, before := 2, "WITH "
	for t := range tables {
		if k.tables>>t&1 == 1 {
			fmt.Fprintf(&text, "%sw%d AS (%s)", before, t, tables[t].insertArrays(next))
			next, before = next+len(tables[t].columns), ",\n"
		}
	}
	if k.tables != 0 {
		text.WriteString("\n")
	}
	if k.head {
		return text.String() + moveHeadFrom(next)
	}
	return text.String() + flushPart
}

// mostParameters bounds the size of one INSERT on SQLite. More rows at once
// would save little: what a call of the driver costs is spread over some rows
// already, and some drivers look for each parameter among all that are given.
const mostParameters = 128

// sendValues sends everything that is gathered, table by table.
func (f *flush) sendValues() error {
	for t := range f.sets {
		set := &f.sets[t]
		width := len(tables[t].columns)
		for rows := tables[t].largestInsert(); set.rows > 0; {
			if rows > set.rows {
				rows /= 2
				continue
			}
			args := append([]any{f.writer.book}, set.values[:rows*width]...)
			if _, err := f.writer.exec(f.writer.store.texts.find(flushText{tables: 1 << t, rows: rows}), args...); err != nil {
				return err
			}
			set.values, set.rows = set.values[rows*width:], set.rows-rows
		}
	}
	return nil
}

func scanOne(into any) func(*result) error {
	return func(row *result) error { return row.Scan(into) }
}
