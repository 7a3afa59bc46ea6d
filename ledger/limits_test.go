package ledger_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// limit is a named limit with everything that it bounds: each is asked for
// something of the given size.
type limit struct {
	size  int
	lower bool // the least, not the most
	asks  map[string]func(tx *ledger.Tx, size int) error
}

func limits() map[string]limit {
	day := eventfulDay
	long := func(n int) string { return strings.Repeat("x", n) }
	posting := func(edit func(e *ledger.Entry, n int)) func(*ledger.Tx, int) error {
		return func(tx *ledger.Tx, n int) error {
			e := deposit(fmt.Sprintf("T%d", n), day, "M1", 5)
			edit(&e, n)
			_, err := tx.Post(e)
			return err
		}
	}
	sourced := func(edit func(s *ledger.Source, n int)) func(*ledger.Tx, int) error {
		return func(tx *ledger.Tx, n int) error {
			e := deposit(fmt.Sprintf("E%d", n), day, "M1", 5)
			e.Source = ledger.Source{Kind: "k", ID: "i", Version: 1, Event: "e"}
			edit(&e.Source, n)
			return tx.Atomic(func() error {
				if _, _, err := tx.Repeat(ledger.Command{Key: e.Key, Kind: "k.e", Content: ledger.NewContent("e").Digest()}); err != nil {
					return err
				}
				if _, err := tx.Post(e); err != nil {
					return err
				}
				_, err := tx.Save(ledger.Record{Kind: e.Source.Kind, ID: e.Source.ID, Version: 1, Event: e.Source.Event, State: json.RawMessage("{}")})
				return err
			})
		}
	}
	record := func(edit func(r *ledger.Record, n int)) func(*ledger.Tx, int) error {
		return func(tx *ledger.Tx, n int) error {
			r := ledger.Record{Key: fmt.Sprintf("V%d", n), Kind: "k", ID: "i", Version: 1, Event: "e", Data: json.RawMessage("{}"), State: json.RawMessage("{}")}
			edit(&r, n)
			_, err := tx.Save(r)
			return err
		}
	}
	document := func(n int) json.RawMessage { return json.RawMessage(`"` + long(n-2) + `"`) }
	parsing := func(parse func(string) (ledger.Money, error), pad string) func(*ledger.Tx, int) error {
		return func(_ *ledger.Tx, n int) error { _, err := parse(strings.Repeat(pad, n-1) + "1"); return err }
	}
	chart := func(n int) ledger.Chart {
		c := make(ledger.Chart, n)
		for i := range c {
			c[i] = ledger.Account{Code: fmt.Sprint(i), Kind: ledger.Asset, Normal: ledger.DebitSide}
		}
		return c
	}
	return map[string]limit{
		"MaxLines": {size: ledger.MaxLines, asks: map[string]func(*ledger.Tx, int) error{
			"entry": posting(func(e *ledger.Entry, n int) { e.Lines = manyLines(n) }),
		}},
		"MaxKey": {size: ledger.MaxKey, asks: map[string]func(*ledger.Tx, int) error{
			"entry": posting(func(e *ledger.Entry, n int) { e.Key = long(n) }),
			"command": func(tx *ledger.Tx, n int) error {
				_, _, err := tx.Repeat(ledger.Command{Key: long(n), Kind: "k"})
				return err
			},
			"closing": func(tx *ledger.Tx, n int) error {
				return tx.Close(ledger.PeriodClosing{Key: long(n), Through: day.AddDays(-1)})
			},
			"book id": func(_ *ledger.Tx, n int) error {
				_, err := ledger.Create(context.Background(), ledger.NewMemory(), ledger.Config{ID: long(n), Currency: ledger.IDR, Chart: testChart(), Clock: fixedClock()})
				return err
			},
		}},
		"MaxCode": {size: ledger.MaxCode, asks: map[string]func(*ledger.Tx, int) error{
			"account": func(tx *ledger.Tx, n int) error {
				return tx.AddAccount(fmt.Sprintf("A%d", n), ledger.Account{Code: long(n), Kind: ledger.Asset, Normal: ledger.DebitSide})
			},
		}},
		"MaxSub": {size: ledger.MaxSub, asks: map[string]func(*ledger.Tx, int) error{
			"sub":          posting(func(e *ledger.Entry, n int) { e.Lines[1].Sub = long(n) }),
			"party":        posting(func(e *ledger.Entry, n int) { e.Lines[1].Party.Member = long(n) }),
			"record kind":  record(func(r *ledger.Record, n int) { r.Kind = long(n) }),
			"record id":    record(func(r *ledger.Record, n int) { r.ID = long(n) }),
			"record event": record(func(r *ledger.Record, n int) { r.Event = long(n) }),
			"holder": func(tx *ledger.Tx, n int) error {
				return tx.OpenSub(ledger.SubOpening{Key: fmt.Sprintf("S%d", n), Account: "30101", Sub: "NEW", Holder: long(n)})
			},
			"opened sub": func(tx *ledger.Tx, n int) error {
				return tx.OpenSub(ledger.SubOpening{Key: fmt.Sprintf("S%d", n), Account: "30101", Sub: long(n)})
			},
			"source kind":  sourced(func(s *ledger.Source, n int) { s.Kind = long(n) }),
			"source id":    sourced(func(s *ledger.Source, n int) { s.ID = long(n) }),
			"source event": sourced(func(s *ledger.Source, n int) { s.Event = long(n) }),
			"asserted sub": func(tx *ledger.Tx, n int) error {
				return tx.Assert(ledger.Assertion{Key: fmt.Sprintf("C%d", n), Account: "30101", Sub: long(n), Date: day})
			},
		}},
		"MaxText": {size: ledger.MaxText, asks: map[string]func(*ledger.Tx, int) error{
			"memo":     posting(func(e *ledger.Entry, n int) { e.Memo = long(n) }),
			"document": posting(func(e *ledger.Entry, n int) { e.Document = long(n) }),
			"maker":    posting(func(e *ledger.Entry, n int) { e.Maker = long(n) }),
			"approver": posting(func(e *ledger.Entry, n int) { e.Approver = long(n) }),
			"waiver":   posting(func(e *ledger.Entry, n int) { e.Waiver = long(n) }),
			"account name": func(tx *ledger.Tx, n int) error {
				return tx.AddAccount(fmt.Sprintf("A%d", n), ledger.Account{Code: "1x", Name: long(n), Kind: ledger.Asset, Normal: ledger.DebitSide})
			},
			"reversal": func(tx *ledger.Tx, n int) error {
				_, err := tx.Reverse(ledger.Reversal{Key: fmt.Sprintf("R%d", n), Entry: 1, Date: day, Reason: long(n)})
				return err
			},
		}},
		"MaxData": {size: ledger.MaxData, asks: map[string]func(*ledger.Tx, int) error{
			"data":  record(func(r *ledger.Record, n int) { r.Data = document(n) }),
			"state": record(func(r *ledger.Record, n int) { r.State = document(n) }),
		}},
		"MaxDecimalText": {size: ledger.MaxDecimalText, asks: map[string]func(*ledger.Tx, int) error{
			"machine form": parsing(ledger.IDR.Parse, "0"), "local form": parsing(ledger.IDR.ParseLocal, "0"),
			"decimal": func(_ *ledger.Tx, n int) error {
				_, err := ledger.IDR.Exact(decimal.RequireFromString("1." + strings.Repeat("0", n-1)))
				return err
			},
		}},
		"MaxChartAccounts": {size: ledger.MaxChartAccounts, asks: map[string]func(*ledger.Tx, int) error{
			"chart": func(_ *ledger.Tx, n int) error { return chart(n).Validate() },
			"chart that grows": func(_ *ledger.Tx, n int) error {
				book, err := ledger.Create(context.Background(), ledger.NewMemory(), ledger.Config{ID: "grows", Currency: ledger.IDR, Chart: chart(n - 2), Clock: fixedClock()})
				if err != nil {
					return err
				}
				another := func(tx *ledger.Tx, code string) error {
					return tx.AddAccount(code, ledger.Account{Code: code, Kind: ledger.Asset, Normal: ledger.DebitSide})
				}
				if err := book.Update(context.Background(), func(tx *ledger.Tx) error { return another(tx, "one") }); err != nil {
					return err
				}
				return book.Update(context.Background(), func(tx *ledger.Tx) error {
					_ = tx.Atomic(func() error { // an account that is taken back does not count
						_ = another(tx, "none")
						return errors.New("taken back")
					})
					return another(tx, "two")
				})
			},
		}},
		"MaxChartText": {size: ledger.MaxChartText, asks: map[string]func(*ledger.Tx, int) error{
			"file": func(_ *ledger.Tx, n int) error {
				file := "code,name,kind,normal,sub,note\n1,Kas,asset,debit,,"
				_, err := ledger.ReadChart(strings.NewReader(file + long(n-len(file))))
				return err
			},
		}},
		"MinYear": {size: ledger.MinYear, lower: true, asks: map[string]func(*ledger.Tx, int) error{
			"entry": posting(func(e *ledger.Entry, year int) { e.Date = ledger.On(year, time.January, 1) }),
			"date": func(_ *ledger.Tx, year int) error {
				_, err := ledger.ParseDate(fmt.Sprintf("%04d-01-01", year))
				return err
			},
		}},
		"MaxYear": {size: ledger.MaxYear, asks: map[string]func(*ledger.Tx, int) error{
			"entry": posting(func(e *ledger.Entry, year int) { e.Date = ledger.On(year, time.December, 31) }),
			"date": func(_ *ledger.Tx, year int) error {
				_, err := ledger.ParseDate(fmt.Sprintf("%04d-12-31", year))
				return err
			},
			"next": func(_ *ledger.Tx, year int) error { return ledger.On(year-1, time.December, 31).Next().Err() },
		}},
	}
}

