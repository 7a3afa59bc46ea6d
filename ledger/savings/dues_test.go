package savings_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

func month(m time.Month) ledger.Month { return ledger.MonthOf(2026, m) }

func scheduleOf(t testing.TB, book *ledger.Book, account string, on ledger.Date) (s savings.Schedule) {
	t.Helper()
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) (err error) {
		s, err = savings.ScheduleIn(tx, account, on)
		return err
	}))
	return s
}

// Dues begin with the month of joining, change only by date, and whatever
// comes in pays the oldest first.
func TestDuesSchedule(t *testing.T) {
	book, desk := newFullDesk(t)
	opens(t, desk, "M1", "WAJIB")
	head, err := book.Head(ctx)
	require.NoError(t, err)
	s := scheduleOf(t, book, "M1-WAJIB", day(time.March, 31))
	require.Equal(t, []savings.Due{{Month: month(time.January), Amount: rupiah(25_000)}, {Month: month(time.February), Amount: rupiah(25_000)},
		{Month: month(time.March), Amount: rupiah(25_000)}}, s.Owed())
	require.Equal(t, rupiah(75_000), s.Arrears())
	require.True(t, s.PaidTo().IsZero())
	after, err := book.Head(ctx)
	require.NoError(t, err)
	require.Equal(t, head, after, "a register: nothing is booked before money arrives")

	terms := savings.Terms{From: day(time.April, 1), Dues: rupiah(30_000), Locked: true, Personal: true}
	_, err = desk.ChangeProduct(ctx, savings.ProductChange{Key: "N", Code: "WAJIB", Terms: terms})
	require.NoError(t, err)
	paysIn(t, desk, "D1", "M1-WAJIB", day(time.April, 3), 60_000)
	s = scheduleOf(t, book, "M1-WAJIB", day(time.May, 2))
	require.Equal(t, []savings.Due{{Month: month(time.March), Amount: rupiah(15_000)}, {Month: month(time.April), Amount: rupiah(30_000)},
		{Month: month(time.May), Amount: rupiah(30_000)}}, s.Owed())
	require.Equal(t, month(time.February), s.PaidTo())
	require.Equal(t, [6]ledger.Money{rupiah(30_000), rupiah(30_000), rupiah(15_000)}, ages(s))
	require.Equal(t, rupiah(75_000), scheduleOf(t, book, "M1-WAJIB", day(time.March, 31)).Arrears(), "the past stays what it was")

	paysIn(t, desk, "D2", "M1-WAJIB", day(time.May, 3), 100_000)
	s = scheduleOf(t, book, "M1-WAJIB", day(time.May, 31))
	require.Empty(t, s.Owed())
	require.Equal(t, rupiah(25_000), s.Ahead())
	require.Equal(t, month(time.May), s.PaidTo())
	require.Equal(t, rupiah(5_000), scheduleOf(t, book, "M1-WAJIB", day(time.June, 1)).Arrears())

	// They end with the month before leaving.
	leaves(t, desk, "M1", day(time.June, 1))
	require.Equal(t, rupiah(25_000), scheduleOf(t, book, "M1-WAJIB", day(time.December, 1)).Ahead())
}

// ages leaves the years of arrears out of sight.
func ages(s savings.Schedule) [6]ledger.Money { return s.Age() }

func TestDuesByAge(t *testing.T) {
	s := savings.Schedule{Through: month(time.December)}
	for _, back := range []int{30, 13, 12, 7, 6, 4, 3, 2, 1, 0} {
		s.Dues = append(s.Dues, savings.Due{Month: month(time.December).Add(-back), Amount: rupiah(1)})
	}
	require.Equal(t, [6]ledger.Money{rupiah(1), rupiah(1), rupiah(2), rupiah(2), rupiah(2), rupiah(2)}, s.Age())
	require.Equal(t, rupiah(10), s.Arrears())
}

// However much is paid: what is owed by period and by age adds up to the
// arrears, and arrears less what is ahead to what is asked less what is paid.
func TestDuesAddUp(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 3))
	for range 2_000 {
		s := savings.Schedule{Through: month(time.December), Paid: rupiah(r.Int64N(1_000))}
		for n := r.IntN(40); n > 0; n-- {
			s.Dues = append(s.Dues, savings.Due{Month: month(time.December).Add(-n), Amount: rupiah(1 + r.Int64N(60))})
		}
		var owed, aged ledger.Money
		for _, due := range s.Owed() {
			owed = owed.Add(due.Amount)
		}
		for _, age := range s.Age() {
			aged = aged.Add(age)
		}
		require.Equal(t, s.Arrears(), owed, "seed %d", seed)
		require.Equal(t, s.Arrears(), aged, "seed %d", seed)
		require.Equal(t, s.Total().Sub(s.Paid), s.Arrears().Sub(s.Ahead()), "seed %d", seed)
		if list := s.Owed(); len(list) > 0 && !s.PaidTo().IsZero() {
			require.True(t, s.PaidTo().Before(list[0].Month), "seed %d: the oldest first", seed)
		}
	}
}

// A candidate owes dues from the month in which it becomes a member.
func TestDuesFromAdmission(t *testing.T) {
	book, desk := newFullDesk(t)
	_, err := desk.Join(ctx, savings.Joining{Key: "J", Date: day(time.January, 20), Member: "C1", Standing: ledger.Candidate})
	require.NoError(t, err)
	_, err = desk.Open(ctx, savings.Opening{Key: "O", Date: day(time.January, 20), Account: "C1-WAJIB", Member: "C1", Product: "WAJIB"})
	require.NoError(t, err)
	require.Empty(t, scheduleOf(t, book, "C1-WAJIB", day(time.March, 1)).Dues)
	_, err = desk.Admit(ctx, savings.Admission{Key: "A", Date: day(time.March, 15), Member: "C1", ApprovedBy: "pengurus"})
	require.NoError(t, err)
	require.Equal(t, []savings.Due{{Month: month(time.March), Amount: rupiah(25_000)}}, scheduleOf(t, book, "C1-WAJIB", day(time.March, 31)).Owed())
}

