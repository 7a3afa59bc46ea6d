package savings_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// Every command has a key: repeated it answers with the first result and
// writes nothing; with another content it is refused.
func TestEveryCommandIsCarriedOutOnce(t *testing.T) {
	on := day(time.March, 2)
	type result struct {
		repeat bool
		err    error
	}
	for _, command := range []struct {
		name string
		do   func(d *savings.Desk, other bool) result
	}{
		{"policy", func(d *savings.Desk, other bool) result {
			p := standardPolicy()
			p.From = on
			if other {
				p.CandidateMonths = 7
			}
			r, err := d.SetPolicy(ctx, savings.PolicySetting{Key: "X", Policy: p})
			return result{r.Repeat, err}
		}},
		{"admit", func(d *savings.Desk, other bool) result {
			r, err := d.Admit(ctx, savings.Admission{Key: "X", Date: on, Member: "C1", ApprovedBy: choose(other, "a", "b")})
			return result{r.Repeat, err}
		}},
		{"die", func(d *savings.Desk, other bool) result {
			r, err := d.Die(ctx, savings.Death{Key: "X", Date: on, Known: on, Member: "M1", Documents: []string{choose(other, "a", "b")}, By: "manajer"})
			return result{r.Repeat, err}
		}},
		{"charge", func(d *savings.Desk, other bool) result {
			r, err := d.Charge(ctx, savings.Charge{Key: "X", Date: on, Account: "M1-SIWA", Fee: savings.Fee(choose(other, "monthly", "opening"))})
			return result{r.Repeat, err}
		}},
		{"convert", func(d *savings.Desk, other bool) result {
			r, err := d.Convert(ctx, savings.Conversion{Key: "X", Date: on, Account: "M1-SIWA", To: choose(other, "N1", "N2"), Product: "SIMUDA", Document: "akad"})
			return result{r.Repeat, err}
		}},
		{"hold", func(d *savings.Desk, other bool) result {
			r, err := d.Hold(ctx, savings.HoldPlacing{Key: "X", Date: on, Account: "M1-SIWA", Amount: rupiah(1), Reason: choose(other, "a", "b"), By: "manajer"})
			return result{r.Repeat, err}
		}},
		{"release", func(d *savings.Desk, other bool) result {
			r, err := d.Release(ctx, savings.HoldRelease{Key: "X", Hold: "H", Reason: choose(other, "a", "b"), By: "manajer"})
			return result{r.Repeat, err}
		}},
		{"block", func(d *savings.Desk, other bool) result {
			r, err := d.Block(ctx, savings.Blocking{Key: "X", Date: on, Account: "M1-SIWA", Block: ledger.DebitBlock, Reason: choose(other, "a", "b"), By: "manajer"})
			return result{r.Repeat, err}
		}},
		{"unblock", func(d *savings.Desk, other bool) result {
			r, err := d.Unblock(ctx, savings.Unblocking{Key: "X", Date: on, Account: "M2-SIWA", Reason: choose(other, "a", "b"), By: "manajer"})
			return result{r.Repeat, err}
		}},
		{"mark dormant", func(d *savings.Desk, other bool) result {
			m := savings.DormancyMarking{Key: "X", Date: next(time.March, 2), Account: "M1-SIWA"}
			if other {
				m.Account = "M2-SIWA"
			}
			r, err := d.MarkDormant(ctx, m)
			return result{r.Repeat, err}
		}},
		{"reactivate", func(d *savings.Desk, other bool) result {
			_, err := d.MarkDormant(ctx, savings.DormancyMarking{Key: "P", Date: next(time.March, 2), Account: "M1-SIWA"})
			if err != nil {
				return result{false, err}
			}
			r, err := d.Reactivate(ctx, savings.Reactivation{Key: "X", Date: next(time.March, 2), Account: "M1-SIWA", Reason: choose(other, "a", "b"), By: "manajer"})
			return result{r.Repeat, err}
		}},
		{"batch", func(d *savings.Desk, other bool) result {
			r, err := d.Deposit(ctx, savings.Deposit{Key: "X", Date: on, Account: "M1-SIWA", Amount: rupiah(1), Counter: teller, Batch: !other})
			return result{r.Repeat, err}
		}},
		{"issue passbook", func(d *savings.Desk, other bool) result {
			r, err := d.IssuePassbook(ctx, savings.PassbookIssue{Key: "X", Date: on, Account: "M1-SIWA", Serial: choose(other, "A-1", "A-2")})
			return result{r.Repeat, err}
		}},
		{"print passbook", func(d *savings.Desk, other bool) result {
			_, err := d.IssuePassbook(ctx, savings.PassbookIssue{Key: "I", Date: on, Account: "M1-SIWA", Serial: "A-1"})
			if err != nil {
				return result{false, err}
			}
			r, err := d.PrintPassbook(ctx, savings.PassbookPrinting{Key: "X", Date: on, Account: "M1-SIWA", Serial: choose(other, "A-1", "A-2")})
			return result{r.Repeat, err}
		}},
		{"replace passbook", func(d *savings.Desk, other bool) result {
			_, err := d.IssuePassbook(ctx, savings.PassbookIssue{Key: "I", Date: on, Account: "M1-SIWA", Serial: "A-1"})
			if err != nil {
				return result{false, err}
			}
			r, err := d.ReplacePassbook(ctx, savings.PassbookReplacement{Key: "X", Date: on, Account: "M1-SIWA", Serial: choose(other, "A-2", "A-3"), Cause: savings.LostBook, By: "manajer", Charge: true})
			return result{r.Repeat, err}
		}},
		{"agree", func(d *savings.Desk, other bool) result {
			r, err := d.Agree(ctx, savings.Agreement{Key: "X", Account: "M1-SIMUDA", Nisbah: savings.DatedRatio{From: on, Ratio: ratio(choose(other, "0.5", "0.6"))}, Document: "a"})
			return result{r.Repeat, err}
		}},
		{"zakat", func(d *savings.Desk, other bool) result {
			r, err := d.MandateZakat(ctx, savings.ZakatMandate{Key: "X", Account: "M1-SIMUDA", Part: savings.DatedRatio{From: on, Ratio: ratio("0.025")}, Document: choose(other, "a", "b")})
			return result{r.Repeat, err}
		}},
		{"mandate", func(d *savings.Desk, other bool) result {
			r, err := d.MandateDues(ctx, savings.DuesMandate{Key: "X", Date: on, Account: "M1-WAJIB", From: "M1-SIWA", Document: choose(other, "a", "b")})
			return result{r.Repeat, err}
		}},
		{"dues", func(d *savings.Desk, other bool) result {
			r, err := d.CollectDues(ctx, savings.DuesCollection{Key: "X", Date: on, Account: "M2-WAJIB", Maker: choose(other, "a", "b")})
			return result{r.Repeat, err}
		}},
		{"call", func(d *savings.Desk, other bool) result {
			c := savings.DuesCall{Key: "X", Date: on, Account: "M1-PANGGIL", Month: month(time.January)}
			if other {
				c.Month = month(time.February)
			}
			r, err := d.CallDues(ctx, c)
			return result{r.Repeat, err}
		}},
		{"cash", func(d *savings.Desk, other bool) result {
			r, err := d.MoveCash(ctx, savings.CashMove{Key: "X", Date: on, From: vault, To: teller, Amount: rupiah(1), Memo: choose(other, "a", "b")})
			return result{r.Repeat, err}
		}},
		{"count", func(d *savings.Desk, other bool) result {
			r, err := d.CountTill(ctx, savings.TillCount{Key: "X", Date: on, Till: teller, Counted: rupiah(5), Maker: choose(other, "a", "b")})
			return result{r.Repeat, err}
		}},
		{"explain", func(d *savings.Desk, other bool) result {
			r, err := d.Explain(ctx, savings.Explanation{Key: "X", Date: on, Amount: rupiah(1), Reason: choose(other, "a", "b")})
			return result{r.Repeat, err}
		}},
		{"settle", func(d *savings.Desk, other bool) result {
			r, err := d.Settle(ctx, savings.Settlement{Key: "X", Date: on, Member: "M3", Memo: choose(other, "a", "b")})
			return result{r.Repeat, err}
		}},
		{"reverse", func(d *savings.Desk, other bool) result {
			r, err := d.Reverse(ctx, savings.Reversal{Key: "X", Of: "D/M1", Date: on, Reason: choose(other, "a", "b")})
			return result{r.Repeat, err}
		}},
	} {
		t.Run(command.name, func(t *testing.T) {
			book, desk := newFullDesk(t)
			for _, m := range []string{"M1", "M2", "M3"} {
				opens(t, desk, m, "SIWA", "WAJIB")
				paysIn(t, desk, "D/"+m, m+"-SIWA", day(time.February, 1), 100_000)
			}
			opens(t, desk, "M1", "SIMUDA", "PANGGIL")
			_, err := desk.Join(ctx, savings.Joining{Key: "J", Date: day(time.February, 1), Member: "C1", Standing: ledger.Candidate})
			require.NoError(t, err)
			_, err = desk.MandateDues(ctx, savings.DuesMandate{Key: "MD", Date: day(time.February, 1), Account: "M2-WAJIB", From: "M2-SIWA", Document: "kuasa"})
			require.NoError(t, err)
			_, err = desk.Hold(ctx, savings.HoldPlacing{Key: "H", Date: day(time.February, 1), Account: "M2-SIWA", Amount: rupiah(1), Reason: "a", By: "b"})
			require.NoError(t, err)
			if command.name == "unblock" {
				_, err = desk.Block(ctx, savings.Blocking{Key: "B", Date: day(time.February, 1), Account: "M2-SIWA", Block: ledger.FullBlock, Reason: "a", By: "b"})
				require.NoError(t, err)
			}
			_, err = desk.CountTill(ctx, savings.TillCount{Key: "N", Date: day(time.February, 1), Till: teller, Counted: rupiah(299_000)})
			require.NoError(t, err)
			leaves(t, desk, "M3", day(time.March, 1))

			first := command.do(desk, false)
			require.NoError(t, first.err)
			require.False(t, first.repeat)
			head, err := book.Head(ctx)
			require.NoError(t, err)
			again := command.do(desk, false)
			require.NoError(t, again.err)
			require.True(t, again.repeat)
			require.ErrorIs(t, command.do(desk, true).err, ledger.ErrKeyConflict)
			after, err := book.Head(ctx)
			require.NoError(t, err)
			require.Equal(t, head, after)
		})
	}
}

func choose(other bool, first, second string) string {
	if other {
		return second
	}
	return first
}
