package savings_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

func accountOf(t testing.TB, book *ledger.Book, id string) (a savings.Account) {
	t.Helper()
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) (err error) {
		a, _, err = savings.AccountIn(tx, id)
		return err
	}))
	return a
}

func reverses(desk *savings.Desk, key, of string, on ledger.Date) error {
	_, err := desk.Reverse(ctx, savings.Reversal{Key: key, Of: of, Date: on, Reason: "keliru", Approver: "manajer"})
	return err
}

// Every command with an entry is taken back by its own event: the books and
// the records stand as before.
func TestReverseEach(t *testing.T) {
	on := day(time.March, 1)
	for _, test := range []struct {
		name   string
		do     func(d *savings.Desk) error
		watch  []string // accounts whose state must be as before
		member string
	}{
		{"first deposit", func(d *savings.Desk) error {
			_, err := d.Deposit(ctx, savings.Deposit{Key: "X", Date: on, Account: "M2-SIMUDA", Amount: rupiah(20_000), Counter: teller})
			return err
		}, []string{"M2-SIMUDA"}, ""},
		{"further deposit", func(d *savings.Desk) error {
			_, err := d.Deposit(ctx, savings.Deposit{Key: "X", Date: on, Account: "M1-SIWA", Amount: rupiah(20_000), Counter: teller})
			return err
		}, []string{"M1-SIWA"}, ""},
		{"withdrawal", func(d *savings.Desk) error {
			_, err := d.Withdraw(ctx, savings.Withdrawal{Key: "X", Date: on, Account: "M1-SIWA", Amount: rupiah(20_000), Counter: teller})
			return err
		}, []string{"M1-SIWA"}, ""},
		{"first transfer", func(d *savings.Desk) error {
			_, err := d.Transfer(ctx, savings.Transfer{Key: "X", Date: on, From: "M1-SIWA", To: "M2-SIMUDA", Amount: rupiah(20_000)})
			return err
		}, []string{"M1-SIWA", "M2-SIMUDA"}, ""},
		{"fee", func(d *savings.Desk) error {
			_, err := d.Charge(ctx, savings.Charge{Key: "X", Date: on, Account: "M1-SIWA", Fee: savings.MonthlyFee})
			return err
		}, []string{"M1-SIWA"}, ""},
		{"dues", func(d *savings.Desk) error {
			_, err := d.CollectDues(ctx, savings.DuesCollection{Key: "X", Date: on, Account: "M1-WAJIB"})
			return err
		}, []string{"M1-SIWA", "M1-WAJIB"}, ""},
		{"call", func(d *savings.Desk) error {
			_, err := d.CallDues(ctx, savings.DuesCall{Key: "X", Date: on, Account: "M1-PANGGIL", Month: ledger.MonthOf(2026, time.January)})
			return err
		}, []string{"M1-PANGGIL"}, ""},
		{"closing", func(d *savings.Desk) error {
			_, err := d.Close(ctx, savings.Closing{Key: "X", Date: on, Account: "M1-SIWA", Counter: teller})
			return err
		}, []string{"M1-SIWA"}, ""},
		{"conversion", func(d *savings.Desk) error {
			_, err := d.Convert(ctx, savings.Conversion{Key: "X", Date: on, Account: "M1-SIWA", To: "NEW", Product: "SIMUDA", Document: "akad/1"})
			return err
		}, []string{"M1-SIWA"}, ""},
		{"cash", func(d *savings.Desk) error {
			_, err := d.MoveCash(ctx, savings.CashMove{Key: "X", Date: on, From: vault, To: teller, Amount: rupiah(1)})
			return err
		}, nil, ""},
		{"nisbah", func(d *savings.Desk) error {
			_, err := d.Agree(ctx, savings.Agreement{Key: "X", Account: "M2-SIMUDA", Nisbah: savings.DatedRatio{From: on, Ratio: ratio("0.6")}, Document: "adendum"})
			return err
		}, []string{"M2-SIMUDA"}, ""},
		{"settlement", func(d *savings.Desk) error {
			_, err := d.Settle(ctx, savings.Settlement{Key: "X", Date: on, Member: "M3"})
			return err
		}, []string{"M3-SIWA"}, "M3"},
	} {
		t.Run(test.name, func(t *testing.T) {
			book, desk := newFullDesk(t)
			opens(t, desk, "M1", "SIWA", "WAJIB", "PANGGIL")
			opens(t, desk, "M2", "SIMUDA")
			opens(t, desk, "M3", "SIWA")
			paysIn(t, desk, "D1", "M1-SIWA", day(time.February, 1), 500_000)
			paysIn(t, desk, "D3", "M3-SIWA", day(time.February, 1), 70_000)
			_, err := desk.MandateDues(ctx, savings.DuesMandate{Key: "MD", Date: day(time.February, 1), Account: "M1-WAJIB", From: "M1-SIWA", Document: "kuasa"})
			require.NoError(t, err)
			leaves(t, desk, "M3", day(time.February, 20))
			var before []savings.Account
			for _, id := range test.watch {
				before = append(before, accountOf(t, book, id))
			}
			balances := balancesOf(t, book)
			require.NoError(t, test.do(desk))
			require.NoError(t, reverses(desk, "R", "X", on))
			require.NoError(t, reverses(desk, "R", "X", on), "a repeat")
			for i, id := range test.watch {
				require.Equal(t, before[i], accountOf(t, book, id))
			}
			require.Equal(t, balances, balancesOf(t, book))
			if test.member != "" {
				require.Equal(t, savings.MemberResigned, memberOf(t, book, test.member).State())
			}
			require.ErrorIs(t, reverses(desk, "R2", "R", on), savings.ErrReversal)
			// What was taken back can be carried out again, under another key.
			require.Error(t, reverses(desk, "R3", "X", on), "not twice")
		})
	}
}