// manyLines are n lines that sum to zero, on few accounts.
func manyLines(n int) []ledger.Line {
	lines := make([]ledger.Line, n)
	for i := range lines {
		lines[i] = ledger.Debit("10102", ledger.Minor(1))
		if i%2 == 1 {
			lines[i] = ledger.Credit("40401", ledger.Minor(1))
		}
	}
	if n%2 == 1 {
		lines[1].Amount = ledger.Minor(-2) // one debit more
	}
	return lines
}

// TestLimits asks at every named limit and one beyond.
func TestLimits(t *testing.T) {
	all := limits()
	file, err := parser.ParseFile(token.NewFileSet(), "limits.go", nil, 0)
	require.NoError(t, err)
	named := 0
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			named++
			require.Contains(t, all, spec.Names[0].Name, "a limit without a test")
		}
		return true
	})
	require.Len(t, all, named)
	back := errors.New("back out")
	for name, l := range all {
		if testing.Short() && l.size >= ledger.MaxChartAccounts {
			continue
		}
		book := newBook(t)
		_, err := book.Post(context.Background(), deposit("first", eventfulDay, "M1", 5))
		require.NoError(t, err)
		for what, ask := range l.asks {
			t.Run(name+" "+what, func(t *testing.T) {
				try := func(size int) (asked error) {
					err := book.Update(context.Background(), func(tx *ledger.Tx) error {
						asked = ask(tx, size)
						return back
					})
					require.ErrorIs(t, err, back)
					return asked
				}
				beyond := l.size + 1
				if l.lower {
					beyond = l.size - 1
				}
				require.NoError(t, try(l.size))
				require.Error(t, try(beyond))
			})
		}
	}
}

// TestManyLinesAreKept posts the longest entry there is and reads it back.
func TestManyLinesAreKept(t *testing.T) {
	if testing.Short() {
		t.Skip("two million lines")
	}
	ctx := context.Background()
	book := newBook(t)
	lines := manyLines(ledger.MaxLines)
	_, err := book.Post(ctx, ledger.Entry{Key: "T", Date: eventfulDay, Lines: lines})
	require.NoError(t, err)
	require.Equal(t, ledger.Minor(ledger.MaxLines/2), balanceOf(t, book, "10102", "", ledger.Latest()))
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		posted, found, err := tx.Entry(1)
		require.True(t, found && slices.Equal(lines, posted.Lines))
		return err
	}))
}
