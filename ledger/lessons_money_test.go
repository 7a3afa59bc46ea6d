package ledger_test

import (
	"context"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"math/big"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// TestFloatMoney: no way leads from a float to an amount. 4.35 and 147.23 are
// the amounts that a float constructor loses a unit of.
func TestFloatMoney(t *testing.T) {
	for text, want := range map[string]int64{"4.35": 435, "147.23": 14723, "1.15": 115, "100.10": 10010} {
		m, err := ledger.IDR.Parse(text)
		require.NoError(t, err)
		require.Equal(t, ledger.Minor(want), m)
		m, err = ledger.IDR.Exact(decimal.RequireFromString(text))
		require.NoError(t, err)
		require.Equal(t, ledger.Minor(want), m)
	}
	var m ledger.Money
	require.ErrorIs(t, m.Scan(4.35), ledger.ErrMoney)
	for _, text := range []string{"4.35", "435.0", "4.35e2", "435e0", `"435"`, "NaN", "null"} {
		require.Error(t, json.Unmarshal([]byte(text), &m), text)
	}
	// No function, field or conversion of the package knows a float.
	names, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && strings.HasPrefix(id.Name, "float") {
				require.Equal(t, "money.go", name, "%s: only the refusal of a database column names a float", id.Name)
			}
			if id, ok := n.(*ast.SelectorExpr); ok {
				require.NotContains(t, []string{"Float64", "InexactFloat64", "NewFromFloat", "SetFloat64", "ParseFloat"}, id.Sel.Name, name)
			}
			return true
		})
	}
}

// TestSilentOverflow: what is too large is refused where it arises, at last by
// the book.
func TestSilentOverflow(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	most, one := ledger.Minor(ledger.MaxMoney), ledger.Minor(1)
	tooMuch := most.Add(one)
	require.ErrorIs(t, tooMuch.Err(), ledger.ErrMoney)
	require.ErrorIs(t, ledger.Sum(most, one, most.Neg()).Err(), ledger.ErrMoney)
	require.ErrorIs(t, ledger.IDR.Of(92_233_720_368_547_759).Err(), ledger.ErrMoney)

	entry := func(key string, amounts ...ledger.Money) ledger.Entry {
		e := ledger.Entry{Key: key, Date: eventfulDay}
		for _, m := range amounts {
			e.Lines = append(e.Lines, ledger.Line{Account: "30101", Sub: "M1", Amount: m})
		}
		return e
	}
	code := func(e ledger.Entry) ledger.Code {
		_, err := book.Post(ctx, e)
		var refusal *ledger.Refusal
		require.ErrorAs(t, err, &refusal)
		return refusal.Code
	}
	require.Equal(t, ledger.CodeAmountInvalid, code(entry("a", tooMuch, tooMuch.Neg())))
	require.Equal(t, ledger.CodeUnbalanced, code(entry("b", most, most, most)), "the difference is more than an amount can say")
	require.Equal(t, ledger.CodeBalanceOverflow, code(entry("c", most, most, most.Neg(), most.Neg())))

	full := ledger.Entry{Key: "full", Date: eventfulDay, Lines: []ledger.Line{ledger.Debit("10102", most), ledger.Credit("30101", most).For("M1")}}
	_, err := book.Post(ctx, full)
	require.NoError(t, err)
	for i, day := range []ledger.Date{eventfulDay.AddDays(-1), eventfulDay, eventfulDay.AddDays(1)} {
		e := deposit(string(rune('d'+i)), day, "M2", 1)
		require.Equal(t, ledger.CodeBalanceOverflow, code(e), "on %s", day)
	}
	// Sums over accounts say so instead of wrapping around.
	_, err = book.Post(ctx, ledger.Entry{Key: "more", Date: eventfulDay, Lines: []ledger.Line{ledger.Debit("60101", most), ledger.Credit("30101", most).For("M2")}})
	require.NoError(t, err)
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		_, err := tx.Balance("30101", "", ledger.Latest())
		require.ErrorIs(t, err, ledger.ErrMoney)
		_, err = tx.KindBalance(ledger.Syirkah, ledger.Latest())
		require.ErrorIs(t, err, ledger.ErrMoney)
		_, _, err = tx.Turnover("30101", "", ledger.Span{From: eventfulDay, Through: eventfulDay})
		require.ErrorIs(t, err, ledger.ErrMoney)
		days, err := tx.BalanceDays("30101", "", eventfulDay, ledger.On(ledger.MaxYear, time.December, 31))
		require.NoError(t, err, "balance-days have the room")
		n := int64(eventfulDay.DaysUntil(ledger.On(ledger.MaxYear, time.December, 31)) + 1)
		want := new(big.Int).Mul(big.NewInt(-2*n), big.NewInt(ledger.MaxMoney))
		require.Zero(t, want.Cmp(days.Big()))
		return nil
	}))
}

