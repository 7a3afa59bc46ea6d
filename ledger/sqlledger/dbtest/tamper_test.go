package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

var (
	createTable = regexp.MustCompile(`(?s)^CREATE TABLE (mizan_\w+) \((.*)\)$`)
	columnLine  = regexp.MustCompile(`(?m)^  (\w+) +(text|bigint|integer|smallint|date|timestamp)\b`)
	keyLine     = regexp.MustCompile(`PRIMARY KEY \(([^)]*)\)`)
)

// tamperTable is a table as the migrations create it.
type tamperTable struct {
	name    string
	key     []string
	columns [][2]string // name and type
}

func tamperTables(t *testing.T) []tamperTable {
	t.Helper()
	steps, err := sqlledger.Migrations(sqlledger.SQLite)
	require.NoError(t, err)
	var all []tamperTable
	for _, step := range steps {
		for _, statement := range step.Statements {
			found := createTable.FindStringSubmatch(statement)
			if found == nil {
				continue
			}
			table := tamperTable{name: found[1], key: strings.Split(keyLine.FindStringSubmatch(statement)[1], ", ")}
			for _, c := range columnLine.FindAllStringSubmatch(found[2], -1) {
				table.columns = append(table.columns, [2]string{c[1], c[2]})
			}
			all = append(all, table)
		}
	}
	require.Len(t, all, 11)
	return all
}

// another returns an expression for another value of a column.
func another(column, kind string) string {
	switch {
	case column == "kind" || column == "currency":
		return "CASE " + column + " WHEN 'asset' THEN 'expense' WHEN 'IDR' THEN 'USD' WHEN 'murabahah' THEN 'other' WHEN 'hold' THEN 'release' ELSE 'hold' END"
	case column == "normal":
		return "CASE normal WHEN 'debit' THEN 'credit' ELSE 'debit' END"
	case column == "block":
		return "CASE block WHEN 'none' THEN 'full' ELSE 'none' END"
	case column == "data" || column == "state":
		return column + " || ' '"
	case column == "document":
		return "CASE WHEN document IS NULL THEN '{}' ELSE document || ' ' END"
	case strings.HasSuffix(column, "digest"):
		return "CASE WHEN " + column + " LIKE 'a%' THEN 'b' || substr(" + column + ", 2) WHEN " + column + " IS NULL THEN '" + strings.Repeat("0", 64) + "' ELSE 'a' || substr(" + column + ", 2) END"
	case kind == "text":
		return column + " || 'x'"
	case kind == "smallint" && column != "digits":
		return "1 - " + column
	case kind == "date":
		return "CASE WHEN " + column + " IS NULL OR " + column + " <> '2020-02-02' THEN '2020-02-02' ELSE '2020-02-03' END"
	case kind == "timestamp":
		return "'2020-02-02 02:02:02.000002'"
	}
	return "COALESCE(" + column + ", 0) + 1"
}

// tampering is a book that is edited behind its back, each edit taken back.
type tampering struct {
	*testing.T
	engine
	ctx context.Context
	db  *sql.DB
}

// tamperedBook has at least two rows in every table.
func tamperedBook(t *testing.T, e engine) *tampering {
	t.Helper()
	ctx := context.Background()
	var db *sql.DB
	if e.dialect == sqlledger.SQLite { // a tamperer does not keep foreign keys
		db = openHandle(t, "sqlite", strings.Replace(fastSQLite(t.TempDir()+"/books.db"), "foreign_keys(1)", "foreign_keys(0)", 1))
	} else {
		db, _ = e.open(t)
	}
	require.NoError(t, sqlledger.Migrate(ctx, db, e.dialect))
	oneOfEverything(t, sqlledger.Open(db, e.options()))
	tm := &tampering{T: t, engine: e, ctx: ctx, db: db}
	require.Empty(t, tm.findings(func(*sql.Tx) error { return nil }))
	return tm
}

