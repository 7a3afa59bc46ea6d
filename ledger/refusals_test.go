package ledger_test

import (
	"context"
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// The table "Order of refusals" in doc.go is parsed and proven: for every pair
// of codes an entry is made that both apply to, and the earlier one comes
// first.

type refusalRow struct {
	step     int
	byLine   bool
	code     ledger.Code
	sentinel error
}

var sentinels = map[string]error{
	"ErrKey": ledger.ErrKey, "ErrKeyConflict": ledger.ErrKeyConflict, "ErrPeriodClosed": ledger.ErrPeriodClosed,
	"ErrDate": ledger.ErrDate, "ErrAccount": ledger.ErrAccount, "ErrSub": ledger.ErrSub, "ErrBlocked": ledger.ErrBlocked,
	"ErrEntry": ledger.ErrEntry, "ErrSource": ledger.ErrSource, "ErrUnbalanced": ledger.ErrUnbalanced, "ErrFloor": ledger.ErrFloor,
}

func refusalTable(t *testing.T) []refusalRow {
	t.Helper()
	text, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	row := regexp.MustCompile(`(?m)^//\t(\d) \w+(\*?) +([a-z_]+) +(Err\w+)$`)
	var table []refusalRow
	for _, m := range row.FindAllStringSubmatch(string(text), -1) {
		require.Contains(t, sentinels, m[4])
		table = append(table, refusalRow{int(m[1][0] - '0'), m[2] == "*", ledger.Code(m[3]), sentinels[m[4]]})
	}
	require.Len(t, table, 27, "rows of the table in doc.go")
	require.True(t, slices.IsSortedFunc(table, func(a, b refusalRow) int { return a.step - b.step }))
	return table
}

// violation makes an entry break one rule: by a field, or by lines of its own
// of which the first is the bad one and the others balance it.
type violation struct {
	field func(*ledger.Entry)
	lines []ledger.Line
	few   bool // leave a single line
	many  bool // pad beyond MaxLines
}

func violations() map[ledger.Code]violation {
	field := func(set func(*ledger.Entry)) violation { return violation{field: set} }
	rp := ledger.IDR.Of
	cash := func(rupiah int64) ledger.Line { return ledger.Credit("10102", rp(rupiah)) }
	onLine := func(l ledger.Line) violation { return violation{lines: []ledger.Line{l, cash(1)}} }
	long := strings.Repeat("x", ledger.MaxSub+1)
	return map[ledger.Code]violation{
		ledger.CodeKeyMissing:       field(func(e *ledger.Entry) { e.Key = "" }),
		ledger.CodeKeyInvalid:       field(func(e *ledger.Entry) { e.Key = strings.Repeat("k", ledger.MaxKey+1) }),
		ledger.CodeKeyConflict:      field(func(e *ledger.Entry) { e.Key = "used" }),
		ledger.CodeDateInvalid:      field(func(e *ledger.Entry) { e.Date = ledger.On(2026, time.February, 30) }),
		ledger.CodePeriodClosed:     field(func(e *ledger.Entry) { e.Date = ledger.On(2025, time.December, 31) }),
		ledger.CodePeriodSoftClosed: field(func(e *ledger.Entry) { e.Date = ledger.On(2026, time.January, 31) }),
		ledger.CodeAccountUnknown:   onLine(ledger.Debit("00000", rp(1))),
		ledger.CodeAccountHeader:    onLine(ledger.Debit("1", rp(1))),
		ledger.CodeAccountRetired:   onLine(ledger.Debit("10198", rp(1))),
		ledger.CodeSubMissing:       onLine(ledger.Debit("30101", rp(1))),
		ledger.CodeSubNotAllowed:    onLine(ledger.Debit("10199", rp(1)).For("M1")),
		ledger.CodeSubInvalid:       onLine(ledger.Debit("30101", rp(1)).For(long)),
		ledger.CodeBlocked:          onLine(ledger.Debit("30101", rp(1)).For("BLOCKED")),
		ledger.CodeTooFewLines:      {few: true},
		ledger.CodeTooManyLines:     {many: true},
		ledger.CodePhaseInvalid:     field(func(e *ledger.Entry) { e.Phase = 9 }),
		ledger.CodeTextInvalid:      field(func(e *ledger.Entry) { e.Memo = "two\nlines" }),
		ledger.CodeSourceNotSaved: field(func(e *ledger.Entry) {
			e.Source = ledger.Source{Kind: "murabahah", ID: "MRB-1", Version: 1, Event: "pay"}
		}),
		ledger.CodeAmountInvalid:   {lines: []ledger.Line{ledger.Debit("10102", ledger.Minor(ledger.MaxMoney).Add(rp(1)))}},
		ledger.CodeAmountZero:      {lines: []ledger.Line{ledger.Debit("10102", rp(0))}},
		ledger.CodePartyInvalid:    onLine(ledger.Debit("10102", rp(1)).With(ledger.Party{Standing: 9})),
		ledger.CodeActivityInvalid: onLine(ledger.Debit("10102", rp(1)).In(9)),
		ledger.CodeUnbalanced:      {lines: []ledger.Line{ledger.Debit("10102", rp(7))}},
		ledger.CodeMemorandumMixed: {lines: []ledger.Line{ledger.Debit("99199", rp(5)), cash(5)}},
		ledger.CodeBalanceOverflow: onLine(ledger.Debit("10199", rp(1))),
		ledger.CodeBelowFloor:      onLine(ledger.Debit("30101", rp(1)).For("FLOOR")),
		ledger.CodeHeld:            onLine(ledger.Debit("30101", rp(1)).For("HELD")),
	}
}

// never names the pairs that no single entry can violate both of, or where
// one takes away what the other needs.
func never(a, b ledger.Code) bool {
	for _, alternatives := range [][]ledger.Code{
		{ledger.CodeKeyMissing, ledger.CodeKeyInvalid, ledger.CodeKeyConflict},
		{ledger.CodeDateInvalid, ledger.CodePeriodClosed, ledger.CodePeriodSoftClosed},
		{ledger.CodePeriodSoftClosed, ledger.CodePhaseInvalid}, // only ordinary entries are kept out
		{ledger.CodeTooFewLines, ledger.CodeTooManyLines},
		{ledger.CodeUnbalanced, ledger.CodeMemorandumMixed},
	} {
		if slices.Contains(alternatives, a) && slices.Contains(alternatives, b) {
			return true
		}
	}
	return false
}

// hidden names the pairs whose later code even Violations cannot see.
func hidden(a, b ledger.Code) bool {
	balances := []ledger.Code{ledger.CodeBalanceOverflow, ledger.CodeBelowFloor, ledger.CodeHeld}
	return a == ledger.CodeDateInvalid && slices.Contains(balances, b) ||
		a == ledger.CodeTooFewLines && b == ledger.CodeMemorandumMixed // one line alone is unbalanced
}

func violating(vs ...violation) ledger.Entry {
	e := deposit("new", ledger.On(2026, time.March, 10), "M1", 100)
	few, many := false, false
	for _, v := range vs {
		if v.field != nil {
			v.field(&e)
		}
		e.Lines = append(e.Lines, v.lines...)
		few, many = few || v.few, many || v.many
	}
	if few {
		e.Lines = e.Lines[min(2, len(e.Lines)-1):][:1]
	}
	if many {
		one := ledger.IDR.Of(1)
		pad := ledger.MaxLines + 2 - len(e.Lines) - len(e.Lines)%2
		for range pad / 2 {
			e.Lines = append(e.Lines, ledger.Debit("10102", one), ledger.Credit("10102", one))
		}
	}
	return e
}

func refusingBook(t *testing.T) *ledger.Book {
	t.Helper()
	ctx := context.Background()
	book := newBook(t)
	day := ledger.On(2026, time.February, 10)
	most := ledger.Minor(ledger.MaxMoney)
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		for _, code := range []string{"10198", "10199", "10200"} {
			require.NoError(t, tx.AddAccount("add/"+code, ledger.Account{Code: code, Name: "Bank", Kind: ledger.Asset, Normal: ledger.DebitSide}))
		}
		require.NoError(t, tx.AddAccount("add/30198", ledger.Account{Code: "30198", Name: "Simpanan Lama", Kind: ledger.Syirkah, Normal: ledger.CreditSide, Control: true}))
		for _, code := range []string{"10198", "30198"} {
			require.NoError(t, tx.Retire(ledger.Retirement{Key: "retire/" + code, Account: code, Reason: "ditutup"}))
		}
		for _, e := range []ledger.Entry{
			deposit("used", day, "FLOOR", 100), deposit("held", day, "HELD", 100), deposit("blocked", day, "BLOCKED", 100),
			{Key: "most", Date: day, Lines: []ledger.Line{ledger.Debit("10199", most), ledger.Credit("10200", most)}},
		} {
			_, err := tx.Post(e)
			require.NoError(t, err)
		}
		floor := ledger.FloorSetting{Key: "floor", Account: "30101", Sub: "FLOOR", Floor: ledger.HardFloor(ledger.IDR.Of(100))}
		require.NoError(t, tx.SetFloor(floor))
		block := ledger.BlockSetting{Key: "block", Account: "30101", Sub: "BLOCKED", Block: ledger.FullBlock, Reason: "buku hilang"}
		require.NoError(t, tx.SetBlock(block))
		_, err := tx.Hold(ledger.Hold{Key: "hold", Account: "30101", Sub: "HELD", Amount: ledger.IDR.Of(100), From: day, Reason: "jaminan"})
		require.NoError(t, err)
		require.NoError(t, tx.Close(ledger.PeriodClosing{Key: "hard", Through: ledger.On(2025, time.December, 31)}))
		return tx.Close(ledger.PeriodClosing{Key: "soft", Through: ledger.On(2026, time.January, 31), Soft: true})
	}))
	return book
}