func balancesOf(t testing.TB, book *ledger.Book) map[string]ledger.Money {
	t.Helper()
	balances := make(map[string]ledger.Money)
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		for b, err := range tx.Balances(ledger.Latest()) {
			if err != nil {
				return err
			}
			balances[b.Account.Code+"/"+b.Sub] = b.Amount
		}
		return nil
	}))
	return balances
}

func TestReverseLatestFirst(t *testing.T) {
	book, desk := newFullDesk(t)
	opens(t, desk, "M1", "SIMUDA")
	paysIn(t, desk, "D1", "M1-SIMUDA", day(time.February, 1), 20_000)
	paysIn(t, desk, "D2", "M1-SIMUDA", day(time.February, 2), 5_000)
	_, err := desk.Agree(ctx, savings.Agreement{Key: "N", Account: "M1-SIMUDA", Nisbah: savings.DatedRatio{From: day(time.March, 1), Ratio: ratio("0.5")}, Document: "adendum"})
	require.NoError(t, err)
	err = reverses(desk, "R1", "D1", day(time.March, 2))
	refused(t, err, savings.ErrNotLatest, "reverse.not_latest")
	require.ErrorContains(t, err, `went on with "nisbah" under key "N"`)
	require.NoError(t, reverses(desk, "R2", "N", day(time.March, 2)))
	require.Empty(t, accountOf(t, book, "M1-SIMUDA").Nisbah)
	refused(t, reverses(desk, "R3", "N", day(time.March, 2)), savings.ErrReversal, "reverse.again")
	_, err = desk.Withdraw(ctx, savings.Withdrawal{Key: "W", Date: day(time.March, 2), Account: "M1-SIMUDA", Amount: rupiah(5_001), Counter: teller, Waiver: "izin"})
	require.NoError(t, err)
	require.ErrorIs(t, reverses(desk, "R1", "D1", day(time.March, 2)), ledger.ErrFloor, "the money is gone")
	require.NoError(t, reverses(desk, "R4", "W", day(time.March, 2)))
	require.NoError(t, reverses(desk, "R1", "D1", day(time.March, 2)), "one event after the other")

	for of, kind := range map[string]error{"O/M1-SIMUDA": savings.ErrReversal, "J/M1": savings.ErrReversal, "P/SIMUDA": savings.ErrReversal, "nobody": savings.ErrUnknown} {
		require.ErrorIs(t, reverses(desk, "R9", of, day(time.March, 2)), kind, of)
	}
	_, err = book.Post(ctx, ledger.Entry{Key: "other", Date: day(time.March, 1), Lines: []ledger.Line{debit("10201", 5), credit("10101", 5)}})
	require.NoError(t, err)
	require.ErrorIs(t, reverses(desk, "R9", "other", day(time.March, 2)), savings.ErrReversal)
	_, err = desk.Reverse(ctx, savings.Reversal{Key: "R9", Of: "D2", Date: day(time.March, 2)})
	refused(t, err, savings.ErrCommand, "reverse.reason")
}