// oneOfEverything creates a book with at least two rows in every table.
func oneOfEverything(t *testing.T, store ledger.Store) *ledger.Book {
	t.Helper()
	ctx := context.Background()
	book := create(t, store, "kspps-melati")
	day := ledger.On(2026, time.November, 23)
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		return tx.OpenSub(ledger.SubOpening{Key: "O", Account: "30101", Sub: "M1", Holder: "A-1", By: "cs"})
	}))
	_, err := book.Post(ctx, deposit("T0", "M1"))
	require.NoError(t, err)
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error { return allKinds(tx, "T1", 1) }))
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		e := deposit("T2", "M2")
		e.Date = day.Next()
		e.Document, e.Maker, e.Approver, e.Waiver = "D", "kasir", "manajer", "alasan"
		e.Source = ledger.Source{Kind: "murabahah", ID: "K-1", Version: 2, Event: "pay"}
		e.Lines[1] = e.Lines[1].With(ledger.Party{Member: "A-2", Standing: ledger.Member}).In(ledger.Financing)
		if _, err := tx.Post(e); err != nil {
			return err
		}
		if _, err := tx.Hold(ledger.Hold{Key: "H2", Account: "30101", Sub: "M1", Amount: ledger.IDR.Of(7), From: day, Until: day.AddDays(9), Reason: "jaminan", By: "manajer"}); err != nil {
			return err
		}
		if _, err := tx.Save(ledger.Record{Key: "S2", Kind: "murabahah", ID: "K-1", Version: 2, Event: "pay", Data: []byte(`{}`), State: []byte(`{}`), Format: 1}); err != nil {
			return err
		}
		return tx.Assert(ledger.Assertion{Key: "Q2", Account: "10102", Date: day, Balance: ledger.IDR.Of(200), Document: "kas", By: "kasir"})
	}))
	_, err = book.Reverse(ctx, ledger.Reversal{Key: "R", Entry: 1, Date: day.AddDays(2), Reason: "salah"})
	require.NoError(t, err)
	return book
}

// findings edits inside a transaction, checks the book there, and rolls back.
// A book that cannot be read any more says so in place of a finding.
func (t *tampering) findings(edit func(*sql.Tx) error) []string {
	t.Helper()
	tx, err := t.db.BeginTx(t.ctx, nil)
	require.NoError(t, err)
	defer tx.Rollback()
	if t.dialect == sqlledger.PostgreSQL {
		_, err := tx.Exec("SET LOCAL session_replication_role = replica") // no foreign keys
		require.NoError(t, err)
	}
	if err := edit(tx); err != nil {
		return []string{"refused: " + err.Error()} // by a key or a CHECK
	}
	var found []string
	book, err := ledger.Open(t.ctx, sqlledger.Open(t.db, t.options()).Bind(tx), config("kspps-melati"))
	if err != nil {
		return []string{"open: " + err.Error()}
	}
	for finding, err := range book.Check(t.ctx) {
		if err != nil {
			found = append(found, "check: "+err.Error())
			break
		}
		found = append(found, finding.String())
	}
	return found
}

// rows returns a condition for each row of a table.
func (t *tampering) rows(table tamperTable) []string {
	t.Helper()
	rows, err := t.db.Query("SELECT " + strings.Join(table.key, ", ") + " FROM " + table.name + " ORDER BY " + strings.Join(table.key, ", "))
	require.NoError(t, err)
	defer rows.Close()
	var all []string
	for rows.Next() {
		values, into := make([]string, len(table.key)), make([]any, len(table.key))
		for i := range values {
			into[i] = &values[i]
		}
		require.NoError(t, rows.Scan(into...))
		for i := range values {
			values[i] = table.key[i] + " = '" + strings.TrimSuffix(values[i], "T00:00:00Z") + "'"
		}
		all = append(all, strings.Join(values, " AND "))
	}
	require.NoError(t, rows.Err())
	return all
}

