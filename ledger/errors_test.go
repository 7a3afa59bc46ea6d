package ledger_test

import (
	"context"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// codesInSource returns the values of all Code constants of errors.go, in
// their order.
func codesInSource(t *testing.T) []ledger.Code {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "errors.go", nil, 0)
	require.NoError(t, err)
	var codes []ledger.Code
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if name, ok := spec.Type.(*ast.Ident); ok && name.Name == "Code" {
			value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			require.NoError(t, err)
			codes = append(codes, ledger.Code(value))
		}
		return true
	})
	return codes
}

// TestErrorCatalogue holds every refusal's message to testdata, where it can be
// proofread: one line a code, what and which and how much.
func TestErrorCatalogue(t *testing.T) {
	book := refusingBook(t)
	makes := violations()
	asks := refusedAsks()
	var catalogue strings.Builder
	for _, code := range codesInSource(t) {
		ask := asks[code]
		if v, ofEntries := makes[code]; ofEntries {
			require.Nil(t, ask, code)
			ask = func(tx *ledger.Tx) error { _, err := tx.Post(violating(v)); return err }
		}
		require.NotNil(t, ask, "no situation for %s", code)
		err := book.Update(context.Background(), ask)
		if code == ledger.CodeKeyConflict {
			require.ErrorIs(t, err, ledger.ErrKeyConflict)
		} else {
			refusedAs(t, err, code)
		}
		require.NotContains(t, err.Error(), "\n")
		require.Equal(t, 1, strings.Count(err.Error(), "ledger:"), "%s", err)
		fmt.Fprintf(&catalogue, "%-21s %s\n", code, err)
	}
	golden(t, "errors.golden.txt", catalogue.String())
}

// refusedAsks are the situations of the codes that no entry leads to.
func refusedAsks() map[ledger.Code]func(*ledger.Tx) error {
	rp, day := ledger.IDR.Of, eventfulDay
	hold := func(h ledger.Hold) func(*ledger.Tx) error {
		return func(tx *ledger.Tx) error { _, err := tx.Hold(h); return err }
	}
	reverse := func(number uint64, r ledger.Reversal) func(*ledger.Tx) error {
		return func(tx *ledger.Tx) error {
			r.Entry, r.Date = number, day
			_, err := tx.Reverse(r)
			return err
		}
	}
	save := func(r ledger.Record) func(*ledger.Tx) error {
		return func(tx *ledger.Tx) error { _, err := tx.Save(r); return err }
	}
	return map[ledger.Code]func(*ledger.Tx) error{
		ledger.CodeAccountExists: func(tx *ledger.Tx) error { return tx.AddAccount("A1", testChart()[0]) },
		ledger.CodeAccountInvalid: func(tx *ledger.Tx) error {
			return tx.AddAccount("A1", ledger.Account{Code: " 1 ", Name: "Kas\tKecil", Kind: ledger.Asset, Normal: ledger.DebitSide, Header: true, Control: true})
		},
		ledger.CodeAccountNotZero: func(tx *ledger.Tx) error {
			return tx.Retire(ledger.Retirement{Key: "A1", Account: "30101", Reason: "produk ditutup"})
		},
		ledger.CodeSubExists: func(tx *ledger.Tx) error {
			if err := tx.OpenSub(ledger.SubOpening{Key: "S1", Account: "30101", Sub: "M1", Holder: "M-0001"}); err != nil {
				return err
			}
			return tx.OpenSub(ledger.SubOpening{Key: "S2", Account: "30101", Sub: "M1", Holder: "M-0002"})
		},
		ledger.CodeFloorInvalid: func(tx *ledger.Tx) error {
			return tx.SetFloor(ledger.FloorSetting{Key: "F1", Account: "30101", Sub: "HELD", Floor: ledger.HardFloor(rp(250_000))})
		},
		ledger.CodeHoldInvalid:  hold(ledger.Hold{Key: "H1", Account: "30101", Sub: "HELD", Amount: rp(5), From: day, Until: day.Prev(), Reason: "jaminan"}),
		ledger.CodeHoldTooLarge: hold(ledger.Hold{Key: "H1", Account: "30101", Sub: "FLOOR", Amount: rp(75), From: day, Reason: "jaminan"}),
		ledger.CodeHoldUnknown: func(tx *ledger.Tx) error {
			_, err := tx.Release(ledger.Release{Key: "H2", Hold: "H1", Reason: "lunas"})
			return err
		},
		ledger.CodeEntryUnknown: reverse(99, ledger.Reversal{Key: "R1", Reason: "salah rekening"}),
		ledger.CodeReversedAlready: func(tx *ledger.Tx) error {
			if err := reverse(4, ledger.Reversal{Key: "R1", Reason: "salah"})(tx); err != nil {
				return err
			}
			return reverse(4, ledger.Reversal{Key: "R2", Reason: "salah lagi"})(tx)
		},
		ledger.CodeReversalOfReverse: func(tx *ledger.Tx) error {
			if err := reverse(4, ledger.Reversal{Key: "R1", Reason: "salah"})(tx); err != nil {
				return err
			}
			return reverse(5, ledger.Reversal{Key: "R2", Reason: "ternyata benar"})(tx)
		},
		ledger.CodeReversalOfSource: func(tx *ledger.Tx) error {
			e := deposit("M1", day, "M1", 5)
			e.Source = ledger.Source{Kind: "murabahah", ID: "MRB-0001", Version: 1, Event: "pay"}
			if _, err := postEvent(tx, e); err != nil {
				return err
			}
			return reverse(5, ledger.Reversal{Key: "R1", Reason: "salah"})(tx)
		},
		ledger.CodeReasonMissing: reverse(4, ledger.Reversal{Key: "R1"}),
		ledger.CodeRecordInvalid: save(ledger.Record{Key: "V1", Kind: "murabahah", ID: "MRB-0001", Version: 1, Event: "order", State: json.RawMessage("{")}),
		ledger.CodeRecordStale:   save(ledger.Record{Key: "V1", Kind: "murabahah", ID: "MRB-0001", Version: 3, Event: "pay", State: json.RawMessage("{}")}),
		ledger.CodeAssertionFailed: func(tx *ledger.Tx) error {
			return tx.Assert(ledger.Assertion{Key: "C1", Account: "10102", Date: day, Balance: rp(301_500), Document: "BA kas"})
		},
		ledger.CodeAdoptionFailed: func(tx *ledger.Tx) error {
			_, err := tx.Adopt(ledger.Adoption{
				Record: ledger.Record{Key: "V1", Kind: "savings", ID: "HELD", Version: 1, Event: "adopt", State: json.RawMessage("{}")},
				Day:    day, Claims: []ledger.Claim{{Account: "30101", Sub: "HELD", Balance: rp(-1_250_000)}},
			})
			return err
		},
		ledger.CodeClosingInvalid: func(tx *ledger.Tx) error {
			return tx.Close(ledger.PeriodClosing{Key: "P1", Through: ledger.On(2025, 11, 30)})
		},
	}
}

