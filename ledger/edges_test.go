package ledger_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// worded is one kind of command with its texts and dates to vary.
type worded struct {
	name string
	ask  func(tx *ledger.Tx, key, text string, day ledger.Date, amount ledger.Money) error
}

// wordedCommands are all that keep a reason or a person's name.
var wordedCommands = []worded{
	{"open sub", func(tx *ledger.Tx, key, text string, _ ledger.Date, amount ledger.Money) error {
		return tx.OpenSub(ledger.SubOpening{Key: key, Account: "30101", Sub: "M9", Floor: ledger.Floor{}.WithSoft(amount), By: text})
	}},
	{"floor", func(tx *ledger.Tx, key, text string, _ ledger.Date, amount ledger.Money) error {
		return tx.SetFloor(ledger.FloorSetting{Key: key, Account: "30101", Sub: "M1", Floor: ledger.Floor{}.WithSoft(amount), Reason: text, By: text})
	}},
	{"floor of an account", func(tx *ledger.Tx, key, text string, _ ledger.Date, amount ledger.Money) error {
		return tx.SetFloor(ledger.FloorSetting{Key: key, Account: "30101", Floor: ledger.Floor{}.WithSoft(amount), Reason: text, By: text})
	}},
	{"block", func(tx *ledger.Tx, key, text string, _ ledger.Date, _ ledger.Money) error {
		return tx.SetBlock(ledger.BlockSetting{Key: key, Account: "30101", Sub: "M1", Reason: text, By: text})
	}},
	{"hold", func(tx *ledger.Tx, key, text string, day ledger.Date, amount ledger.Money) error {
		_, err := tx.Hold(ledger.Hold{Key: key, Account: "30101", Sub: "M1", Amount: amount, From: day, Reason: text, By: text})
		return err
	}},
	{"release", func(tx *ledger.Tx, key, text string, _ ledger.Date, amount ledger.Money) error {
		_, err := tx.Release(ledger.Release{Key: key, Hold: "H", Amount: amount, Reason: text, By: text})
		return err
	}},
	{"close", func(tx *ledger.Tx, key, text string, day ledger.Date, _ ledger.Money) error {
		return tx.Close(ledger.PeriodClosing{Key: key, Through: day, Reason: text, By: text})
	}},
	{"reopen", func(tx *ledger.Tx, key, text string, day ledger.Date, _ ledger.Money) error {
		return tx.Reopen(ledger.PeriodReopening{Key: key, Through: day, SoftThrough: day, Reason: text, By: text})
	}},
	{"retire", func(tx *ledger.Tx, key, text string, _ ledger.Date, _ ledger.Money) error {
		return tx.Retire(ledger.Retirement{Key: key, Account: "50101", Reason: text, By: text})
	}},
	{"assert", func(tx *ledger.Tx, key, text string, day ledger.Date, amount ledger.Money) error {
		return tx.Assert(ledger.Assertion{Key: key, Account: "10102", Date: day, Balance: amount, Document: text, By: text})
	}},
}

// commandBook has savings of 100, a hold of 1, and days closed through 25 October.
func commandBook(t *testing.T) *ledger.Book {
	ctx := context.Background()
	book := newBook(t)
	_, err := book.Post(ctx, deposit("D", ledger.On(2026, 11, 1), "M1", 100))
	require.NoError(t, err)
	require.NoError(t, book.CloseThrough(ctx, ledger.PeriodClosing{Key: "C", Through: ledger.On(2026, 10, 25)}))
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		_, err := tx.Hold(ledger.Hold{Key: "H", Account: "30101", Sub: "M1", Amount: ledger.IDR.Of(1), From: ledger.On(2026, 11, 1), Reason: "jaminan"})
		return err
	}))
	return book
}

// TestTextsOfCommands takes texts of the longest length, each by itself, and
// refuses one byte more and what does not print on one line.
func TestTextsOfCommands(t *testing.T) {
	days := map[string]ledger.Date{"close": ledger.On(2026, 10, 26), "reopen": ledger.On(2026, 10, 1), "assert": ledger.On(2026, 10, 31), "hold": ledger.On(2026, 11, 1)}
	amounts := map[string]ledger.Money{"assert": {}}
	for _, c := range wordedCommands {
		t.Run(c.name, func(t *testing.T) {
			book := commandBook(t)
			amount, given := amounts[c.name]
			if !given {
				amount = ledger.IDR.Of(1)
			}
			ask := func(text string) error {
				return book.Update(context.Background(), func(tx *ledger.Tx) error { return c.ask(tx, "K", text, days[c.name], amount) })
			}
			for _, text := range []string{strings.Repeat("x", ledger.MaxText+1), "a\nb", "a\xffb", "a\u2028b"} {
				require.Equal(t, ledger.CodeTextInvalid, codeOf(t, ask(text)))
			}
			require.NoError(t, ask(strings.Repeat("x", ledger.MaxText)))
		})
	}
}