// The first deposit is taken back: the minimum opening waits again, unless
// later money stands on the account.
func TestReverseFirstDeposit(t *testing.T) {
	book, desk := newFullDesk(t)
	opens(t, desk, "M1", "SIMUDA")
	opens(t, desk, "M2", "SIMUDA")
	for _, m := range []string{"M1", "M2"} {
		paysIn(t, desk, "D/"+m, m+"-SIMUDA", day(time.February, 1), 20_000)
	}
	paysIn(t, desk, "D2", "M2-SIMUDA", day(time.February, 2), 2_000)
	for _, m := range []string{"M1", "M2"} {
		require.NoError(t, reverses(desk, "R/"+m, "D/"+m, day(time.February, 3)))
	}
	require.Equal(t, savings.Opened, accountOf(t, book, "M1-SIMUDA").Status)
	require.Equal(t, savings.Active, accountOf(t, book, "M2-SIMUDA").Status)
	_, err := desk.Deposit(ctx, savings.Deposit{Key: "D3", Date: day(time.February, 4), Account: "M1-SIMUDA", Amount: rupiah(19_999), Counter: teller})
	refused(t, err, savings.ErrMinOpening, "deposit.min_opening")
	_, err = desk.Deposit(ctx, savings.Deposit{Key: "D4", Date: day(time.February, 4), Account: "M2-SIMUDA", Amount: rupiah(1_999), Counter: teller})
	refused(t, err, savings.ErrMinDeposit, "deposit.min_deposit")
	require.EqualError(t, err, "savings: account M2-SIMUDA: product SIMUDA: the deposit is below the product's minimum deposit: 1999.00 asked, at least 2000.00")
}

// A nisbah under which a month was shared and closed stays.
func TestReverseNisbahOfAClosedMonth(t *testing.T) {
	book, desk := newFullDesk(t)
	opens(t, desk, "M1", "SIMUDA")
	_, err := desk.Agree(ctx, savings.Agreement{Key: "N1", Account: "M1-SIMUDA", Nisbah: savings.DatedRatio{From: day(time.February, 1), Ratio: ratio("0.5")}, Document: "adendum"})
	require.NoError(t, err)
	require.NoError(t, book.CloseThrough(ctx, ledger.PeriodClosing{Key: "close", Through: day(time.February, 28), By: "manajer"}))
	refused(t, reverses(desk, "R", "N1", day(time.March, 1)), savings.ErrDate, "account.closed_period")
	_, err = desk.Agree(ctx, savings.Agreement{Key: "N0", Account: "M1-SIMUDA", Nisbah: savings.DatedRatio{From: day(time.February, 28), Ratio: ratio("0.6")}, Document: "adendum"})
	refused(t, err, savings.ErrDate, "account.closed_period")
	_, err = desk.Agree(ctx, savings.Agreement{Key: "N2", Account: "M1-SIMUDA", Nisbah: savings.DatedRatio{From: day(time.March, 15), Ratio: ratio("0.6")}, Document: "adendum"})
	require.NoError(t, err)
	require.NoError(t, reverses(desk, "R", "N2", day(time.March, 16)))
}

// A block that somebody else has set past the desk is not lifted with a
// command that is taken back.
func TestReverseLeavesOthersBlocks(t *testing.T) {
	book, desk := newFullDesk(t)
	opens(t, desk, "M1", "SIMUDA")
	paysIn(t, desk, "D", "M1-SIMUDA", day(time.February, 1), 50_000)
	_, err := desk.Agree(ctx, savings.Agreement{Key: "N", Account: "M1-SIMUDA", Nisbah: savings.DatedRatio{From: day(time.March, 1), Ratio: ratio("0.5")}, Document: "adendum"})
	require.NoError(t, err)
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		return tx.SetBlock(ledger.BlockSetting{Key: "court", Account: "30101", Sub: "M1-SIMUDA", Block: ledger.DebitBlock, Reason: "sita", By: "pengadilan"})
	}))
	require.NoError(t, reverses(desk, "R", "N", day(time.March, 1)))
	_, err = desk.Withdraw(ctx, savings.Withdrawal{Key: "W", Date: day(time.March, 2), Account: "M1-SIMUDA", Amount: rupiah(1), Counter: teller})
	require.ErrorIs(t, err, ledger.ErrBlocked)
}

