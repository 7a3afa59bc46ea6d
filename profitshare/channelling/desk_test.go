package channelling_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare/channelling"
)

var ctx = context.Background()

func newDesk(t testing.TB) (*ledger.Book, *channelling.Desk) {
	t.Helper()
	now := time.Date(2026, time.January, 1, 8, 0, 0, 0, time.UTC)
	clock := func() time.Time {
		now = now.Add(time.Microsecond)
		return now
	}
	book, err := ledger.Create(ctx, ledger.NewMemory(), ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Chart: ledger.StandardChart(), Clock: clock})
	require.NoError(t, err)
	return book, channelling.NewDesk(book, channelling.StandardAccounts())
}

func findings(t testing.TB, book *ledger.Book) (list []string) {
	t.Helper()
	for finding, err := range book.Check(ctx, channelling.Checks(channelling.StandardAccounts())...) {
		require.NoError(t, err)
		list = append(list, finding.String())
	}
	return list
}

func keyed(m channelling.Movement, key string) channelling.Movement {
	m.Key = key
	return m
}

func written(p ledger.Posted) (list []string) {
	for _, l := range p.Lines {
		list = append(list, strings.TrimSpace(fmt.Sprintf("%s %s %s", l.Account, l.Sub, ledger.IDR.FormatLocal(l.Amount))))
	}
	return list
}

// A whole life: the entries, what never stands on the balance sheet, the fee,
// a loss that is the investor's and one that is the agent's, and the statement.
func TestLifeOnABook(t *testing.T) {
	book, desk := newDesk(t)
	agreement := channelling.Agreement{Slip: slip(start), Terms: terms()}
	agreement.Key = "A"
	_, err := desk.Agree(ctx, agreement)
	require.NoError(t, err)
	atExpense := keyed(moving(on(2026, 6, 1), 500_000), "K")
	var expense string
	for _, a := range ledger.StandardChart() {
		if a.Kind == ledger.Expense && !a.Control && !a.Header && expense == "" && a.Normal == ledger.DebitSide {
			expense = a.Code
		}
	}
	atExpense.Place.Account = expense
	report := channelling.Report{Slip: slip(on(2026, 4, 2)), From: start, Through: on(2026, 3, 31), Result: rp(1_000_001)}
	report.Key = "R"
	var r channelling.Result
	for _, step := range []struct {
		name string
		do   func() (channelling.Result, error)
		want []string
	}{
		{"receive", func() (channelling.Result, error) { return desk.Receive(ctx, keyed(moving(start, 10_000_000), "1")) },
			[]string{"10102  10.000.000", "20112 MMQ-1 -10.000.000"}},
		{"charge", func() (channelling.Result, error) { return desk.Charge(ctx, keyed(moving(start, 200_000), "2")) },
			[]string{"20112 MMQ-1 200.000", "50204  -200.000"}},
		{"place", func() (channelling.Result, error) {
			return desk.PlaceWith(ctx, keyed(moving(on(2026, 1, 6), 9_800_000), "3"))
		}, []string{"20112 MMQ-1 9.800.000", "10102  -9.800.000", "99106 MMQ-1 9.800.000", "99199  -9.800.000"}},
		{"report", func() (channelling.Result, error) { return desk.Report(ctx, report) }, nil},
		{"collect", func() (channelling.Result, error) {
			return desk.Collect(ctx, keyed(moving(on(2026, 4, 3), 350_000), "5"))
		}, []string{"10102  350.000", "20112 MMQ-1 -350.000"}},
		{"lose", func() (channelling.Result, error) {
			return desk.Lose(ctx, keyed(moving(on(2026, 5, 1), 800_000), "6"))
		}, []string{"99199  800.000", "99106 MMQ-1 -800.000"}},
		{"compensate", func() (channelling.Result, error) { return desk.Compensate(ctx, atExpense) },
			[]string{expense + "  500.000", "20112 MMQ-1 -500.000"}},
		{"return", func() (channelling.Result, error) {
			return desk.Return(ctx, keyed(moving(on(2026, 12, 1), 9_000_000), "8"))
		}, []string{"10102  9.000.000", "20112 MMQ-1 -9.000.000", "99199  9.000.000", "99106 MMQ-1 -9.000.000"}},
		{"pay out", func() (channelling.Result, error) {
			return desk.PayOut(ctx, keyed(moving(on(2026, 12, 2), 9_850_000), "9"))
		}, []string{"20112 MMQ-1 9.850.000", "10102  -9.850.000"}},
	} {
		r, err = step.do()
		require.NoError(t, err, step.name)
		require.Equal(t, step.want, written(r.Posted), step.name)
		again, err := step.do()
		require.NoError(t, err, step.name)
		require.True(t, again.Repeat, step.name)
		require.Equal(t, r.Posted.Number, again.Posted.Number, step.name)
		require.Empty(t, findings(t, book), step.name)
	}
	require.Equal(t, rp(350_000), r.Contract.Position.Shared, "35% of 1.000.001, cut to rupiah")
	closing := slip(on(2026, 12, 31))
	closing.Key = "C"
	done, err := desk.Close(ctx, closing)
	require.NoError(t, err)
	require.Equal(t, channelling.Closed, done.Contract.State)
	require.Empty(t, findings(t, book))

	s, err := desk.Statement(ctx, on(2026, 1, 1), on(2026, 12, 31))
	require.NoError(t, err)
	require.Len(t, s.Rows, 1)
	row := s.Rows[0]
	require.Equal(t, row.Closing, row.Opening.Add(row.Placed).Sub(row.Returned).Sub(row.Lost))
	require.Equal(t, [...]ledger.Money{rp(0), rp(9_800_000), rp(9_000_000), rp(800_000), rp(0), rp(350_000), rp(350_000), rp(0), rp(0), rp(500_000), rp(200_000), rp(9_850_000)},
		[...]ledger.Money{row.Opening, row.Placed, row.Returned, row.Lost, row.Closing, row.Shared, row.Collected, row.ShareDue, row.Held, row.Compensated, row.Charged, row.Paid})
	half, err := desk.Statement(ctx, on(2026, 5, 1), on(2026, 6, 30))
	require.NoError(t, err)
	require.Equal(t, rp(9_800_000), half.Total.Opening)
	require.Equal(t, rp(9_000_000), half.Total.Closing)
	require.Equal(t, rp(850_000), half.Total.Held)
	_, err = desk.Statement(ctx, on(2026, 6, 30), on(2026, 5, 1))
	require.ErrorIs(t, err, channelling.ErrCommand)
	var text strings.Builder
	require.NoError(t, s.Text(&text, ledger.IDR))
	require.Contains(t, text.String(), "Laporan Perubahan Dana Investasi Terikat")
	text.Reset()
	require.NoError(t, s.CSV(&text, ledger.IDR))
	require.Contains(t, text.String(), "MMQ-1,M1,M9,0.00,9800000.00,9000000.00,800000.00,0.00")
}

