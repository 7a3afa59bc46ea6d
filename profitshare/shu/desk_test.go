package shu_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare/shu"
)

var (
	ctx     = context.Background()
	rp      = ledger.IDR.Of
	on      = ledger.On
	meeting = on(2026, 3, 15)
	teller  = ledger.Place{Account: "10102"}
)

// fixedClock ticks a microsecond at every look, so that two runs give the same digests.
func fixedClock() func() time.Time {
	now := time.Date(2026, time.January, 1, 8, 0, 0, 0, time.UTC)
	return func() time.Time {
		now = now.Add(time.Microsecond)
		return now
	}
}

// book is a book with an SHU desk.
type book struct {
	*ledger.Book
	t    testing.TB
	desk *shu.Desk
	keys int
}

// newBook returns an empty book, which ends with Check finding nothing.
func newBook(t testing.TB) *book {
	t.Helper()
	b := uncheckedBook(t)
	t.Cleanup(func() {
		for _, found := range b.findings() {
			t.Error(found)
		}
	})
	return b
}

func uncheckedBook(t testing.TB) *book {
	t.Helper()
	made, err := ledger.Create(ctx, ledger.NewMemory(), ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Clock: fixedClock(), Chart: ledger.StandardChart()})
	require.NoError(t, err)
	return &book{Book: made, t: t, desk: shu.NewDesk(made, shu.Accounts{Undivided: "40401"})}
}

func (b *book) findings() (found []ledger.Finding) {
	for finding, err := range b.Check(ctx, shu.Checks()...) {
		require.NoError(b.t, err)
		found = append(found, finding)
	}
	return found
}

func (b *book) key() string {
	b.keys++
	return fmt.Sprint("K", b.keys)
}

func (b *book) post(day ledger.Date, lines ...ledger.Line) ledger.Posted {
	b.t.Helper()
	posted, err := b.Post(ctx, ledger.Entry{Key: b.key(), Date: day, Memo: "x", Lines: lines})
	require.NoError(b.t, err)
	return posted
}

// result earns a year's result, closes the year and carries the result: above
// zero of income, below of expenses.
func (b *book) result(year int, amount int64) (closing, carried ledger.Posted) {
	b.t.Helper()
	last := on(year, 12, 31)
	if amount > 0 {
		b.post(last, ledger.Debit("10102", rp(amount)), ledger.Credit("50101", rp(amount)))
	} else {
		b.post(last, ledger.Debit("60201", rp(-amount)), ledger.Credit("10102", rp(-amount)))
	}
	key := b.key()
	require.NoError(b.t, b.Update(ctx, func(tx *ledger.Tx) (err error) {
		if closing, _, err = tx.CloseYear(ledger.YearEnd{Key: key + "/close", Day: last, Result: "40402"}); err == nil {
			carried, _, err = tx.CarryResult(ledger.CarryResult{Key: key + "/carry", Day: last.Next(), From: "40402", To: "40401"})
		}
		return err
	}))
	return closing, carried
}

func (b *book) slip(year int, day ledger.Date) shu.Slip {
	s := shu.Slip{Key: b.key(), Year: year, Date: day, Note: "keputusan"}
	s.Document = "RAT-1"
	return s
}

func (b *book) decide(plan shu.Plan, members ...shu.Member) shu.Result {
	b.t.Helper()
	r, err := b.desk.Decide(ctx, shu.Decision{Slip: b.slip(plan.Year, on(plan.Year+1, 3, 15)), Plan: plan, Members: members})
	require.NoError(b.t, err)
	return r
}

func (b *book) pay(year int, day ledger.Date, payees ...shu.Payee) shu.Result {
	b.t.Helper()
	r, err := b.desk.Pay(ctx, shu.Payment{Slip: b.slip(year, day), Payees: payees})
	require.NoError(b.t, err)
	return r
}

// lines writes an entry as debits and credits.
func lines(p ledger.Posted) (written []string) {
	for _, line := range p.Lines {
		side, amount := "Dr", line.Amount
		if amount.Sign() < 0 {
			side, amount = "Cr", amount.Neg()
		}
		account := line.Account
		if line.Sub != "" {
			account += "/" + line.Sub
		}
		written = append(written, fmt.Sprintf("%s %s %s", side, account, ledger.IDR.FormatLocal(amount)))
	}
	return written
}

