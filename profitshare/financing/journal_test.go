package financing_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare/financing"
)

// TestJournalRows posts every entry that the owner's accounting knows, account
// by account. The numbers are the rows of the tables of entries: 1.13 funds
// placed in financing, 1.14 mudharabah as owner (PSAK 405), 1.16 musyarakah
// (PSAK 406).
func TestJournalRows(t *testing.T) {
	later := mudharabah()
	later.StartsLater = true
	staged := mudharabah()
	staged.Return = financing.InStages
	permanent, declining := terms(financing.Musyarakah), terms(financing.Declining)
	all := func(terms financing.Terms) []command {
		return []command{commit(terms), disburse(start, 100_000_000)}
	}
	for _, row := range []struct {
		name   string
		before []command
		last   command
		want   []string
	}{
		{"1.13/03 funds placed in financing", []command{commit(mudharabah())}, disburse(start, 30_000_000), []string{
			"Dr 11201/PMB-1 30.000.000", "Cr 10102 30.000.000", "Dr 99199 30.000.000", "Cr 99102/PMB-1 30.000.000"}},
		{"1.14/01 approval", nil, commit(mudharabah()), []string{
			"Dr 99102/PMB-1 100.000.000", "Cr 99199 100.000.000"}},
		{"1.14/02 cash disbursement", []command{commit(mudharabah())}, disburse(start, 100_000_000), []string{
			"Dr 11201/PMB-1 100.000.000", "Cr 10102 100.000.000", "Dr 99199 100.000.000", "Cr 99102/PMB-1 100.000.000"}},
		{"1.14/03 asset above its carrying amount", []command{commit(mudharabah())}, handOver(start, 36_000_000, 24_000_000), []string{
			"Dr 11201/PMB-1 36.000.000", "Cr 11404 24.000.000", "Cr 20605/PMB-1 12.000.000", "Dr 99199 36.000.000", "Cr 99102/PMB-1 36.000.000"}},
		{"1.14/04 gain of a month", []command{commit(mudharabah()), handOver(start, 36_000_000, 24_000_000)}, amortise(on(2026, 2, 5)), []string{
			"Dr 20605/PMB-1 1.000.000", "Cr 50501 1.000.000"}},
		{"1.14/05 asset below its carrying amount", []command{commit(mudharabah())}, handOver(start, 20_000_000, 24_000_000), []string{
			"Dr 60701 4.000.000", "Dr 11201/PMB-1 20.000.000", "Cr 11404 24.000.000", "Dr 99199 20.000.000", "Cr 99102/PMB-1 20.000.000"}},
		{"1.14/06 lost before the business began", all(later), lose(start, 10_000_000), []string{
			"Dr 60501 10.000.000", "Cr 11201/PMB-1 10.000.000"}},
		{"1.14/07 profit report", all(mudharabah()), results(time.January, 20_000_000, 12_000_000, 3_000_000), []string{
			"Dr 11113/PMB-1 2.000.000", "Cr 50106 2.000.000"}},
		{"1.14/08 share received", append(all(mudharabah()), results(time.January, 20_000_000, 12_000_000, 3_000_000)),
			collect(on(2026, 2, 3), financing.ClaimShare, 2_000_000), []string{
				"Dr 10102 2.000.000", "Cr 11113/PMB-1 2.000.000"}},
		{"1.14/09 loss of a period", all(mudharabah()), results(time.January, 5_000_000, 9_000_000, 3_000_000), []string{
			"Dr 60501 7.000.000", "Cr 11302/PMB-1 7.000.000"}},
		{"1.14/10 later profit restores", append(all(mudharabah()), results(time.January, 5_000_000, 9_000_000, 3_000_000)),
			results(time.February, 20_000_000, 8_000_000, 0), []string{
				"Dr 11113/PMB-1 2.000.000", "Dr 11302/PMB-1 7.000.000", "Cr 50106 2.000.000", "Cr 50502 7.000.000"}},
		{"1.14/11 capital instalment", all(staged), repay(on(2026, 2, 5), 20_000_000), []string{
			"Dr 10102 20.000.000", "Cr 11201/PMB-1 20.000.000"}},
		{"1.14/12 end in full", all(mudharabah()), end(ends, 100_000_000, 100_000_000), []string{
			"Dr 10102 100.000.000", "Cr 11201/PMB-1 100.000.000"}},
		{"1.14/12 end in full with a loss foreseen", append(all(mudharabah()), results(time.January, 0, 7_000_000, 0)), end(ends, 90_000_000, 90_000_000), []string{
			"Dr 10102 90.000.000", "Dr 60501 3.000.000", "Dr 11302/PMB-1 7.000.000", "Cr 11201/PMB-1 100.000.000"}},
		{"1.14/12 end in full with a gain", append(all(mudharabah()), results(time.January, 0, 7_000_000, 0)), end(ends, 98_000_000, 98_000_000), []string{
			"Dr 10102 98.000.000", "Dr 11302/PMB-1 7.000.000", "Cr 11201/PMB-1 100.000.000", "Cr 50506 5.000.000"}},
		{"1.14/13 end unpaid", all(mudharabah()), end(ends, 100_000_000, 0), []string{
			"Dr 11120/PMB-1 100.000.000", "Cr 11201/PMB-1 100.000.000"}},
		{"1.14/14 manager at fault", all(mudharabah()), blame(start, 15_000_000, 0, 0), []string{
			"Dr 11121/PMB-1 15.000.000", "Cr 11201/PMB-1 15.000.000"}},
		{"1.14/14 manager at fault, loss recognised before", append(all(mudharabah()), results(time.January, 0, 7_000_000, 0)), blame(on(2026, 2, 1), 7_000_000, 7_000_000, 0), []string{
			"Dr 11121/PMB-1 7.000.000", "Dr 11302/PMB-1 7.000.000", "Cr 11201/PMB-1 7.000.000", "Cr 50502 7.000.000"}},
		{"1.16/01 capital handed over", []command{commit(permanent)}, disburse(start, 100_000_000), []string{
			"Dr 11202/PMB-1 100.000.000", "Cr 10102 100.000.000", "Dr 99199 100.000.000", "Cr 99102/PMB-1 100.000.000"}},
		{"1.16/02 profit report", all(permanent), results(time.January, 10_000_000, 0, 0), []string{
			"Dr 11113/PMB-1 4.000.000", "Cr 50107 4.000.000"}},
		{"1.16/03 share bought back", all(declining), buyBack(on(2026, 2, 5), 10_000_000, 10_500_000), []string{
			"Dr 10102 10.500.000", "Cr 11203/PMB-1 10.000.000", "Cr 50506 500.000"}},
		{"1.16/03 share bought back below its amount", all(declining), buyBack(on(2026, 2, 5), 10_000_000, 9_000_000), []string{
			"Dr 10102 9.000.000", "Dr 60501 1.000.000", "Cr 11203/PMB-1 10.000.000"}},
		{"1.16/04 loss by capital", all(permanent), results(time.January, 0, 10_000_000, 0), []string{
			"Dr 60501 8.000.000", "Cr 11302/PMB-1 8.000.000"}},
		{"written off, capital", append(all(mudharabah()), end(ends, 100_000_000, 0)), writeOff(ends, financing.ClaimMatured, 100_000_000), []string{
			"Dr 60501 100.000.000", "Cr 11120/PMB-1 100.000.000"}},
		{"written off, share that never came", append(all(mudharabah()), results(time.January, 10_000_000, 0, 0), end(ends, 100_000_000, 100_000_000)),
			writeOff(ends, financing.ClaimShare, 4_000_000), []string{"Dr 50106 4.000.000", "Cr 11113/PMB-1 4.000.000"}},
		{"PSAK 406, goods in use", []command{commit(permanent), handOver(start, 60_000_000, 60_000_000)}, wear(on(2026, 2, 5), 1_500_000), []string{
			"Dr 60403 1.500.000", "Cr 11202/PMB-1 1.500.000"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, desk := newDesk(t)
			does(t, desk, row.before...)
			last := does(t, desk, row.last)
			require.Equal(t, row.want, lines(last.Posted))
			for _, line := range last.Posted.Lines {
				require.Equal(t, member, line.Party)
			}
		})
	}
}

