package savings_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// The day's run marks what is due, each account once, whenever it is asked.
func TestMarkAllDormant(t *testing.T) {
	book, desk := newFullDesk(t)
	for n := 4; n <= 1_200; n++ {
		_, err := desk.Join(ctx, savings.Joining{Key: fmt.Sprintf("J/M%d", n), Date: day(time.January, 5), Member: fmt.Sprintf("M%d", n)})
		require.NoError(t, err)
	}
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error { // more than one Update of the run deals with
		for n := 1; n <= 1_200; n++ {
			m := fmt.Sprintf("M%d", n)
			if _, err := desk.OpenTx(tx, savings.Opening{Key: "O/" + m, Date: day(time.January, 10), Account: m + "-SIWA", Member: m, Product: "SIWA"}); err != nil {
				return err
			}
		}
		return nil
	}))
	paysIn(t, desk, "D1", "M1-SIWA", day(time.January, 10), 100_000)
	paysIn(t, desk, "D2", "M2-SIWA", day(time.June, 1), 100_000)
	paysIn(t, desk, "D3", "M3-SIWA", next(time.May, 1), 100_000) // dated ahead: he has been here
	_, err := desk.Charge(ctx, savings.Charge{Key: "F", Date: day(time.December, 31), Account: "M1-SIWA", Fee: savings.MonthlyFee})
	require.NoError(t, err)
	_, err = desk.Close(ctx, savings.Closing{Key: "C", Date: day(time.February, 1), Account: "M4-SIWA", Counter: teller})
	require.NoError(t, err)
	leaves(t, desk, "M5", day(time.February, 1))

	on := next(time.January, 10)
	early, err := desk.MarkAllDormant(ctx, savings.DormancyRun{Key: "early", Date: on.Prev()})
	require.NoError(t, err)
	require.Empty(t, early)
	run := savings.DormancyRun{Key: "pasif/" + on.String(), Date: on}
	marked, err := desk.MarkAllDormant(ctx, run)
	require.NoError(t, err)
	require.Len(t, marked, 1_200-4)
	want := savings.Dormancy{Since: on, Last: day(time.January, 10), Months: 12}
	for _, one := range marked {
		require.Equal(t, savings.DormancyMarked{Account: one.Account, Dormant: want}, one)
		require.NotContains(t, []string{"M2-SIWA", "M3-SIWA", "M4-SIWA", "M5-SIWA"}, one.Account)
	}
	require.Equal(t, want, accountOf(t, book, "M1-SIWA").Dormant)
	head, err := book.Head(ctx)
	require.NoError(t, err)
	again, err := desk.MarkAllDormant(ctx, run)
	require.NoError(t, err)
	require.Len(t, again, len(marked))
	for i, one := range again {
		require.True(t, one.Repeat)
		one.Repeat = false
		require.Equal(t, marked[i], one)
	}
	_, err = desk.MarkAllDormant(ctx, savings.DormancyRun{Key: run.Key, Date: on.Next()})
	require.ErrorIs(t, err, ledger.ErrKeyConflict, "a run's key is one day's")
	another, err := desk.MarkAllDormant(ctx, savings.DormancyRun{Key: "again", Date: on})
	require.NoError(t, err)
	require.Empty(t, another, "under another key there is nothing to do")
	after, err := book.Head(ctx)
	require.NoError(t, err)
	require.Equal(t, head, after)
	_, err = desk.MarkAllDormant(ctx, savings.DormancyRun{Key: "again"})
	refused(t, err, savings.ErrDate, "register.day")
	paysIn(t, desk, "D4", "M1-SIWA", on, 1_000)
	_, err = desk.Withdraw(ctx, savings.Withdrawal{Key: "W", Date: on, Account: "M1-SIWA", Amount: rupiah(1_000), Counter: teller})
	require.NoError(t, err)
	again, err = desk.MarkAllDormant(ctx, run)
	require.NoError(t, err)
	require.Len(t, again, len(marked)-1, "who came back is not marked by the same run")
	require.Zero(t, accountOf(t, book, "M1-SIWA").Dormant)
}

// However long an account sleeps, its balance stays the member's: no run, no
// charge that its terms do not name and no maturity takes it anywhere.
func TestDormantBalanceIsNeverIncome(t *testing.T) {
	book, desk := newFullDesk(t)
	terms := savings.Terms{From: day(time.January, 1), DormantMonths: 6}
	_, err := desk.AddProduct(ctx, savings.ProductOpening{Key: "P", Code: "PASIF", Akad: savings.Wadiah, Control: "20101", Terms: terms})
	require.NoError(t, err)
	opens(t, desk, "M1", "PASIF")
	paysIn(t, desk, "D", "M1-PASIF", day(time.February, 2), 750_000)
	balances := balancesOf(t, book)
	entries, err := book.Head(ctx)
	require.NoError(t, err)
	for month := range 30 * 12 {
		on := ledger.MonthOf(2026, time.February).Add(month).Last()
		_, err := desk.MarkAllDormant(ctx, savings.DormancyRun{Key: "P/" + on.String(), Date: on})
		require.NoError(t, err)
		_, err = desk.EndDay(ctx, savings.DayEnd{Key: "E/" + on.String(), Day: on, By: "manajer"})
		require.NoError(t, err)
		for _, fee := range []savings.Fee{savings.OpeningFee, savings.MonthlyFee, savings.InactiveFee, savings.PassbookFee} {
			_, err = desk.Charge(ctx, savings.Charge{Key: "F", Date: on, Account: "M1-PASIF", Fee: fee})
			refused(t, err, savings.ErrCommand, "charge.none")
		}
	}
	head, err := book.Head(ctx)
	require.NoError(t, err)
	require.Equal(t, entries.Entries, head.Entries)
	require.Equal(t, balances, balancesOf(t, book))
	require.Equal(t, day(time.August, 31), accountOf(t, book, "M1-PASIF").Dormant.Since)
}