// plan is 10 million of members and 2 million of others, each with its key.
func plan() shu.Plan {
	item := func(name string, percent int64, use shu.Use, account, measure string) shu.Item {
		return shu.Item{Name: name, Percent: decimal.NewFromInt(percent), Use: use, Account: account, Measure: measure}
	}
	reserve, fund := shu.Reserve, shu.Fund
	return shu.Plan{
		Year: 2025, Members: rp(10_000_000), Others: rp(2_000_000),
		MemberKey: shu.Key{
			item("Cadangan", 25, reserve, "40301", ""), item("Jasa Modal", 20, shu.ForCapital, "20203", "pokok+wajib"),
			item("Jasa Usaha", 20, shu.ForService, "20203", "margin"), item("Dana Pengurus", 10, fund, "20702", ""),
			item("Dana Karyawan", 10, fund, "20703", ""), item("Dana Pendidikan", 5, fund, "20701", ""),
			item("Dana Sosial", 5, fund, "20705", ""), item("Zakat", 5, fund, "20503", ""),
		},
		OtherKey: shu.Key{
			item("Cadangan", 40, reserve, "40301", ""), item("Dana Pengurus", 15, fund, "20702", ""),
			item("Dana Karyawan", 15, fund, "20703", ""), item("Dana Pendidikan", 10, fund, "20701", ""),
			item("Dana Sosial", 10, fund, "20705", ""), item("Dana Pembangunan Daerah Kerja", 10, fund, "20704", ""),
		},
		Measures: []shu.Measure{{Name: "pokok+wajib", Kind: shu.OfCapital, Total: 900}, {Name: "margin", Kind: shu.OfService, Total: 70}},
		Step:     rp(1), Residue: shu.LargestRests, ResidueTo: "Cadangan",
	}
}

// members are three with equal capital; M3 did nothing with the cooperative.
func members() []shu.Member {
	return []shu.Member{{Member: "M1", Figures: []int64{300, 40}}, {Member: "M2", Figures: []int64{300, 30}}, {Member: "M3", Figures: []int64{300, 0}}}
}