// TestTamper changes every column of every row of every table and deletes
// every row: Check finds each.
func TestTamper(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		tm := tamperedBook(t, e)
		for _, table := range tamperTables(t) {
			rows := tm.rows(table)
			require.NotEmpty(t, rows, table.name)
			if e.dialect == sqlledger.PostgreSQL && len(rows) > 4 {
				rows = append(rows[:2:2], rows[len(rows)-2:]...) // SQLite has tried all
			}
			for _, row := range rows {
				for _, column := range table.columns {
					edit := fmt.Sprintf("UPDATE %s SET %s = %s WHERE %s", table.name, column[0], tm.cast(another(column[0], column[1]), column[1]), row)
					if len(tm.findings(tm.run(edit))) == 0 {
						t.Errorf("not found: %s", edit)
					}
				}
				edit := fmt.Sprintf("DELETE FROM %s WHERE %s", table.name, row)
				if len(tm.findings(tm.run(edit))) == 0 {
					t.Errorf("not found: %s", edit)
				}
			}
		}
	})
}

// cast makes an expression one of a column's type.
func (t *tampering) cast(expression, kind string) string {
	if t.dialect == sqlledger.PostgreSQL {
		return "CAST(" + expression + " AS " + kind + ")"
	}
	return expression
}

// run makes an edit of statements.
func (t *tampering) run(statements ...string) func(*sql.Tx) error {
	return func(tx *sql.Tx) error {
		for _, statement := range statements {
			result, err := tx.Exec(statement)
			if err != nil {
				return err
			}
			n, err := result.RowsAffected()
			require.NoError(t, err)
			require.Equal(t, int64(1), n, statement)
		}
		return nil
	}
}

// TestTamperPlaces shows that what is found names the place.
func TestTamperPlaces(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		tm := tamperedBook(t, e)
		for edit, place := range map[string]string{
			"UPDATE mizan_line SET amount = amount + 1 WHERE seq = 2 AND line_no = 2":                                        "entry 2",
			"UPDATE mizan_line SET on_date = '2026-11-01' WHERE seq = 2 AND line_no = 2":                                     "30101/M1",
			"UPDATE mizan_entry SET memo = 'x' WHERE seq = 3":                                                                "entry 3",
			"UPDATE mizan_change SET recorded_at = '2020-01-01 00:00:00' WHERE change_no = 16":                               "change 16",
			"UPDATE mizan_turnover SET balance = balance + 1 WHERE code = '30101' AND sub = 'M1' AND on_date = '2026-11-23'": "30101/M1",
			"UPDATE mizan_sub SET holder = 'A-9' WHERE code = '30101' AND sub = 'M1'":                                        "30101/M1",
			"UPDATE mizan_hold SET left_amount = left_amount - 1 WHERE idem_key = 'H2'":                                      `"H2"`,
			"DELETE FROM mizan_command WHERE idem_key = 'T2'":                                                                `"T2"`,
			"UPDATE mizan_record SET state = '{ }' WHERE id = 'K-1' AND version = 1":                                         "change",
		} {
			found := tm.findings(tm.run(edit))
			require.NotEmpty(t, found, edit)
			require.Contains(t, strings.Join(found, "\n"), place, edit)
		}
		// Two rows swapped.
		swap := tm.run("UPDATE mizan_line SET line_no = 9 WHERE seq = 2 AND line_no = 1", "UPDATE mizan_line SET line_no = 1 WHERE seq = 2 AND line_no = 2",
			"UPDATE mizan_line SET line_no = 2 WHERE seq = 2 AND line_no = 9")
		require.Contains(t, strings.Join(tm.findings(swap), "\n"), "entry 2")
		// The tail cut off, head and all: only an anchor shows it.
		book, err := ledger.Open(tm.ctx, sqlledger.Open(tm.db, e.options()), config("kspps-melati"))
		require.NoError(t, err)
		anchor, err := book.Head(tm.ctx)
		require.NoError(t, err)
		_, err = tm.db.Exec("UPDATE mizan_book SET change_no = change_no - 1")
		require.NoError(t, err)
		n := 0
		for _, err := range book.Prove(tm.ctx, anchor) {
			require.NoError(t, err)
			n++
		}
		require.Positive(t, n)
	})
}