// TestDirectLosses is the older way (1.14, guideline for KJKS): a loss cuts the
// investment, and later profit restores it.
func TestDirectLosses(t *testing.T) {
	book := newBook(t)
	defer requireSound(t, book)
	desk := financing.NewDesk(book, accounts, financing.Policies{
		{From: on(2008, 1, 1), Losses: financing.LossAllowance, Gains: financing.GainDeferred, Source: "PSAK 105"},
		{From: on(2026, 1, 1), Losses: financing.LossDirect, Gains: financing.GainAtOnce, Source: "KJKS"},
	})
	does(t, desk, commit(terms(financing.Musyarakah)), disburse(start, 60_000_000))
	over := does(t, desk, handOver(start, 40_000_000, 30_000_000))
	require.Equal(t, []string{"Dr 11202/PMB-1 40.000.000", "Cr 11404 30.000.000", "Cr 50501 10.000.000", "Dr 99199 40.000.000", "Cr 99102/PMB-1 40.000.000"}, lines(over.Posted))
	lost := does(t, desk, results(time.January, 0, 10_000_000, 0))
	require.Equal(t, []string{"Dr 60501 8.000.000", "Cr 11202/PMB-1 8.000.000"}, lines(lost.Posted))
	require.Equal(t, "KJKS", lost.Event.Policy)
	half := does(t, desk, results(time.February, 5_000_000, 0, 0))
	require.Equal(t, []string{"Dr 11202/PMB-1 4.000.000", "Cr 50502 4.000.000"}, lines(half.Posted))
	whole := does(t, desk, results(time.March, 15_000_000, 0, 0))
	require.Equal(t, []string{"Dr 11113/PMB-1 4.000.000", "Dr 11202/PMB-1 4.000.000", "Cr 50107 4.000.000", "Cr 50502 4.000.000"}, lines(whole.Posted))
	require.True(t, whole.Contract.Position.Lost().IsZero())
}

