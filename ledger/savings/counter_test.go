package savings_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// newStandardDesk is newDesk on the standard chart.
func newStandardDesk(t testing.TB) (*ledger.Book, *savings.Desk) {
	t.Helper()
	book, err := ledger.Create(ctx, ledger.NewMemory(), ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Clock: fixedClock(), Chart: ledger.StandardChart()})
	require.NoError(t, err)
	desk := savings.NewDesk(book)
	for _, p := range products() {
		_, err := desk.AddProduct(ctx, p)
		require.NoError(t, err)
	}
	_, err = desk.Join(ctx, savings.Joining{Key: "J/M1", Date: day(time.January, 5), Member: "M1"})
	require.NoError(t, err)
	t.Cleanup(func() { requireSound(t, book) })
	return book, desk
}

// Money at the desk comes and goes through what the cooperative has or owes:
// it is not made out of an expense, a fund or capital, and a member's savings
// do not become income.
func TestCounterIsAnAssetOrALiability(t *testing.T) {
	_, desk := newStandardDesk(t)
	opens(t, desk, "M1", "SIWA")
	paysIn(t, desk, "D", "M1-SIWA", day(time.January, 10), 100_000)
	for _, test := range []struct {
		name, counter string
		allowed       bool
	}{
		{"cash", "10102", true},
		{"bank", "10201", true},
		{"what is owed to a supplier", "20301", true},
		{"income", "50599", false},
		{"the owners' share", "50901", false},
		{"expense", "60201", false},
		{"the zakat fund", "80101", false},
		{"the benevolent fund", "90205", false},
		{"a reserve", "40301", false},
		{"undivided SHU", "40401", false},
		{"an allowance", "11301", false},
		{"memorandum", "99199", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			on, counter := day(time.January, 20), savings.Place{Account: test.counter}
			_, in := desk.Deposit(ctx, savings.Deposit{Key: "in/" + test.counter, Date: on, Account: "M1-SIWA", Amount: rupiah(1000), Counter: counter})
			_, out := desk.Withdraw(ctx, savings.Withdrawal{Key: "out/" + test.counter, Date: on, Account: "M1-SIWA", Amount: rupiah(1000), Counter: counter})
			if test.allowed {
				require.NoError(t, in)
				require.NoError(t, out)
				return
			}
			_, closing := desk.Close(ctx, savings.Closing{Key: "close/" + test.counter, Date: on, Account: "M1-SIWA", Counter: counter})
			for _, err := range []error{in, out, closing} {
				refused(t, err, savings.ErrCommand, "counter.account")
			}
		})
	}
	requireBalance(t, desk, "M1-SIWA", 100_000)
}

// Nobody pays in out of what another member is owed, nor is paid by what
// another member owes: not by the sub's holder, and where a line opened the sub
// not by its name.
func TestCounterIsNotAnotherMembers(t *testing.T) {
	book, desk := newStandardDesk(t)
	_, err := desk.Join(ctx, savings.Joining{Key: "J/M2", Date: day(time.January, 5), Member: "M2"})
	require.NoError(t, err)
	opens(t, desk, "M1", "SIWA")
	paysIn(t, desk, "D", "M1-SIWA", day(time.January, 10), 100_000)
	opens(t, desk, "M2", "SIWA")
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		for i, o := range []ledger.SubOpening{{Account: "20201", Sub: "D-7", Holder: "M2"}, {Account: "11101", Sub: "A", Holder: "M2"},
			{Account: "20201", Sub: "D-8", Holder: "M1"}, {Account: "11101", Sub: "B", Holder: "PT Maju"}, {Account: "20201", Sub: "D-9", Holder: "PT Maju"}} {
			o.Key = fmt.Sprintf("open/%d", i)
			if err := tx.OpenSub(o); err != nil {
				return err
			}
		}
		return nil
	}))
	for _, test := range []struct {
		name    string
		counter savings.Place
		allowed bool
	}{
		{"held by the other", savings.Place{Account: "20201", Sub: "D-7"}, false},
		{"owed by the other", savings.Place{Account: "11101", Sub: "A"}, false},
		{"named by the other's account", savings.Place{Account: "20201", Sub: "M2-SIWA"}, false},
		{"named by the other's number", savings.Place{Account: "20204", Sub: "M2"}, false},
		{"owed to somebody outside", savings.Place{Account: "20201", Sub: "D-9"}, false},
		{"the member's own", savings.Place{Account: "20201", Sub: "D-8"}, true},
		{"the member's own by name", savings.Place{Account: "20204", Sub: "M1"}, true},
		{"owed by somebody outside, an employer", savings.Place{Account: "11101", Sub: "B"}, true},
		{"nobody's", savings.Place{Account: "11101", Sub: "payroll"}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			on, key := day(time.January, 20), test.counter.Account+"/"+test.counter.Sub
			_, out := desk.Withdraw(ctx, savings.Withdrawal{Key: "out/" + key, Date: on, Account: "M1-SIWA", Amount: rupiah(1000), Counter: test.counter})
			_, in := desk.Deposit(ctx, savings.Deposit{Key: "in/" + key, Date: on, Account: "M1-SIWA", Amount: rupiah(1000), Counter: test.counter})
			if test.allowed {
				require.NoError(t, out)
				require.NoError(t, in)
				return
			}
			_, closing := desk.Close(ctx, savings.Closing{Key: "close/" + key, Date: on, Account: "M1-SIWA", Counter: test.counter})
			for _, err := range []error{in, out, closing} {
				refused(t, err, savings.ErrCommand, "counter.holder")
			}
		})
	}
	requireBalance(t, desk, "M1-SIWA", 100_000)
}

// Savings of two akads never stand on one account: nobody could tell what bears
// losses from what is guaranteed. And the owners' share is borne by no fund.
func TestProductAccountsOfAnotherAkad(t *testing.T) {
	_, desk := newStandardDesk(t)
	mudharabah := savings.ProductOpening{Key: "P5", Code: "SIMUDA2", Akad: savings.Mudharabah, Control: "20101",
		Terms: savings.Terms{From: day(time.January, 1), Name: "x", Nisbah: decimal.RequireFromString("0.40"), ShareAccount: "50901"}}
	_, err := desk.AddProduct(ctx, mudharabah)
	refused(t, err, savings.ErrProduct, "product.control_akad")
	require.ErrorContains(t, err, "account 20101 has the wadiah savings of product SIWA")

	mudharabah.Control = "30101" // beside another product of the same akad
	for _, fund := range []string{"90205", "80101", "40301", "20301"} {
		mudharabah.Terms.ShareAccount = fund
		_, err = desk.AddProduct(ctx, mudharabah)
		refused(t, err, savings.ErrProduct, "product.share_account")
	}
	mudharabah.Terms.ShareAccount = "50901"
	_, err = desk.AddProduct(ctx, mudharabah)
	require.NoError(t, err)
}