// refusalOf posts an entry that must be refused, and returns its first refusal
// and all of them.
func refusalOf(t *testing.T, book *ledger.Book, e ledger.Entry) (first ledger.Code, all []ledger.Code, cause error) {
	t.Helper()
	require.NoError(t, book.Update(context.Background(), func(tx *ledger.Tx) error {
		before, err := tx.Head()
		require.NoError(t, err)
		found, err := tx.Violations(e)
		require.NoError(t, err)
		for _, r := range found {
			all = append(all, r.Code)
		}
		_, cause = tx.Post(e)
		require.Error(t, cause)
		var refusal *ledger.Refusal
		var conflict *ledger.KeyConflictError
		switch {
		case errors.As(cause, &refusal):
			first = refusal.Code
		case errors.As(cause, &conflict):
			first = ledger.CodeKeyConflict
		}
		after, err := tx.Head()
		require.NoError(t, err)
		require.Equal(t, before, after)
		return nil
	}))
	return first, all, cause
}

func TestOrderOfRefusals(t *testing.T) {
	book := refusingBook(t)
	table, makes := refusalTable(t), violations()
	require.Len(t, makes, len(table))

	for _, row := range table {
		first, all, cause := refusalOf(t, book, violating(makes[row.code]))
		require.Equal(t, row.code, first)
		require.ErrorIs(t, cause, row.sentinel)
		require.Equal(t, row.code, all[0])
	}
	for i, earlier := range table {
		for _, later := range table[i+1:] {
			if never(earlier.code, later.code) {
				continue
			}
			huge := makes[earlier.code].many || makes[later.code].many
			if huge && (testing.Short() || !slices.Contains(nextToTooMany, earlier.code) && !slices.Contains(nextToTooMany, later.code)) {
				continue // two million lines each: the neighbours are enough
			}
			a, b := makes[earlier.code], makes[later.code]
			for _, e := range []ledger.Entry{violating(a, b), violating(b, a)} {
				// In one step that goes by lines, the earlier line speaks first.
				want := []ledger.Code{earlier.code}
				if earlier.step == later.step && earlier.byLine {
					want = append(want, later.code)
				}
				first, all, _ := refusalOf(t, book, e)
				require.Contains(t, want, first, "%s and %s", earlier.code, later.code)
				require.Equal(t, first, all[0], "%s and %s", earlier.code, later.code)
				require.Contains(t, all, earlier.code, "%s and %s", earlier.code, later.code)
				if !hidden(earlier.code, later.code) {
					require.Contains(t, all, later.code, "%s and %s", earlier.code, later.code)
				}
				if huge {
					break
				}
			}
		}
	}
}

