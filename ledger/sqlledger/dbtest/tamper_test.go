package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

var (
	createTable = regexp.MustCompile(`(?s)^CREATE TABLE (mizan_\w+) \((.*)\)(?: WITHOUT ROWID)?$`)
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
	require.Len(t, all, 10)
	return all
}

// another returns an expression for another value of a column, for a number
// of a key one that no row has.
func (t tamperTable) another(column, kind string) string {
	switch {
	case slices.Contains(t.key, column) && (kind == "bigint" || kind == "integer"):
		return column + " + 1000"
	case column == "reverses": // no other entry is reversed twice
		return "COALESCE(reverses, 0) + 2"
	case t.name == "mizan_account" && column == "kind":
		return "CASE kind WHEN 'asset' THEN 'expense' ELSE 'asset' END"
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
		return "CASE " + column + " WHEN 0 THEN 1 ELSE 0 END"
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
		if _, _, err := tx.Repeat(ledger.Command{Key: e.Key, Kind: "murabahah.pay", Content: ledger.NewContent("pay").Digest()}); err != nil {
			return err
		}
		if _, err := tx.Post(e); err != nil {
			return err
		}
		if _, err := tx.Save(ledger.Record{Kind: "murabahah", ID: "K-1", Version: 2, Event: "pay", Data: []byte(`{}`), State: []byte(`{}`), Format: 1}); err != nil {
			return err
		}
		if _, err := tx.Hold(ledger.Hold{Key: "H2", Account: "30101", Sub: "M1", Amount: ledger.IDR.Of(7), From: day, Until: day.AddDays(9), Reason: "jaminan", By: "manajer"}); err != nil {
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

// tamperRow is a row of a table, by its key.
type tamperRow struct {
	where string
	key   string   // as an assignment
	rest  []string // the other columns
	place []string // by what a finding may name it
}

// rows returns every row of a table.
func (t *tampering) rows(table tamperTable) []tamperRow {
	t.Helper()
	columns := make([]string, len(table.columns))
	for i, column := range table.columns {
		columns[i] = "CAST(" + column[0] + " AS text)"
	}
	rows, err := t.db.Query("SELECT " + strings.Join(columns, ", ") + " FROM " + table.name + " ORDER BY " + strings.Join(table.key, ", "))
	require.NoError(t, err)
	defer rows.Close()
	var all []tamperRow
	for rows.Next() {
		values, into := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		require.NoError(t, rows.Scan(into...))
		var row tamperRow
		var where []string
		named := make(map[string]string)
		for i, column := range table.columns {
			named[column[0]] = values[i].String
			if slices.Contains(table.key, column[0]) {
				where = append(where, column[0]+" = '"+values[i].String+"'")
			} else {
				row.rest = append(row.rest, fmt.Sprint(values[i]))
			}
		}
		row.where, row.key = strings.Join(where, " AND "), strings.Join(where, ", ")
		row.place = placesOf(table.name, named)
		all = append(all, row)
	}
	require.NoError(t, rows.Err())
	return all
}

// placesOf returns the names of which a finding about a row must have one.
func placesOf(table string, row map[string]string) []string {
	account := "account " + row["code"]
	if row["sub"] != "" {
		account += "/" + row["sub"]
	}
	switch table {
	case "mizan_book":
		return []string{"the head", `"` + row["book_id"] + `"`}
	case "mizan_change":
		n, _ := strconv.Atoi(row["change_no"]) // or what is left beside the gap
		return []string{fmt.Sprint("change ", n), fmt.Sprint("change ", n+1)}
	case "mizan_entry":
		return []string{"entry " + row["seq"], "change " + row["change_no"]}
	case "mizan_line":
		return []string{"entry " + row["seq"], account}
	case "mizan_record":
		return []string{"change " + row["change_no"], "record " + row["kind"] + " " + row["id"]}
	case "mizan_hold":
		return []string{`"` + row["idem_key"] + `"`}
	}
	return []string{account}
}

// names reports whether a finding names a row's place: the name, not the
// beginning of a longer one.
func (r tamperRow) names(findings []string) bool {
	return slices.ContainsFunc(findings, func(finding string) bool {
		return slices.ContainsFunc(r.place, func(place string) bool {
			whole := regexp.MustCompile(regexp.QuoteMeta(place) + `(\W|x\b|$)`) // edits lengthen texts by an x
			return whole.MatchString(finding)
		})
	})
}

// TestTamper changes every column of every row of every table, deletes every
// row and exchanges rows: Check finds each, and names the place.
func TestTamper(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		tm := tamperedBook(t, e)
		for _, table := range tamperTables(t) {
			rows := tm.rows(table)
			require.NotEmpty(t, rows, table.name)
			switch {
			case e.dialect == sqlledger.PostgreSQL && len(rows) > 3: // SQLite tries more
				rows = append(rows[:2:2], rows[len(rows)-1])
			case table.name == "mizan_account": // one is like the other
				rows = append(rows[:3:3], rows[len(rows)-1])
			}
			refused, tried := 0, 0
			for _, row := range rows {
				edits := []string{fmt.Sprintf("DELETE FROM %s WHERE %s", table.name, row.where)}
				for _, column := range table.columns {
					if column[0] == "recounts" { // says nothing of the book
						continue
					}
					edits = append(edits, fmt.Sprintf("UPDATE %s SET %s = %s WHERE %s", table.name, column[0], tm.cast(table.another(column[0], column[1]), column[1]), row.where))
				}
				for _, edit := range edits {
					found := tm.findings(tm.run(edit))
					tried++
					switch {
					case len(found) == 1 && strings.HasPrefix(found[0], "refused: "):
						refused++
					case !row.names(found):
						t.Errorf("found %q, want %q: %s", found, row.place, edit)
					}
				}
			}
			require.Less(t, 10*refused, tried, "%s: the database itself refuses too many edits", table.name)
			for i := range rows {
				tm.exchange(table, rows[i], rows[(i+1)%len(rows)])
			}
		}
	})
}

// exchange gives two rows each other's key.
func (t *tampering) exchange(table tamperTable, a, b tamperRow) {
	t.Helper()
	if slices.Equal(a.rest, b.rest) {
		return // nothing is changed
	}
	found := t.findings(t.run(
		fmt.Sprintf("UPDATE %s SET book_id = 'elsewhere' WHERE %s", table.name, a.where),
		fmt.Sprintf("UPDATE %s SET %s WHERE %s", table.name, a.key, b.where),
		fmt.Sprintf("UPDATE %s SET %s WHERE book_id = 'elsewhere'", table.name, b.key)))
	if !a.names(found) && !b.names(found) {
		t.Errorf("found %q, want %q or %q: %s exchanged", found, a.place, b.place, table.name)
	}
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
			"UPDATE mizan_change SET last_change = NULL WHERE idem_key = 'T2' AND last_change IS NOT NULL":                   `"T2"`,
			"UPDATE mizan_record SET state = '{ }' WHERE id = 'K-1' AND version = 1":                                         "change",
		} {
			found := tm.findings(tm.run(edit))
			require.NotEmpty(t, found, edit)
			require.Contains(t, strings.Join(found, "\n"), place, edit)
		}
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
