package sqlledger

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// Dialect is the kind of database. The driver's name never matters.
type Dialect int

const (
	// SQLite is any driver of SQLite 3.38 or newer.
	SQLite Dialect = iota + 1
	// PostgreSQL is any driver of PostgreSQL or of an engine of its family.
	PostgreSQL
)

// String returns the dialect's name.
func (d Dialect) String() string {
	switch d {
	case SQLite:
		return "SQLite"
	case PostgreSQL:
		return "PostgreSQL"
	}
	return fmt.Sprintf("dialect(%d)", int(d))
}

func (d Dialect) check() error {
	if d != SQLite && d != PostgreSQL {
		return fmt.Errorf("sqlledger: the dialect must be named: SQLite or PostgreSQL, not %s", d)
	}
	return nil
}

// writing returns the level of a transaction that writes: whoever waited for a
// row must see what it waited for. SQLite's one level is the strictest.
func (d Dialect) writing() *sql.TxOptions {
	if d == PostgreSQL {
		return &sql.TxOptions{Isolation: sql.LevelReadCommitted}
	}
	return nil
}

// text returns a statement in the dialect's spelling. Statements are written
// as PostgreSQL takes them. SQLite takes $1 for a name, and ?1 for the first
// parameter; and it has no LATERAL, nor needs one.
func (d Dialect) text(statement string) string {
	if d == SQLite {
		return strings.ReplaceAll(unfenced(statement), "$", "?")
	}
	return statement
}

// unfenced returns a statement with a plain join for each fenced one (what a
// fence is for stands at the statements):
//
//	JOIN LATERAL (SELECT * FROM mizan_entry e WHERE e.seq = l.seq LIMIT 1) e ON true
//	JOIN mizan_entry e ON e.seq = l.seq
func unfenced(statement string) string {
	before, rest, fenced := strings.Cut(statement, "LATERAL (SELECT * FROM ")
	if !fenced {
		return statement
	}
	table, rest, _ := strings.Cut(rest, " WHERE ")
	condition, rest, _ := strings.Cut(rest, ")")
	for _, fence := range []string{" LIMIT 1", " OFFSET 0"} {
		condition = strings.TrimSuffix(condition, fence)
	}
	_, alias, _ := strings.Cut(table, " ")
	rest = strings.TrimPrefix(strings.TrimPrefix(rest, " "+alias), " ON true")
	return before + table + " ON " + condition + unfenced(rest)
}

// Querier is what a transaction of the host must be able to do. *sql.Tx
// satisfies it, and so does a *sql.Conn on which the host has sent BEGIN.
type Querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}