// TestJournalRows posts every entry of the SHU, account by account; the numbers
// are the rows of the table of entries (1.18).
func TestJournalRows(t *testing.T) {
	t.Run("1.18/01 year end", func(t *testing.T) {
		b := newBook(t)
		closing, carried := b.result(2025, 12_000_000)
		require.Equal(t, []string{"Dr 50101 12.000.000", "Cr 40402 12.000.000"}, lines(closing))
		require.Equal(t, []string{"Dr 40402 12.000.000", "Cr 40401 12.000.000"}, lines(carried))
	})
	t.Run("1.18/02 meeting's decision", func(t *testing.T) {
		b := newBook(t)
		b.result(2025, 12_000_000)
		got := b.decide(plan(), members()...)
		require.Equal(t, []string{
			"Dr 40401 12.000.000", "Cr 40301 3.300.002", "Cr 20702 1.300.000", "Cr 20703 1.300.000", "Cr 20701 700.000", "Cr 20705 700.000", "Cr 20503 500.000", "Cr 20704 200.000",
			"Cr 20203/M1/2025 1.809.523", "Cr 20203/M2/2025 1.523.809", "Cr 20203/M3/2025 666.666",
		}, lines(got.Posted))
		require.Equal(t, shu.Decided, got.Year.State)
		require.Equal(t, 3, got.Event.Members)
	})
	t.Run("1.18/03 paid in cash and to savings", func(t *testing.T) {
		b := newBook(t)
		b.result(2025, 12_000_000)
		b.decide(plan(), members()...)
		got := b.pay(2025, meeting, shu.Payee{Member: "M1", Place: teller}, shu.Payee{Member: "M2", Place: ledger.Place{Account: "30101", Sub: "M2-SIMUDA"}})
		require.Equal(t, []string{"Dr 20203/M1/2025 1.809.523", "Cr 10102 1.809.523", "Dr 20203/M2/2025 1.523.809", "Cr 30101/M2-SIMUDA 1.523.809"}, lines(got.Posted))
		require.Equal(t, shu.Decided, got.Year.State, "M3 is still owed")
	})
	t.Run("1.18/04 fund used", func(t *testing.T) {
		b := newBook(t)
		b.result(2025, 12_000_000)
		b.decide(plan(), members()...)
		got, err := b.desk.Spend(ctx, shu.Spending{Slip: b.slip(2025, meeting), Fund: "Dana Pendidikan", Amount: rp(450_000), Place: teller})
		require.NoError(t, err)
		require.Equal(t, []string{"Dr 20701 450.000", "Cr 10102 450.000"}, lines(got.Posted))
		_, err = b.desk.Spend(ctx, shu.Spending{Slip: b.slip(2025, meeting), Fund: "Dana Pendidikan", Amount: rp(250_001), Place: teller})
		require.EqualError(t, err, "shu: SHU 2025: spend of 250001.00 is above the 250000.00 in the fund")
	})
	t.Run("1.18/05 deficit covered", func(t *testing.T) {
		b := newBook(t)
		b.post(on(2025, 1, 1), ledger.Debit("10102", rp(9_000_000)), ledger.Credit("40301", rp(3_000_000)), ledger.Credit("40302", rp(6_000_000)))
		b.result(2025, -5_000_000)
		first, err := b.desk.Cover(ctx, shu.Covering{Slip: b.slip(2025, meeting), Reserves: []shu.Leg{{Account: "40301", Amount: rp(3_000_000)}}})
		require.NoError(t, err)
		require.Equal(t, []string{"Dr 40301 3.000.000", "Cr 40401 3.000.000"}, lines(first.Posted))
		require.Equal(t, shu.Short, first.Year.State)
		require.Equal(t, rp(2_000_000), first.Year.Position.Deficit)
		rest, err := b.desk.Cover(ctx, shu.Covering{Slip: b.slip(2025, meeting), Reserves: []shu.Leg{{Account: "40302", Amount: rp(2_000_000)}}})
		require.NoError(t, err)
		require.Equal(t, []string{"Dr 40302 2.000.000", "Cr 40401 2.000.000"}, lines(rest.Posted))
		require.Equal(t, shu.Covered, rest.Year.State)
	})
}

// TestUnpaidIsCarried: what nobody fetches stays owed beside the next year's
// share, kept apart, and both are paid by year (the reading of case SU-03).
func TestUnpaidIsCarried(t *testing.T) {
	b := newBook(t)
	b.result(2025, 12_000_000)
	b.decide(plan(), members()...)
	b.pay(2025, meeting, shu.Payee{Member: "M1", Place: teller}, shu.Payee{Member: "M2", Place: teller, Amount: rp(523_809)})
	b.result(2026, 12_000_000)
	next := plan()
	next.Year = 2026
	b.decide(next, members()...)
	owed, err := b.desk.Payable(ctx, "M2")
	require.NoError(t, err)
	require.Equal(t, []shu.YearOwed{{Year: 2025, Amount: rp(1_000_000)}, {Year: 2026, Amount: rp(1_523_809)}}, owed)
	_, err = b.desk.Pay(ctx, shu.Payment{Slip: b.slip(2025, on(2027, 4, 1)), Payees: []shu.Payee{{Member: "M2", Place: teller, Amount: rp(1_000_001)}}})
	require.EqualError(t, err, "shu: member M2: 1000000.00 is unpaid of 2025, 1000001.00 is to be paid")
	got := b.pay(2025, on(2027, 4, 1), shu.Payee{Member: "M2", Place: teller}, shu.Payee{Member: "M3", Place: teller})
	require.Equal(t, shu.Settled, got.Year.State)
	require.True(t, got.Year.Position.Payable.IsZero())
	var unpaid []shu.Owed
	require.NoError(t, b.View(ctx, func(tx *ledger.Tx) error {
		for o, err := range shu.Unpaid(tx, 2026) {
			require.NoError(t, err)
			unpaid = append(unpaid, o)
		}
		return nil
	}))
	require.Len(t, unpaid, 3)
	require.Equal(t, shu.Owed{Account: "20203", Member: "M1", Amount: rp(1_809_523)}, unpaid[0])
}