func TestReverseAndRefusalsOnABook(t *testing.T) {
	book, desk := newDesk(t)
	_, err := desk.Receive(ctx, keyed(moving(start, 1), "0"))
	require.ErrorIs(t, err, channelling.ErrUnknown)
	agreement := channelling.Agreement{Slip: slip(start), Terms: terms()}
	agreement.Key = "A"
	_, err = desk.Agree(ctx, agreement)
	require.NoError(t, err)
	_, err = desk.Receive(ctx, keyed(moving(start, 1_000_000), "1"))
	require.NoError(t, err)
	_, err = desk.Receive(ctx, keyed(moving(start, 2), "1"))
	require.ErrorIs(t, err, ledger.ErrKeyConflict)
	_, err = desk.PlaceWith(ctx, keyed(moving(start, 1_000_001), "2"))
	require.EqualError(t, err, "channelling: contract MMQ-1: place of 1000001.00 is above the 1000000.00 there is for it (DSN-MUI 10/2000, 113/2017)")
	income := keyed(moving(start, 1), "3")
	income.Place = ledger.Place{Account: "50106"}
	_, err = desk.PayOut(ctx, income)
	require.ErrorIs(t, err, channelling.ErrRole, "an investor's money becomes nobody's income")
	income.Place = ledger.Place{Account: "20112", Sub: "MMQ-2"}
	_, err = desk.PayOut(ctx, income)
	require.ErrorIs(t, err, channelling.ErrRole)
	_, err = desk.PlaceWith(ctx, keyed(moving(start, 600_000), "4"))
	require.NoError(t, err)
	reversal := channelling.Reversal{Slip: slip(on(2026, 1, 9))}
	reversal.Key = "R1"
	undone, err := desk.Reverse(ctx, reversal)
	require.NoError(t, err)
	require.Equal(t, channelling.Agreed, undone.Contract.State)
	require.Equal(t, []string{"20112 MMQ-1 -600.000", "10102  600.000", "99106 MMQ-1 -600.000", "99199  600.000"}, written(undone.Posted))
	again, err := desk.Reverse(ctx, reversal)
	require.NoError(t, err)
	require.True(t, again.Repeat)
	reversal.Key = "R2"
	_, err = desk.Reverse(ctx, reversal)
	require.NoError(t, err)
	reversal.Key = "R3"
	undone, err = desk.Reverse(ctx, reversal)
	require.NoError(t, err)
	require.Equal(t, channelling.Unagreed, undone.Contract.State)
	require.Empty(t, findings(t, book))
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		for c, err := range channelling.Contracts(tx, "") {
			require.NoError(t, err)
			t.Errorf("%s is not agreed any more", c.Terms.Contract)
		}
		return nil
	}))
	wrong := channelling.StandardAccounts()
	wrong.Fee = "30101"
	agreement.Key, agreement.Date = "B", on(2026, 1, 9)
	_, err = channelling.NewDesk(book, wrong).Agree(ctx, agreement)
	require.ErrorIs(t, err, channelling.ErrRole)
}

