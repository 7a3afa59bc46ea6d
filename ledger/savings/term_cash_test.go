package savings_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
	"github.com/mizan-coop/mizan/profitshare"
)

// paysShareTo returns where a month's share of BJ goes, "" if nobody says.
func paysShareTo(t *testing.T, book *ledger.Book, month ledger.Month) string {
	t.Helper()
	where := "not listed"
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		for e, err := range savings.Earnings(tx, month.First(), month.Last()) {
			require.NoError(t, err)
			if e.Account == "BJ" {
				where = fmt.Sprintf("%s/%s", e.PayControl, e.PayTo)
			}
		}
		return nil
	}))
	return where
}

func inCash(rollover savings.Rollover) *savings.TermAgreed {
	agreed := term(rollover)
	agreed.Cash = "10102"
	return agreed
}

// Shares of time savings are paid in cash as the holder instructed, through the
// month's run: S19's other leg is the till.
func TestTimeSavingsPayInCash(t *testing.T) {
	book, desk := newTermDesk(t)
	opensTerm(t, desk, inCash(savings.RollPrincipal))
	paysIn(t, desk, "D", "BJ", day(time.January, 31), 1_000_000)
	_, err := book.Post(ctx, ledger.Entry{Key: "margin", Date: day(time.February, 20), Lines: []ledger.Line{debit("10102", 10_000), credit("50101", 10_000)}})
	require.NoError(t, err)
	share := profitshare.NewDesk(book, profitshare.Plan{
		Name: "berjangka", Income: []profitshare.IncomeSource{{Account: "50101", Nature: profitshare.FinancingIncome}},
		Products: []profitshare.Product{{Code: "SIJAKA", Control: "30202", ShareAccount: "50902", Nisbah: ratio("0.45")}},
		Payable:  "20201", Tax: "20401", TaxRules: profitshare.TaxRules{profitshare.PP15()},
		Rounding: profitshare.Rounding{Rule: profitshare.MemberUp, Step: rupiah(1)},
	}, earners{})
	february := ledger.MonthOf(2026, time.February)
	_, err = share.Post(ctx, profitshare.Posting{Key: "S", Month: february})
	require.NoError(t, err)
	paid, err := share.PayOut(ctx, profitshare.Disbursement{Key: "B", Month: february, Date: day(time.March, 1)})
	require.NoError(t, err)
	requireLines(t, paid.Posted, debit("20201", 4_500).For("BJ").With(member("M1")), credit("10102", 4_500).With(member("M1")))

	_, err = desk.EndDay(ctx, savings.DayEnd{Key: "E", Day: day(time.April, 30)})
	require.NoError(t, err)
	require.Equal(t, "10102", accountOf(t, book, "BJ").Term.Cash, "the next term keeps the instruction")
	require.Equal(t, 2, accountOf(t, book, "BJ").Term.Number)
}

// The instruction is changed like any other; what is named later goes before
// it, and a member who has died is paid nothing at the counter.
func TestTimeSavingsPayInCashUntil(t *testing.T) {
	book, desk := newTermDesk(t)
	opens(t, desk, "M1", "SIMUDA")
	opensTerm(t, desk, inCash(savings.NoRollover))
	paysIn(t, desk, "D", "BJ", day(time.January, 31), 1_000_000)
	march := ledger.MonthOf(2026, time.March)
	require.Equal(t, "10102/", paysShareTo(t, book, march))
	redirect := func(key, to string) {
		_, err := desk.Redirect(ctx, savings.Redirection{Key: key, Date: day(time.February, 10), Account: "BJ", PayTo: to})
		require.NoError(t, err)
	}
	redirect("R1", "M1-SIMUDA")
	require.Equal(t, "30101/M1-SIMUDA", paysShareTo(t, book, march))
	redirect("R2", "")
	require.Equal(t, "10102/", paysShareTo(t, book, march))
	instruct := func(key, cash string) {
		_, err := desk.Instruct(ctx, savings.Instruction{Key: key, Date: day(time.February, 11), Account: "BJ", Rollover: savings.NoRollover,
			Payout: savings.AtMonthEnd, Cash: cash, Document: "surat"})
		require.NoError(t, err)
	}
	instruct("I1", "")
	require.Equal(t, "30202/BJ", paysShareTo(t, book, march))
	instruct("I2", "10102")
	require.Equal(t, "10102/", paysShareTo(t, book, march))
	_, err := desk.Reverse(ctx, savings.Reversal{Key: "U", Of: "I2", Date: day(time.February, 11), Reason: "salah ketik"})
	require.NoError(t, err)
	require.Equal(t, "30202/BJ", paysShareTo(t, book, march))
	instruct("I3", "10102")
	_, err = desk.Die(ctx, savings.Death{Key: "death", Date: day(time.March, 5), Known: day(time.March, 6), Member: "M1", Documents: []string{"akta kematian"}, By: "manajer"})
	require.NoError(t, err)
	require.Equal(t, "30202/BJ", paysShareTo(t, book, march), "it waits for the heirs")
}

func TestTimeSavingsPayInCashRefused(t *testing.T) {
	book, desk := newTermDesk(t)
	opens(t, desk, "M1", "SIMUDA")
	open := func(payTo string, agreed *savings.TermAgreed) error {
		_, err := desk.Open(ctx, savings.Opening{Key: "O/BJ", Date: day(time.January, 31), Account: "BJ", Member: "M1", Product: "SIJAKA", Term: agreed, PayTo: payTo})
		return err
	}
	from := func(code string) *savings.TermAgreed {
		agreed := inCash(savings.NoRollover)
		agreed.Cash = code
		return agreed
	}
	refused(t, open("", inCash(savings.RollAll)), savings.ErrTerm, "term.pay_to")
	refused(t, open("M1-SIMUDA", inCash(savings.NoRollover)), savings.ErrTerm, "term.cash")
	for _, code := range []string{"no such", "11101", "20101", "50101", "90205", "40102", "1"} {
		refused(t, open("", from(code)), savings.ErrTerm, "term.cash")
	}
	require.NoError(t, open("", term(savings.NoRollover)))
	paysIn(t, desk, "D", "BJ", day(time.January, 31), 1_000_000)
	before, err := book.Head(ctx)
	require.NoError(t, err)
	instruct := func(i savings.Instruction) error {
		i.Key, i.Date, i.Account, i.Payout, i.Document = "I", day(time.February, 1), "BJ", savings.AtMonthEnd, "surat"
		_, err := desk.Instruct(ctx, i)
		return err
	}
	refused(t, instruct(savings.Instruction{Rollover: savings.RollAll, Cash: "10102"}), savings.ErrTerm, "term.pay_to")
	refused(t, instruct(savings.Instruction{Rollover: savings.NoRollover, PayTo: "M1-SIMUDA", Cash: "10102"}), savings.ErrTerm, "term.cash")
	refused(t, instruct(savings.Instruction{Rollover: savings.NoRollover, Cash: "50101"}), savings.ErrTerm, "term.cash")
	after, err := book.Head(ctx)
	require.NoError(t, err)
	require.Equal(t, before, after)
}