// TestPendingLoss: what is lost after the business has begun is settled when
// results are shared, and touches the investment only then (PSAK 405).
func TestPendingLoss(t *testing.T) {
	_, desk := newDesk(t)
	does(t, desk, commit(mudharabah()), disburse(start, 100_000_000))
	lost := does(t, desk, lose(on(2026, 1, 20), 6_000_000))
	require.Empty(t, lost.Posted.Lines)
	require.Equal(t, rp(100_000_000), lost.Contract.Position.Net())
	settled := does(t, desk, results(time.January, 10_000_000, 0, 0))
	require.Equal(t, []string{"Dr 11113/PMB-1 1.600.000", "Cr 50106 1.600.000"}, lines(settled.Posted))
	require.Equal(t, rp(6_000_000), settled.Event.Reported.Settled)
	does(t, desk, lose(on(2026, 2, 10), 9_000_000))
	net := does(t, desk, results(time.February, 4_000_000, 0, 0))
	require.Equal(t, []string{"Dr 60501 5.000.000", "Cr 11302/PMB-1 5.000.000"}, lines(net.Posted))
	require.Equal(t, rp(95_000_000), net.Contract.Position.Net())
}

// TestSharing: what the akad shares decides, for the same report.
func TestSharing(t *testing.T) {
	for sharing, want := range map[financing.Sharing]ledger.Money{
		financing.RevenueSharing:     rp(3_200_000), // 40% of 20 - 12
		financing.GrossProfitSharing: rp(3_200_000),
		financing.ProfitSharing:      rp(2_000_000), // 40% of 20 - 12 - 3
	} {
		_, desk := newDesk(t)
		agreed := mudharabah()
		agreed.Sharing = sharing
		does(t, desk, commit(agreed), disburse(start, 100_000_000))
		got := does(t, desk, results(time.January, 20_000_000, 12_000_000, 3_000_000))
		require.Equal(t, want, got.Event.Change.ShareDue, sharing)
	}
}

// TestNisbahOfThePeriod: another nisbah applies from its day on; a report does
// not straddle it.
func TestNisbahOfThePeriod(t *testing.T) {
	_, desk := newDesk(t)
	does(t, desk, commit(mudharabah()), disburse(start, 100_000_000), agree(on(2026, 1, 10), on(2026, 2, 1), "0.30"), agree(on(2026, 1, 10), on(2026, 3, 1), "0.25"))
	require.Equal(t, rp(4_000_000), does(t, desk, results(time.January, 10_000_000, 0, 0)).Event.Change.Income)
	require.Equal(t, rp(3_000_000), does(t, desk, results(time.February, 10_000_000, 0, 0)).Event.Change.Income)
	last := does(t, desk, results(time.March, 10_000_000, 0, 0))
	require.Equal(t, rp(2_500_000), last.Event.Change.Income)
	require.Equal(t, "0.25", last.Event.Reported.Nisbah)
}

// TestDeferredGain: straight-line over the months of the akad, several tranches,
// and the rest when it ends.
func TestDeferredGain(t *testing.T) {
	_, desk := newDesk(t)
	does(t, desk, commit(mudharabah()), handOver(start, 36_000_000, 24_000_000), handOver(on(2026, 7, 5), 10_000_000, 9_000_000))
	got := does(t, desk, amortise(on(2026, 8, 4)))
	require.Equal(t, rp(6_000_000), got.Event.Change.HandoverGain, "six months of twelve; the second not yet a month")
	got = does(t, desk, amortise(on(2026, 8, 5)))
	require.Equal(t, rp(1_166_667), got.Event.Change.HandoverGain, "a month of each: 12m/12, and 1m/6 half up")
	got = does(t, desk, end(ends, 46_000_000, 46_000_000))
	require.Equal(t, rp(13_000_000-6_000_000-1_166_667), got.Event.Change.HandoverGain)
	require.Equal(t, financing.Closed, got.Contract.State)
}

// TestFaultOfPendingLoss: what turns out to be the manager's no longer comes off
// later results.
func TestFaultOfPendingLoss(t *testing.T) {
	_, desk := newDesk(t)
	does(t, desk, commit(mudharabah()), disburse(start, 100_000_000), lose(start, 6_000_000), blame(on(2026, 1, 20), 6_000_000, 0, 6_000_000))
	got := does(t, desk, results(time.January, 10_000_000, 0, 0))
	require.Equal(t, rp(4_000_000), got.Event.Change.Income)
	got = does(t, desk, collect(on(2026, 2, 1), financing.ClaimFault, 6_000_000))
	require.Equal(t, []string{"Dr 10102 6.000.000", "Cr 11121/PMB-1 6.000.000"}, lines(got.Posted))
}