// TestNoDayNoAmount refuses what is none with its code, after the key.
func TestNoDayNoAmount(t *testing.T) {
	noDay, noAmount := ledger.On(2026, 11, 31), ledger.Minor(ledger.MaxMoney).Add(ledger.Minor(1))
	dated := map[string]bool{"hold": true, "close": true, "reopen": true, "assert": true}
	for _, c := range wordedCommands {
		t.Run(c.name, func(t *testing.T) {
			book := commandBook(t)
			ask := func(key string, day ledger.Date, amount ledger.Money) ledger.Code {
				before, err := book.Head(context.Background())
				require.NoError(t, err)
				code := codeOf(t, book.Update(context.Background(), func(tx *ledger.Tx) error { return c.ask(tx, key, "x", day, amount) }))
				after, err := book.Head(context.Background())
				require.NoError(t, err)
				require.Equal(t, before, after)
				return code
			}
			if dated[c.name] {
				require.Equal(t, ledger.CodeKeyMissing, ask("", noDay, ledger.IDR.Of(1)))
				require.Equal(t, ledger.CodeKeyConflict, ask("D", noDay, ledger.IDR.Of(1)))
				require.Equal(t, ledger.CodeDateInvalid, ask("K", noDay, ledger.IDR.Of(1)))
			}
			switch c.name {
			case "open sub", "floor", "floor of an account":
				require.Equal(t, ledger.CodeKeyConflict, ask("D", ledger.Date{}, noAmount))
				require.Equal(t, ledger.CodeFloorInvalid, ask("K", ledger.Date{}, noAmount))
			case "hold", "release", "assert":
				require.Equal(t, ledger.CodeKeyConflict, ask("D", ledger.On(2026, 11, 1), noAmount))
				require.Contains(t, []ledger.Code{ledger.CodeAmountInvalid, ledger.CodeHoldInvalid}, ask("K", ledger.On(2026, 11, 1), noAmount))
			}
		})
	}
}

func codeOf(t *testing.T, err error) ledger.Code {
	t.Helper()
	if errors.Is(err, ledger.ErrKeyConflict) {
		return ledger.CodeKeyConflict
	}
	var refusal *ledger.Refusal
	require.ErrorAs(t, err, &refusal)
	return refusal.Code
}

// TestFloorFarAway keeps floors whose distance from the balance is more than
// an amount can be.
func TestFloorFarAway(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	most := ledger.Minor(ledger.MaxMoney)
	_, err := book.Post(ctx, deposit("D", ledger.On(2026, 11, 1), "M1", -5)) // below zero by five
	require.NoError(t, err)
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		return tx.SetFloor(ledger.FloorSetting{Key: "F", Account: "30101", Sub: "M1", Floor: ledger.Floor{}.WithSoft(most)})
	}))
	_, err = book.Post(ctx, deposit("W", ledger.On(2026, 11, 1), "M1", -1))
	require.ErrorIs(t, err, ledger.ErrFloor)
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		return tx.SetFloor(ledger.FloorSetting{Key: "F2", Account: "30101", Sub: "M1", Floor: ledger.HardFloor(most.Neg())})
	}))
	_, err = book.Post(ctx, ledger.Entry{Key: "D2", Date: ledger.On(2026, 11, 1), Lines: []ledger.Line{
		ledger.Debit("10102", most), ledger.Credit("30101", most).For("M1"),
	}})
	require.NoError(t, err)
	_, err = book.Post(ctx, deposit("W2", ledger.On(2026, 11, 1), "M1", -1)) // there is more room than an amount can say
	require.NoError(t, err)
}

// TestViewedLater says of a transaction that is over that it is, in each list.
func TestViewedLater(t *testing.T) {
	book := commandBook(t)
	var tx *ledger.Tx
	require.NoError(t, book.View(context.Background(), func(open *ledger.Tx) error { tx = open; return nil }))
	var errs []error
	for _, err := range tx.Accounts() {
		errs = append(errs, err)
	}
	for _, err := range tx.Subs("30101", "") {
		errs = append(errs, err)
	}
	for _, err := range tx.Changes(1) {
		errs = append(errs, err)
	}
	for _, err := range tx.Lines(ledger.LineQuery{}) {
		errs = append(errs, err)
	}
	for _, err := range tx.Entries(1) {
		errs = append(errs, err)
	}
	for _, err := range tx.History("savings", "M1") {
		errs = append(errs, err)
	}
	for _, err := range tx.Records("savings", "") {
		errs = append(errs, err)
	}
	for _, err := range tx.Assertions() {
		errs = append(errs, err)
	}
	for _, err := range tx.Balances(ledger.Latest()) {
		errs = append(errs, err)
	}
	for _, err := range tx.Turnovers("30101", "M1", ledger.On(2026, 1, 1), ledger.On(2026, 12, 31)) {
		errs = append(errs, err)
	}
	_, err := tx.ChangesOf(ledger.Command{Key: "D", First: 1, Last: 2})
	require.Len(t, errs, 10)
	for _, err := range append(errs, err) {
		require.ErrorIs(t, err, ledger.ErrTxDone)
	}
}

// TestCarriedAgain carries a result again after the entry was reversed.
func TestCarriedAgain(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	last := ledger.On(2025, 12, 31)
	_, err := book.Post(ctx, ledger.Entry{Key: "I", Date: last, Lines: []ledger.Line{ledger.Debit("10102", ledger.IDR.Of(9)), ledger.Credit("40402", ledger.IDR.Of(9))}})
	require.NoError(t, err)
	carry := func() (carried ledger.Posted, found bool) {
		require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) (err error) {
			carried, found, err = tx.CarryResult(ledger.CarryResult{Key: "awal", Day: last.Next(), From: "40402", To: "40401"})
			return err
		}))
		return carried, found
	}
	first, found := carry()
	require.True(t, found)
	_, err = book.Reverse(ctx, ledger.Reversal{Key: "R", Entry: first.Number, Date: last.Next(), Reason: "salah"})
	require.NoError(t, err)
	second, found := carry()
	require.True(t, found)
	require.False(t, second.Repeat)
	require.Equal(t, "awal/2", second.Key)
	third, _ := carry()
	require.True(t, third.Repeat)
	require.Equal(t, second.Number, third.Number)
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		balance, err := tx.Balance("40401", "", ledger.Latest())
		require.Equal(t, ledger.IDR.Of(-9), balance)
		return err
	}))
}
