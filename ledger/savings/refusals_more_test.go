package savings_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// Refusals by their codes that no test of a rule meets, each changing nothing.
func TestFurtherRefusals(t *testing.T) {
	book, desk := newTermDesk(t)
	places(t, desk, savings.NoRollover)
	opens(t, desk, "M1", "SIMUDA", "WAJIB")
	opens(t, desk, "M2", "SIWA")
	opens(t, desk, "M3", "SIWA")
	paysIn(t, desk, "D1", "M1-SIMUDA", day(time.February, 1), 100_000)
	paysIn(t, desk, "D3", "M3-SIWA", day(time.February, 1), 100_000)
	_, err := desk.Open(ctx, savings.Opening{Key: "O/E", Date: day(time.January, 31), Account: "EMPTY", Member: "M1", Product: "SIJAKA",
		Term: &savings.TermAgreed{Certificate: "B-2", Months: 3, Rollover: savings.NoRollover, Payout: savings.AtMonthEnd}})
	require.NoError(t, err)
	leaves(t, desk, "M3", day(time.February, 10))
	_, err = desk.Settle(ctx, savings.Settlement{Key: "S3", Date: day(time.February, 12), Member: "M3"})
	require.NoError(t, err)
	on := day(time.March, 1)
	breaks := func(account string, on ledger.Date, reason string) error {
		_, err := desk.Break(ctx, savings.Breaking{Key: "X", Date: on, Account: account, Counter: teller, Reason: reason})
		return err
	}
	zakat := func(part, document string) error {
		_, err := desk.MandateZakat(ctx, savings.ZakatMandate{Key: "X", Account: "M1-SIMUDA", Part: savings.DatedRatio{From: on, Ratio: ratio(part)}, Document: document})
		return err
	}
	claim := func(on ledger.Date, payee string) error {
		_, err := desk.PayClaim(ctx, savings.ClaimPayment{Key: "X", Date: on, Member: "M3", Amount: rupiah(1), Counter: teller, Payee: payee})
		return err
	}
	instruct := func(on ledger.Date, document string) error {
		_, err := desk.Instruct(ctx, savings.Instruction{Key: "X", Date: on, Account: "BJ", Rollover: savings.NoRollover, Payout: savings.AtMonthEnd, Document: document})
		return err
	}
	mature := func(account string) error {
		_, err := desk.Mature(ctx, savings.Maturing{Key: "X", Date: on, Account: account})
		return err
	}
	before, err := book.Head(ctx)
	require.NoError(t, err)
	for _, test := range []struct {
		code string
		kind error
		err  error
	}{
		{"term.due", savings.ErrTerm, breaks("BJ", day(time.April, 30), "perlu")},
		{"account.before_opened", savings.ErrDate, breaks("BJ", day(time.January, 31).Prev(), "perlu")},
		{"break.reason", savings.ErrCommand, breaks("BJ", on, "")},
		{"term.none", savings.ErrTerm, breaks("M1-SIMUDA", on, "perlu")},
		{"term.none", savings.ErrTerm, mature("M1-SIMUDA")},
		{"term.empty", savings.ErrTerm, mature("EMPTY")},
		{"term.due", savings.ErrTerm, instruct(day(time.April, 30), "surat")},
		{"instruct.document", savings.ErrCommand, instruct(on, "")},
		{"zakat.part", savings.ErrCommand, zakat("1.01", "kuasa")},
		{"zakat.document", savings.ErrCommand, zakat("0.025", "")},
		{"claim.date", savings.ErrDate, claim(day(time.February, 11), "")},
		{"claim.date", savings.ErrDate, claim(day(time.February, 30), "")},
		{"claim.payee", savings.ErrCommand, claim(on, "a\x00b")},
		{"settle.claimed", savings.ErrState, func() error {
			_, err := desk.Settle(ctx, savings.Settlement{Key: "X", Date: on, Member: "M3"})
			return err
		}()},
		{"settle.set_offs", savings.ErrCommand, func() error {
			_, err := desk.Settle(ctx, savings.Settlement{Key: "X", Date: on, Member: "M3", SetOffs: make([]savings.SetOff, savings.MaxSetOffs+1)})
			return err
		}()},
		{"transfer.same", savings.ErrCommand, func() error {
			_, err := desk.Transfer(ctx, savings.Transfer{Key: "X", Date: on, From: "M1-SIMUDA", To: "M1-SIMUDA", Amount: rupiah(1)})
			return err
		}()},
		{"reverse.date", savings.ErrDate, reverses(desk, "X", "D1", day(time.February, 30))},
		{"release.by", savings.ErrCommand, func() error {
			_, err := desk.Release(ctx, savings.HoldRelease{Key: "X", Hold: "H"})
			return err
		}()},
		{"block.until", savings.ErrDate, func() error {
			_, err := desk.Block(ctx, savings.Blocking{Key: "X", Date: on, Until: on.Prev(), Account: "M1-SIMUDA", Block: ledger.FullBlock, Reason: "r", By: "b"})
			return err
		}()},
		{"death.by", savings.ErrCommand, func() error {
			_, err := desk.Die(ctx, savings.Death{Key: "X", Date: on, Known: on, Member: "M2", Documents: []string{"akta"}})
			return err
		}()},
		{"explain.reason", savings.ErrCommand, func() error {
			_, err := desk.Explain(ctx, savings.Explanation{Key: "X", Date: on, Amount: rupiah(1)})
			return err
		}()},
		{"member.standing", savings.ErrCommand, func() error {
			_, err := desk.Join(ctx, savings.Joining{Key: "X", Date: on, Member: "N", Standing: 99})
			return err
		}()},
	} {
		t.Run(test.code, func(t *testing.T) {
			refused(t, test.err, test.kind, test.code)
		})
	}
	after, err := book.Head(ctx)
	require.NoError(t, err)
	require.Equal(t, before, after)
}