// A membership is not given back to who has joined again.
func TestReverseLeavingAfterJoiningAgain(t *testing.T) {
	_, desk := newFullDesk(t)
	join := func(key, number string, on ledger.Date) {
		_, err := desk.Join(ctx, savings.Joining{Key: key, Date: on, Member: number, Identity: "digest"})
		require.NoError(t, err)
	}
	join("J1", "A1", day(time.January, 10))
	leaves(t, desk, "A1", day(time.March, 1))
	require.NoError(t, reverses(desk, "R1", "L/A1", day(time.March, 1)))
	_, err := desk.Leave(ctx, savings.Leaving{Key: "L2", Date: day(time.March, 2), Member: "A1", Reason: "pindah"})
	require.NoError(t, err)
	join("J2", "A2", day(time.March, 2))
	refused(t, reverses(desk, "R2", "L2", day(time.March, 3)), savings.ErrExists, "member.identity")
}

// Blocks that were set past the desk are neither lifted nor overwritten by it.
func TestOthersBlocks(t *testing.T) {
	book, desk := newFullDesk(t)
	opens(t, desk, "M1", "SIWA")
	paysIn(t, desk, "D", "M1-SIWA", day(time.February, 1), 50_000)
	set := func(key string, block ledger.Block) {
		require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
			return tx.SetBlock(ledger.BlockSetting{Key: key, Account: "20101", Sub: "M1-SIWA", Block: block, Reason: "sita", By: "pengadilan"})
		}))
	}
	set("court", ledger.CreditBlock)
	block := savings.Blocking{Key: "B", Date: day(time.March, 1), Account: "M1-SIWA", Block: ledger.DebitBlock, Reason: "buku hilang", By: "manajer"}
	_, err := desk.Block(ctx, block)
	refused(t, err, savings.ErrState, "block.foreign")
	set("free", ledger.NoBlock)
	_, err = desk.Block(ctx, block)
	require.NoError(t, err)
	leaves(t, desk, "M1", day(time.March, 2))
	_, err = desk.Settle(ctx, savings.Settlement{Key: "S", Date: day(time.March, 3), Member: "M1"})
	refused(t, err, savings.ErrState, "close.blocked")
	_, err = desk.Unblock(ctx, savings.Unblocking{Key: "U", Date: day(time.March, 3), Account: "M1-SIWA", Reason: "ditemukan", By: "manajer"})
	require.NoError(t, err)
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		free, err := savings.AvailableIn(tx, "M1-SIWA", day(time.March, 3))
		require.Equal(t, rupiah(40_000), free, "the balance less the minimum")
		return err
	}))
	_, err = desk.Settle(ctx, savings.Settlement{Key: "S", Date: day(time.March, 3), Member: "M1"})
	require.NoError(t, err)
}

// What has not happened yet cannot be taken back: a mirror dated before its
// entry would take money from days on which it was not there.
func TestReverseIsNotDatedBefore(t *testing.T) {
	book, desk := newFullDesk(t)
	opens(t, desk, "M1", "SIWA")
	paysIn(t, desk, "D", "M1-SIWA", day(time.February, 2), 500_000)
	paysIn(t, desk, "D2", "M1-SIWA", day(time.February, 20), 100_000)
	before, err := book.Head(ctx)
	require.NoError(t, err)
	r := refused(t, reverses(desk, "R", "D2", day(time.February, 19)), savings.ErrDate, "reverse.before")
	require.EqualError(t, r, `savings: command "D2" is of 2026-02-20: it is not taken back before`)
	after, err := book.Head(ctx)
	require.NoError(t, err)
	require.Equal(t, before, after)
	require.NoError(t, reverses(desk, "R", "D2", day(time.February, 20)))
}

// An account that a share has reached before its first deposit still waits for
// the minimum opening, whatever else is taken back on it.
func TestReverseLeavesTheFirstDepositToCome(t *testing.T) {
	book, desk := newFullDesk(t)
	opens(t, desk, "M1", "SIMUDA", "SIWA")
	_, err := book.Post(ctx, ledger.Entry{Key: "share", Date: day(time.January, 31), Lines: []ledger.Line{debit("50901", 70), credit("30101", 70).For("M1-SIMUDA")}})
	require.NoError(t, err)
	_, err = desk.Redirect(ctx, savings.Redirection{Key: "N", Date: day(time.February, 1), Account: "M1-SIMUDA", PayTo: "M1-SIWA"})
	require.NoError(t, err)
	require.NoError(t, reverses(desk, "R", "N", day(time.February, 1)))
	require.Equal(t, savings.Opened, accountOf(t, book, "M1-SIMUDA").Status)
	_, err = desk.Deposit(ctx, savings.Deposit{Key: "D", Date: day(time.February, 2), Account: "M1-SIMUDA", Amount: rupiah(19_999), Counter: teller})
	refused(t, err, savings.ErrMinOpening, "deposit.min_opening")
}