func TestDuesMandateRefused(t *testing.T) {
	_, desk := newFullDesk(t)
	opens(t, desk, "M1", "WAJIB", "SIWA")
	opens(t, desk, "M2", "SIWA")
	good := savings.DuesMandate{Key: "X", Date: day(time.February, 1), Account: "M1-WAJIB", From: "M1-SIWA", Document: "kuasa"}
	for code, change := range map[string]func(*savings.DuesMandate){
		"dues.document":   func(m *savings.DuesMandate) { m.Document = "" },
		"dues.mandate":    func(m *savings.DuesMandate) { m.From = "M2-SIWA" },
		"dues.akad":       func(m *savings.DuesMandate) { m.Account, m.From = "M1-SIWA", "M1-WAJIB" },
		"account.unknown": func(m *savings.DuesMandate) { m.From = "M9" },
	} {
		m := good
		change(&m)
		_, err := desk.MandateDues(ctx, m)
		var r *savings.Refusal
		require.ErrorAs(t, err, &r)
		require.Equal(t, code, r.Code)
	}
	_, err := desk.MandateDues(ctx, good)
	require.NoError(t, err)
	_, err = desk.MandateDues(ctx, savings.DuesMandate{Key: "Y", Date: day(time.February, 2), Account: "M1-WAJIB"})
	require.NoError(t, err)
	_, err = desk.CollectDues(ctx, savings.DuesCollection{Key: "Z", Date: day(time.February, 3), Account: "M1-WAJIB"})
	refused(t, err, savings.ErrCommand, "dues.mandate")
}

// A run takes what it can and says why of the rest; run again it goes on.
func TestCollectAllDues(t *testing.T) {
	_, desk := newFullDesk(t)
	for _, m := range []string{"M1", "M2", "M3"} {
		opens(t, desk, m, "WAJIB", "SIWA")
		_, err := desk.MandateDues(ctx, savings.DuesMandate{Key: "MD/" + m, Date: day(time.January, 10), Account: m + "-WAJIB", From: m + "-SIWA", Document: "kuasa"})
		require.NoError(t, err)
	}
	paysIn(t, desk, "D1", "M1-SIWA", day(time.January, 10), 500_000)
	paysIn(t, desk, "D2", "M2-SIWA", day(time.January, 10), 20_000)
	run := savings.DuesRun{Key: "2026-02", Date: day(time.February, 28), Product: "WAJIB", Maker: "sistem"}
	first, err := desk.CollectAllDues(ctx, run)
	require.NoError(t, err)
	require.Len(t, first, 3)
	require.Equal(t, rupiah(50_000), first[0].Amount)
	require.Equal(t, rupiah(10_000), first[1].Amount)
	require.ErrorIs(t, first[2].Refused, savings.ErrMinBalance)
	paysIn(t, desk, "D3", "M3-SIWA", day(time.February, 28), 100_000)
	again, err := desk.CollectAllDues(ctx, run)
	require.NoError(t, err)
	require.True(t, again[0].Repeat && again[1].Repeat)
	require.False(t, again[2].Repeat)
	require.Equal(t, rupiah(50_000), again[2].Amount)
	requireBalance(t, desk, "M1-WAJIB", 50_000)
	requireBalance(t, desk, "M2-WAJIB", 10_000)
	requireBalance(t, desk, "M3-WAJIB", 50_000)
	_, err = desk.CollectAllDues(ctx, savings.DuesRun{Key: "X", Date: day(time.February, 28), Product: "SIWA"})
	refused(t, err, savings.ErrCommand, "dues.akad")
}

// An adopted wajib account brings its arrears along.
func TestAdoptedDues(t *testing.T) {
	book, desk := newFullDesk(t)
	_, err := book.Post(ctx, ledger.Entry{Key: "opening", Date: day(time.March, 31), Lines: []ledger.Line{
		debit("10201", 1_200_000), credit("40102", 1_200_000).For("M1-WAJIB")}})
	require.NoError(t, err)
	adopt := func(key string, start *savings.DuesStart) error {
		_, err := desk.Adopt(ctx, savings.Opening{Key: key, Date: day(time.March, 31), Account: "M1-WAJIB", Member: "M1", Product: "WAJIB",
			Running: &savings.Running{Since: ledger.On(2021, time.May, 3), Balance: rupiah(1_200_000), Dues: start}})
		return err
	}
	owed := []savings.Due{{Month: ledger.MonthOf(2025, time.November), Amount: rupiah(20_000)}, {Month: month(time.March), Amount: rupiah(25_000)}}
	refused(t, adopt("X", &savings.DuesStart{From: month(time.March), Owed: owed}), savings.ErrAdoption, "adopt.dues")
	require.NoError(t, adopt("A", &savings.DuesStart{From: month(time.April), Owed: owed}))
	s := scheduleOf(t, book, "M1-WAJIB", day(time.April, 30))
	require.Equal(t, append(owed, savings.Due{Month: month(time.April), Amount: rupiah(25_000)}), s.Owed())
	paysIn(t, desk, "D", "M1-WAJIB", day(time.April, 30), 30_000)
	s = scheduleOf(t, book, "M1-WAJIB", day(time.April, 30))
	require.Equal(t, []savings.Due{{Month: month(time.March), Amount: rupiah(15_000)}, {Month: month(time.April), Amount: rupiah(25_000)}}, s.Owed())
}