// TestSilentRounding: exact, or an error.
func TestSilentRounding(t *testing.T) {
	for _, text := range []string{"999999999999999999.9", "0.001", "1.005", "0.0000000000000000000000001", "100.001"} {
		_, err := ledger.IDR.Exact(decimal.RequireFromString(text))
		require.ErrorIs(t, err, ledger.ErrMoney, text)
		_, err = ledger.IDR.Parse(text)
		require.ErrorIs(t, err, ledger.ErrMoney, text)
	}
	// The last unit counts at every size.
	large, err := ledger.IDR.Parse("92233720368547757.91")
	require.NoError(t, err)
	next, err := ledger.IDR.Parse("92233720368547757.92")
	require.NoError(t, err)
	require.Equal(t, ledger.Minor(1), next.Sub(large))
	back, err := ledger.IDR.Decimal(large)
	require.NoError(t, err)
	require.Equal(t, "92233720368547757.91", back.StringFixed(2))
}

// TestRoundingDrift: a price split over months, a profit over members: the
// parts are the whole, in the book too, and the scale is the currency's.
func TestRoundingDrift(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	total := ledger.IDR.Of(10_000_001)
	weights := make([]int64, 7)
	for i := range weights {
		weights[i] = 1
	}
	_, err := book.Post(ctx, ledger.Entry{Key: "whole", Date: eventfulDay, Lines: []ledger.Line{ledger.Debit("10102", total), ledger.Credit("50101", total)}})
	require.NoError(t, err)
	for _, step := range []ledger.Money{ledger.Minor(1), ledger.IDR.Of(1)} {
		parts, err := ledger.AllocateInts(total, step, weights)
		require.NoError(t, err)
		require.Equal(t, total, ledger.Sum(parts...))
		e := ledger.Entry{Key: "split by " + step.String(), Date: eventfulDay, Lines: []ledger.Line{ledger.Debit("50101", total)}}
		for i, part := range parts {
			require.LessOrEqual(t, part.Sub(parts[len(parts)-1]).Minor(), step.Minor())
			e.Lines = append(e.Lines, ledger.Credit("30101", part).For("M"+string(rune('1'+i))))
		}
		_, err = book.Post(ctx, e)
		require.NoError(t, err)
	}
	require.Equal(t, total.Add(total).Neg(), balanceOf(t, book, "30101", "", ledger.Latest()))

	whole, err := ledger.NewCurrency("XAU", 0)
	require.NoError(t, err)
	_, err = whole.Parse("1.0")
	require.ErrorIs(t, err, ledger.ErrMoney, "the scale is declared, never inferred")
}

// TestLocaleNumbers: one machine form, and one Indonesian form for people; no
// text means two amounts.
func TestLocaleNumbers(t *testing.T) {
	for _, c := range []struct {
		text           string
		machine, local string // the amount in rupiah, empty for a refusal
	}{
		{"1000", "1000.00", "1000.00"},
		{"1.000", "", "1000.00"},
		{"1,000", "", ""},
		{"1.5", "1.50", ""},
		{"1,5", "", "1.50"},
		{"100.00", "100.00", ""},
		{"1.234.567,50", "", "1234567.50"},
		{"1,234,567.50", "", ""},
		{"1'234", "", ""},
		{"1 234", "", ""},
		{"１２３", "", ""},
		{"1e3", "", ""},
		{"0x10", "", ""},
		{"+5", "", ""},
		{"−5", "", ""},
		{"(5)", "", ""},
		{"", "", ""},
	} {
		for _, reading := range []struct {
			parse func(string) (ledger.Money, error)
			want  string
		}{{ledger.IDR.Parse, c.machine}, {ledger.IDR.ParseLocal, c.local}} {
			m, err := reading.parse(c.text)
			if reading.want == "" {
				require.ErrorIs(t, err, ledger.ErrMoney, c.text)
				continue
			}
			require.NoError(t, err, c.text)
			require.Equal(t, reading.want, ledger.IDR.Format(m), c.text)
		}
	}
}
