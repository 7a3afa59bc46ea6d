package dbtest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

// nonsense returns a value for a column that no reader can make sense of,
// empty if it takes anything.
func nonsense(e engine, table, column, kind string) string {
	switch {
	case strings.HasSuffix(column, "digest"):
		return "'abcd'" // of the wrong length
	case table == "mizan_account" && column == "kind", column == "normal", column == "block", column == "currency":
		return "'nonsense'"
	case kind == "date" && e.dialect == sqlledger.PostgreSQL: // which knows days that no book has
		return map[bool]string{true: "'0044-03-15 BC'", false: "'infinity'"}[strings.HasPrefix(column, "on_")]
	case kind != "text" && e.dialect == sqlledger.SQLite: // which takes any value in any column
		return "'nonsense'"
	}
	return ""
}

// TestUnreadable puts nonsense into every column that can hold some, in every
// row: the error names the table, the column and the row's key.
func TestUnreadable(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		tm := tamperedBook(t, e)
		tried := 0
		for _, table := range tamperTables(t) {
			rows := tm.rows(table)
			for i, row := range rows {
				if i > 1 && i < len(rows)-1 { // one is like the other
					continue
				}
				for _, column := range table.columns {
					value := nonsense(e, table.name, column[0], column[1])
					if value == "" {
						continue
					}
					tried++
					edit := fmt.Sprintf("UPDATE %s SET %s = %s WHERE %s", table.name, column[0], value, row.where)
					found := tm.findings(tm.run(edit))
					place := table.name + "." + column[0] + " of ("
					require.NotEmpty(t, found, edit)
					at := slices.IndexFunc(found, func(text string) bool { return strings.Contains(text, place) })
					// A row that is looked for by a column is then missing, not unreadable.
					key := slices.Contains(slices.Concat(table.key, []string{"last_change", "change_no"}), column[0])
					if refused := strings.HasPrefix(found[0], "refused: "); at < 0 && (refused || key && row.names(found)) {
						continue
					}
					if at < 0 {
						t.Errorf("found %q, want %q: %s", found, place, edit)
						continue
					}
					for _, key := range row.keys() {
						// A list of subs reads where each stood last, of whatever phase.
						last := table.name == "mizan_turnover" && strings.HasPrefix(key, "phase ")
						if !last && key != column[0] && !strings.HasPrefix(key, column[0]+" ") {
							require.Contains(t, strings.ReplaceAll(found[at], `"`, ""), key, edit)
						}
					}
				}
			}
		}
		if e.dialect == sqlledger.SQLite {
			require.Greater(t, tried, 120)
		} else {
			require.Greater(t, tried, 15)
		}
		_, err := tm.db.Exec("UPDATE mizan_book SET digest = 'abcd'")
		require.NoError(t, err)
		_, err = ledger.Open(tm.ctx, sqlledger.Open(tm.db, e.options()), config("kspps-melati"))
		var wrong *sqlledger.RowError
		require.ErrorAs(t, err, &wrong)
		require.ErrorIs(t, err, sqlledger.ErrUnreadable)
		require.Equal(t, "mizan_book", wrong.Table)
		require.Equal(t, "digest", wrong.Column)
	})
}

// keys are a row's key columns as an error shows them, without the book.
func (r tamperRow) keys() []string {
	var keys []string
	for part := range strings.SplitSeq(r.where, " AND ") {
		name, value, _ := strings.Cut(part, " = ")
		if value = strings.Trim(value, "'"); name != "book_id" {
			keys = append(keys, name+" "+value)
		}
	}
	return keys
}