// TestErrorsOfBooks: what is no refusal of a command names the book.
func TestErrorsOfBooks(t *testing.T) {
	ctx := context.Background()
	store := ledger.NewMemory()
	config := ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Chart: testChart(), Clock: fixedClock()}
	_, err := ledger.Open(ctx, store, config)
	require.ErrorIs(t, err, ledger.ErrNoBook)
	require.EqualError(t, err, `ledger: no such book: "kspps-melati"`)
	_, err = ledger.Create(ctx, store, config)
	require.NoError(t, err)
	_, err = ledger.Create(ctx, store, config)
	require.ErrorIs(t, err, ledger.ErrBookExists)
	require.EqualError(t, err, `ledger: book exists: "kspps-melati"`)
	for _, c := range []struct {
		name   string
		store  ledger.Store
		change func(*ledger.Config)
		want   string
	}{
		{"no store", nil, func(*ledger.Config) {}, `ledger: book "kspps-melati": no store`},
		{"no clock", store, func(c *ledger.Config) { c.Clock = nil }, `ledger: book "kspps-melati": no clock`},
		{"no id", store, func(c *ledger.Config) { c.ID = "" }, "ledger: a book needs an id"},
		{"id of two lines", store, func(c *ledger.Config) { c.ID = "a\nb" }, `ledger: book id "a\nb" has a control character (U+000A)`},
		{"no currency", store, func(c *ledger.Config) { c.ID, c.Currency = "b", ledger.Currency{} }, `ledger: book "b": no currency`},
		{"no chart", store, func(c *ledger.Config) { c.ID, c.Chart = "b", nil }, `ledger: book "b": ledger: chart has no accounts`},
		{"floor that is no amount", store, func(c *ledger.Config) {
			c.ID, c.Chart = "b", ledger.Chart{{Code: "1", Kind: ledger.Asset, Normal: ledger.DebitSide, Floor: ledger.HardFloor(ledger.IDR.Of(1 << 62))}}
		}, `ledger: book "b": ledger: chart line 1: account "1": floor: not an amount: beyond the largest amount`},
	} {
		broken := config
		c.change(&broken)
		_, err := ledger.Create(ctx, c.store, broken)
		require.EqualError(t, err, c.want, c.name)
	}
}