func TestDormantRegister(t *testing.T) {
	book, desk := newFullDesk(t)
	opens(t, desk, "M1", "SIWA")
	opens(t, desk, "M2", "SIWA")
	opens(t, desk, "M3", "SIWA")
	paysIn(t, desk, "D1", "M1-SIWA", day(time.February, 2), 1_250_000)
	paysIn(t, desk, "D2", "M2-SIWA", day(time.February, 28), 20_000)
	paysIn(t, desk, "D3", "M3-SIWA", day(time.March, 3), 20_000)
	for n, on := range []ledger.Date{next(time.February, 2), next(time.February, 28), next(time.March, 3)} {
		_, err := desk.MarkAllDormant(ctx, savings.DormancyRun{Key: "P/" + on.String(), Date: on})
		require.NoError(t, err)
		require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
			list, err := savings.DormantIn(tx, on)
			require.Len(t, list.Rows, n+1)
			return err
		}))
	}
	_, err := desk.Charge(ctx, savings.Charge{Key: "F", Date: next(time.March, 31), Account: "M1-SIWA", Fee: savings.InactiveFee})
	require.NoError(t, err)
	paysIn(t, desk, "D4", "M3-SIWA", next(time.April, 3), 5_000)
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		list, err := savings.DormantIn(tx, next(time.April, 30))
		require.NoError(t, err)
		require.Equal(t, `DAFTAR REKENING PASIF
2027-04-30

Rekening  Anggota  Produk  Mutasi sendiri  Bulan      Saldo  Pasif sejak
------------------------------------------------------------------------
M1-SIWA   M1       SIWA    2026-02-02         12  1.248.500  2027-02-02
M2-SIWA   M2       SIWA    2026-02-28         12     20.000  2027-02-28
------------------------------------------------------------------------
                                                  1.268.500
`, text(t, list.Table(), false))
		require.Contains(t, text(t, list.Table(), true), "DORMANT ACCOUNTS")
		early, err := savings.DormantIn(tx, next(time.February, 27))
		require.NoError(t, err)
		require.Equal(t, "account,member,product,last,months,balance,since\nM1-SIWA,M1,SIWA,2026-02-02,12,1250000.00,2027-02-02\n", csvOf(t, early.Table()))
		_, err = savings.DormantIn(tx, ledger.Date{})
		refused(t, err, savings.ErrDate, "register.day")
		_, err = savings.LastOwnIn(tx, "NOBODY")
		refused(t, err, savings.ErrUnknown, "account.unknown")
		return nil
	}))
}

// An account that a record calls dormant although its member moved it is found.
func TestChecksFindDormant(t *testing.T) {
	book := newBook(t)
	desk := savings.NewDesk(book)
	for _, p := range products() {
		_, err := desk.AddProduct(ctx, p)
		require.NoError(t, err)
	}
	_, err := desk.Join(ctx, savings.Joining{Key: "J/M1", Date: day(time.January, 5), Member: "M1"})
	require.NoError(t, err)
	opens(t, desk, "M1", "SIWA")
	paysIn(t, desk, "D", "M1-SIWA", day(time.February, 2), 20_000)
	a := accountOf(t, book, "M1-SIWA")
	a.Dormant = savings.Dormancy{Since: day(time.March, 1), Last: day(time.January, 10), Months: 1}
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		data, err := json.Marshal(savings.Event{Name: savings.EventDormant, Date: day(time.March, 1), Account: a.ID, Dormant: a.Dormant})
		require.NoError(t, err)
		state, err := json.Marshal(a)
		require.NoError(t, err)
		_, err = tx.Save(ledger.Record{Key: "X", Kind: savings.KindAccount, ID: a.ID, Version: 3, Event: "dormant", Format: 1, Data: data, State: state})
		return err
	}))
	var all []string
	for finding, err := range book.Check(ctx, savings.Checks()...) {
		require.NoError(t, err)
		all = append(all, finding.String())
	}
	require.Equal(t, []string{"savings.dormant: account 20101/M1-SIWA: the account is dormant since 2026-03-01 " +
		"for want of a movement since 2026-01-10, its member moved it on 2026-02-02"}, all)
}
