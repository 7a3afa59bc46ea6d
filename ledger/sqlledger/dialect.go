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

// text returns a statement in the dialect's spelling. Statements are written
// with $1; SQLite takes that for a name, and ?1 for the first parameter.
func (d Dialect) text(statement string) string {
	if d == SQLite {
		return strings.ReplaceAll(statement, "$", "?")
	}
	return statement
}

// Querier is what a transaction of the host must be able to do. *sql.Tx and
// *sql.Conn satisfy it.
type Querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}