func TestAdoptOnABook(t *testing.T) {
	book, desk := newDesk(t)
	day := on(2025, 12, 31)
	adoption := channelling.Adoption{Slip: slip(day), Terms: terms(), State: channelling.Running, Through: day,
		Position: channelling.Position{Held: rp(100_000), Placed: rp(5_000_000), Received: rp(5_000_000), Shared: rp(150_000), Collected: rp(100_000), ShareDue: rp(50_000)}}
	adoption.Key = "A"
	_, err := desk.Adopt(ctx, adoption)
	require.ErrorIs(t, err, ledger.ErrAdoption, "nothing stands in the opening balances")
	_, err = book.Post(ctx, ledger.Entry{Key: "SA", Date: day, Memo: "Saldo awal", Lines: []ledger.Line{
		ledger.Debit("10102", rp(100_000)), ledger.Credit("20112", rp(100_000)).For("MMQ-1"),
		ledger.Debit("99106", rp(5_000_000)).For("MMQ-1"), ledger.Credit("99199", rp(5_000_000)),
	}})
	require.NoError(t, err)
	short := adoption
	short.Position.Received = rp(4_000_000)
	_, err = desk.Adopt(ctx, short)
	require.ErrorContains(t, err, "what came, 4100000.00, is not what is held")
	r, err := desk.Adopt(ctx, adoption)
	require.NoError(t, err)
	require.Equal(t, channelling.Running, r.Contract.State)
	_, err = desk.Collect(ctx, keyed(moving(on(2026, 1, 5), 50_000), "1"))
	require.NoError(t, err)
	s, err := desk.Statement(ctx, on(2026, 1, 1), on(2026, 12, 31))
	require.NoError(t, err)
	require.Equal(t, rp(5_000_000), s.Total.Opening)
	require.Equal(t, rp(50_000), s.Total.Collected)
	require.Empty(t, findings(t, book))
}

func TestChecksFindWhatIsWrong(t *testing.T) {
	book, desk := newDesk(t)
	agreement := channelling.Agreement{Slip: slip(start), Terms: terms()}
	agreement.Key = "A"
	_, err := desk.Agree(ctx, agreement)
	require.NoError(t, err)
	_, err = book.Post(ctx, ledger.Entry{Key: "X", Date: start, Memo: "salah", Lines: []ledger.Line{
		ledger.Debit("10102", rp(1)), ledger.Credit("20112", rp(1)).For("MMQ-1")}})
	require.NoError(t, err)
	_, err = book.Post(ctx, ledger.Entry{Key: "Y", Date: start, Memo: "salah", Lines: []ledger.Line{
		ledger.Debit("99106", rp(1)).For("MMQ-7"), ledger.Credit("99199", rp(1))}})
	require.NoError(t, err)
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		_, err := tx.Save(ledger.Record{Key: "Z", Kind: channelling.RecordKind, ID: "MMQ-8", Version: 1, Event: "agree", Data: []byte(`{}`), Format: 1, State: []byte(`{}`)})
		return err
	}))
	all := strings.Join(findings(t, book), "\n")
	require.Contains(t, all, "the contract says 0.00, the book has -1.00")
	require.Contains(t, all, "99106/MMQ-7")
	require.Contains(t, all, "channelling.replay")
}

// A published case, and who has no part of it: 10 billion of an investor earn 160
// million at 35:65. The cooperative arranges it and earns its fee alone; nothing
// enters a pool. Source: "Sistem dan Perhitungan Bagi Hasil Bab XIV", STAIN
// Pekalongan 2015, https://vdokumen.com/sistem-dan-perhitungan-bagi-hasil-bab-xiv.html
func TestCaseRIA01(t *testing.T) {
	agreed := terms()
	agreed.Amount, agreed.Nisbah = rp(10_000_000_000), decimal.RequireFromString("0.35")
	c := channelling.Contract{}
	apply := func(e channelling.Event, err error) {
		t.Helper()
		require.NoError(t, err)
		c, err = c.Apply(e)
		require.NoError(t, err)
		for _, line := range channelling.Journal(c, e, channelling.StandardAccounts()).Lines {
			require.NotEqual(t, "50106", line.Account, "no income of a pool")
		}
	}
	apply(c.Agree(channelling.Agreement{Slip: slip(start), Terms: agreed}))
	apply(c.Receive(moving(start, 10_000_000_000)))
	apply(c.PlaceWith(moving(start, 10_000_000_000)))
	r := channelling.Report{Slip: slip(on(2026, 2, 1)), From: start, Through: on(2026, 1, 31), Result: rp(160_000_000)}
	e, err := c.Report(r)
	apply(e, err)
	require.Equal(t, rp(56_000_000), e.Reported.Investor)
	require.Equal(t, rp(104_000_000), e.Reported.Manager)
	require.Zero(t, c.Position.Charged)
}