// TestFromTheBook takes all that a plan needs from the book: the result by its
// sources, pokok and wajib, and the margin that members paid.
func TestFromTheBook(t *testing.T) {
	b := newBook(t)
	party := func(l ledger.Line, member string, s ledger.Standing) ledger.Line {
		return l.With(ledger.Party{Member: member, Standing: s})
	}
	b.post(on(2025, 1, 1), ledger.Debit("10102", rp(500_000)), ledger.Credit("40101", rp(100_000)).For("M1"), ledger.Credit("40102", rp(200_000)).For("M1"),
		ledger.Credit("40101", rp(100_000)).For("M2"), ledger.Credit("30101", rp(100_000)).For("M2-SIMUDA"))
	b.post(on(2025, 7, 2), ledger.Debit("10102", rp(200_000)), ledger.Credit("40102", rp(200_000)).For("M2"))
	b.post(on(2025, 8, 1), ledger.Debit("10102", rp(1_000_000)),
		party(ledger.Credit("50101", rp(600_000)), "M2", ledger.Member), party(ledger.Credit("50101", rp(150_000)), "M1", ledger.Member),
		party(ledger.Credit("50101", rp(250_000)), "C9", ledger.Candidate))
	b.result(2025, -200_000)
	var capital, average, service []shu.Figure
	var sources shu.Sources
	require.NoError(t, b.View(ctx, func(tx *ledger.Tx) (err error) {
		accounts := []string{"40101", "40102"}
		capital, err = shu.CapitalOf(tx, shu.CapitalRule{Accounts: accounts, Year: 2025})
		require.NoError(t, err)
		average, err = shu.CapitalOf(tx, shu.CapitalRule{Accounts: accounts, Year: 2025, Average: true})
		require.NoError(t, err)
		service, err = shu.ServiceOf(tx, 2025, "50101")
		require.NoError(t, err)
		sources, err = shu.SourcesOf(tx, 2025)
		require.NoError(t, err)
		_, err = shu.CapitalOf(tx, shu.CapitalRule{Accounts: []string{"40101", "30101"}, Year: 2025})
		require.EqualError(t, err, "shu: account 30101: is not pokok or wajib savings: jasa modal goes by equity with a sub for each holder (UU 25/1992 art. 45)")
		return nil
	}))
	require.Equal(t, []shu.Figure{{Member: "M1", Amount: 30_000_000}, {Member: "M2", Amount: 30_000_000}}, capital)
	require.Equal(t, []shu.Figure{{Member: "M1", Amount: 30_000_000 * 365}, {Member: "M2", Amount: 10_000_000*365 + 20_000_000*183}}, average)
	require.Equal(t, []shu.Figure{{Member: "M1", Amount: 15_000_000}, {Member: "M2", Amount: 60_000_000}}, service, "a candidate has no part")
	require.Equal(t, shu.Sources{Members: rp(750_000), Others: rp(250_000)}, sources)
	fromMembers, fromOthers, err := sources.Split(rp(800_000), rp(1))
	require.NoError(t, err)
	require.Equal(t, []ledger.Money{rp(600_000), rp(200_000)}, []ledger.Money{fromMembers, fromOthers})

	p, people, err := b.desk.Draft(ctx, shu.Draft{
		Plan: plan(), BySource: true,
		Capital:  []shu.CapitalMeasure{{Name: "pokok+wajib", Rule: shu.CapitalRule{Accounts: []string{"40101", "40102"}, Average: true}}},
		Services: []shu.ServiceMeasure{{Name: "margin", Accounts: []string{"50101"}}},
	})
	require.NoError(t, err)
	require.Equal(t, []ledger.Money{fromMembers, fromOthers}, []ledger.Money{p.Members, p.Others})
	require.Equal(t, shu.MembersOf(average, service), people)
	require.Equal(t, []shu.Measure{{Name: "pokok+wajib", Kind: shu.OfCapital, Total: shu.TotalOf(average)}, {Name: "margin", Kind: shu.OfService, Total: 75_000_000}}, p.Measures)
	got := b.decide(p, people...)
	require.Equal(t, rp(800_000), got.Year.Position.Divided)
	_, _, err = b.desk.Draft(ctx, shu.Draft{Plan: plan()})
	require.EqualError(t, err, "shu: SHU 2025: the book has 0.00 undivided: there is no result to divide (UU 25/1992 art. 45)")
}

