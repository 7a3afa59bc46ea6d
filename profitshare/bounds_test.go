package profitshare_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
)

// An average of exactly the minimum earns, a rupiah less does not.
func TestMinimumExactlyReached(t *testing.T) {
	for balance, want := range map[int64][]string{100_000: {"M1-A 30.000"}, 99_999: nil} {
		b := newRunBook(t)
		april := month(t, "2026-04")
		b.book("2026-03-31", "10102", "30101/M1-A", balance)
		b.book("2026-04-30", "10102", "50101", 60_000)
		plan := runPlan()
		plan.Products[0].Minimum = rp(100_000)
		r, err := profitshare.NewDesk(b.Book, plan, earning{account("M1-A")}).Preview(ctx, april)
		require.NoError(t, err)
		require.Equal(t, want, gross(r))
	}
}

// A mandate gives zakat from its day on, not before.
func TestMandateFromItsDayOn(t *testing.T) {
	for day, zakat := range map[int]int64{2: 0, 3: 5_000} {
		b, plan, saver := journalBook(t)
		april := month(t, "2026-04")
		b.book("2026-04-30", "10102", "50101", 400_000)
		saver.Zakat = &profitshare.Mandate{Document: "SK-ZKT/1", From: april.Next().Day(3)}
		desk := profitshare.NewDesk(b.Book, plan, earning{saver})
		_, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: april})
		require.NoError(t, err)
		paid, err := desk.PayOut(ctx, profitshare.Disbursement{Key: "B", Month: april, Date: april.Next().Day(day)})
		require.NoError(t, err)
		require.Equal(t, rp(zakat), paid.Payment.Zakat, day)
	}
}

// Rounding to a coarse step does not make own funds bear more than they are.
func TestOwnFundsBearAtMostThemselves(t *testing.T) {
	s, err := profitshare.ShareLoss(profitshare.LossPool{Amount: rp(3), Own: rp(1), Step: rp(2), Capital: []profitshare.Capital{{Account: "A", Balance: rp(2)}}})
	require.NoError(t, err)
	require.Equal(t, []ledger.Money{rp(1), rp(2)}, []ledger.Money{s.Own, s.Members})
}

// The month's share at the tax's threshold is free; the least beyond it is taxed whole.
func TestShareAtTheThreshold(t *testing.T) {
	for income, tax := range map[int64]int64{480_000: 0, 480_002: 24_000} {
		b, plan, saver := journalBook(t)
		april := month(t, "2026-04")
		b.book("2026-04-30", "10102", "50101", income)
		desk := profitshare.NewDesk(b.Book, plan, earning{saver})
		_, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: april})
		require.NoError(t, err)
		paid, err := desk.PayOut(ctx, profitshare.Disbursement{Key: "B", Month: april, Date: april.Next().First()})
		require.NoError(t, err)
		require.Equal(t, rp(tax), paid.Payment.Tax)
		_, err = desk.PayOut(ctx, profitshare.Disbursement{Key: "B2", Month: april, Date: april.Next().First()})
		require.ErrorIs(t, err, profitshare.ErrRun, "not twice")
	}
}

// Another nisbah on the last day alone, in months of every length.
func TestNisbahOfTheLastDay(t *testing.T) {
	for text, want := range map[string]string{"2026-02": "M1-A 14.300", "2028-02": "M1-A 14.800", "2026-04": "M1-A 15.300", "2026-05": "M1-A 15.800"} {
		b := newRunBook(t)
		m := month(t, text)
		b.book(m.Prev().Last().String(), "10102", "30101/M1-A", 1_000_000)
		b.book(m.First().String(), "10102", "50101", int64(m.Days())*1_000)
		a := account("M1-A")
		a.Slices = []profitshare.Slice{{From: m.First(), Through: m.Last().Prev()}, slice(m.Last().String(), m.Last().String(), "0.8")}
		r, err := profitshare.NewDesk(b.Book, runPlan(), earning{a}).Preview(ctx, m)
		require.NoError(t, err)
		require.Equal(t, []string{want}, gross(r), "1.000 a day, half of it and 800 on the last")
	}
}