var nextToTooMany = []ledger.Code{ledger.CodeBlocked, ledger.CodePhaseInvalid, ledger.CodeAmountInvalid}

// TestOrderOnOneLine puts two faults of the same step on the same line.
func TestOrderOnOneLine(t *testing.T) {
	book := refusingBook(t)
	rp := ledger.IDR.Of
	long := strings.Repeat("x", ledger.MaxSub+1)
	tooMuch := ledger.Minor(ledger.MaxMoney).Add(rp(1))
	for _, c := range []struct {
		line ledger.Line
		want []ledger.Code
	}{
		{ledger.Debit("00000", rp(1)).For("M1"), []ledger.Code{ledger.CodeAccountUnknown}},
		{ledger.Debit("1", rp(1)).For("M1"), []ledger.Code{ledger.CodeAccountHeader}},
		{ledger.Debit("10198", rp(1)).For("M1"), []ledger.Code{ledger.CodeAccountRetired}},
		{ledger.Debit("30198", rp(1)), []ledger.Code{ledger.CodeAccountRetired}},
		{ledger.Debit("30198", rp(1)).For(long), []ledger.Code{ledger.CodeAccountRetired}},
		{ledger.Debit("10102", rp(1)).For(long), []ledger.Code{ledger.CodeSubNotAllowed}},
		{ledger.Debit("10102", tooMuch).With(ledger.Party{Standing: 9}).In(9),
			[]ledger.Code{ledger.CodeAmountInvalid, ledger.CodePartyInvalid, ledger.CodeActivityInvalid}},
		{ledger.Debit("10102", rp(0)).With(ledger.Party{Member: long}).In(9),
			[]ledger.Code{ledger.CodeAmountZero, ledger.CodePartyInvalid, ledger.CodeActivityInvalid}},
		{ledger.Debit("30101", rp(0)).For("BLOCKED"), []ledger.Code{ledger.CodeBlocked, ledger.CodeAmountZero}},
	} {
		e := deposit("new", ledger.On(2026, time.March, 10), "M1", 100)
		e.Lines = append(e.Lines, c.line)
		if !c.line.Amount.IsZero() && c.line.Amount.Err() == nil {
			e.Lines = append(e.Lines, ledger.Credit("10102", c.line.Amount))
		}
		first, all, _ := refusalOf(t, book, e)
		require.Equal(t, c.want[0], first)
		require.Equal(t, c.want, all)
	}
}

// TestViolationsOfGoodEntries: what Post would take has none, and neither has
// a repeat, whatever has happened since.
func TestViolationsOfGoodEntries(t *testing.T) {
	book := refusingBook(t)
	require.NoError(t, book.Update(context.Background(), func(tx *ledger.Tx) error {
		for _, e := range []ledger.Entry{
			deposit("new", ledger.On(2026, time.March, 1), "M1", 5),
			deposit("used", ledger.On(2026, time.February, 10), "FLOOR", 100),
			{Key: "adjust", Date: ledger.On(2026, time.January, 31), Phase: ledger.Adjusting, Lines: deposit("", ledger.Date{}, "M1", 5).Lines},
		} {
			found, err := tx.Violations(e)
			require.NoError(t, err)
			require.Empty(t, found)
		}
		return nil
	}))
}