// TestAdopt takes unpaid shares of old books over.
func TestAdopt(t *testing.T) {
	b := newBook(t)
	day := on(2026, 1, 1)
	b.post(day, ledger.Debit("10102", rp(300_000)), ledger.Credit("20203", rp(100_000)).For(shu.Sub("M1", 2023)), ledger.Credit("20203", rp(200_000)).For(shu.Sub("M2", 2023)))
	a := shu.Adoption{Slip: b.slip(2023, day), Owing: []string{"20203"}, Unpaid: rp(299_999)}
	_, err := b.desk.Adopt(ctx, a)
	require.EqualError(t, err, "shu: SHU 2023: 299999.00 is stated as unpaid, the book has 300000.00 on the year's subs")
	a.Unpaid = rp(300_000)
	got, err := b.desk.Adopt(ctx, a)
	require.NoError(t, err)
	require.Equal(t, shu.Decided, got.Year.State)
	require.Empty(t, got.Posted.Lines)
	settled := b.pay(2023, meeting, shu.Payee{Member: "M1", Place: teller}, shu.Payee{Member: "M2", Place: teller})
	require.Equal(t, shu.Settled, settled.Year.State)
}

// TestRepeatAndReverse: a key answers once; the latest event alone is undone, by
// the desk, and the books step back with the year.
func TestRepeatAndReverse(t *testing.T) {
	b := newBook(t)
	b.result(2025, 12_000_000)
	d := shu.Decision{Slip: b.slip(2025, meeting), Plan: plan(), Members: members()}
	first, err := b.desk.Decide(ctx, d)
	require.NoError(t, err)
	p := shu.Payment{Slip: b.slip(2025, meeting), Payees: []shu.Payee{{Member: "M1", Place: teller}}}
	paid, err := b.desk.Pay(ctx, p)
	require.NoError(t, err)
	again, err := b.desk.Decide(ctx, d)
	require.NoError(t, err)
	require.True(t, again.Repeat)
	require.Equal(t, first.Posted.Number, again.Posted.Number)
	require.Equal(t, first.Year.Position, again.Year.Position)
	repaid, err := b.desk.Pay(ctx, p)
	require.NoError(t, err)
	require.True(t, repaid.Repeat)
	other := d
	other.Members = slices.Clone(d.Members)
	other.Members[0], other.Members[1] = other.Members[1], other.Members[0]
	_, err = b.desk.Decide(ctx, other)
	require.ErrorIs(t, err, ledger.ErrKeyConflict)

	undo := func(version int) (shu.Result, error) {
		return b.desk.Reverse(ctx, shu.Reversal{Slip: b.slip(2025, meeting), Version: version})
	}
	_, err = undo(1)
	require.ErrorIs(t, err, shu.ErrNotLatest)
	require.EqualError(t, err, "shu: SHU 2025: event #1 is not the latest that stands, which is pay #2 on 2026-03-15")
	_, err = b.Reverse(ctx, ledger.Reversal{Key: b.key(), Entry: paid.Posted.Number, Date: meeting, Reason: "salah"})
	require.Error(t, err, "the year's entry is the year's to undo")
	back, err := undo(0)
	require.NoError(t, err)
	require.Equal(t, []string{"Cr 20203/M1/2025 1.809.523", "Dr 10102 1.809.523"}, lines(back.Posted))
	back, err = undo(0)
	require.NoError(t, err)
	require.Equal(t, shu.Undecided, back.Year.State)
	require.Zero(t, back.Year.Position)
	redone := b.decide(plan(), members()...)
	require.Equal(t, shu.Decided, redone.Year.State)
	history, err := b.desk.History(ctx, 2025)
	require.NoError(t, err)
	require.Len(t, history, 5)
}
