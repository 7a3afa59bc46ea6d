package profitshare_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
)

func entryText(p ledger.Posted) []string {
	var lines []string
	for _, l := range p.Lines {
		place := l.Account
		if l.Sub != "" {
			place += "/" + l.Sub
		}
		lines = append(lines, place+" "+ledger.IDR.FormatLocal(l.Amount))
	}
	slices.Sort(lines)
	return lines
}

// reservePlan is runPlan with both reserves and gifts.
func reservePlan() profitshare.Plan {
	plan := runPlan()
	plan.Equalisation = profitshare.ReservePlace{Account: "20103", Members: "50901", Manager: "60102"}
	plan.Risk = profitshare.ReservePlace{Account: "20102", Members: "50902"}
	plan.HibahFrom = "60101"
	return plan
}

// The PER moves before the nisbah and both sides give, the IRR after it and the
// members give, hibah comes from the manager. By hand, of 500.000: less 50.000
// PER is 450.000; 3/5 of it at 50% and 2/5 at 60% is 135.000 + 108.000 =
// 243.000; less 24.300 IRR, a tenth, plus 6.561 hibah is 225.261: each share
// 0,927 of its part by nisbah, and the hibah in the same proportion.
func TestReservesAndHibahInTheRun(t *testing.T) {
	b := newRunBook(t)
	monthOfApril(b)
	m1d := deposit12("M1-D")
	m1d.PayTo = profitshare.Place{Account: "30101", Sub: "M1-A"}
	desk := profitshare.NewDesk(b.Book, reservePlan(), earning{account("M1-A"), m1d, account("M2-A")})
	april := month(t, "2026-04")
	decision := profitshare.Decision{Equalisation: profitshare.Movement{SetAside: rp(50_000)}, Risk: profitshare.Movement{SetAside: rp(24_300)}, Hibah: rp(6_561)}
	preview, err := desk.PreviewWith(ctx, april, decision)
	require.NoError(t, err)
	require.Equal(t, []string{"M1-A 83.430", "M1-D 100.116", "M2-A 41.715"}, gross(preview))
	r, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: april, Decision: decision})
	require.NoError(t, err)
	require.Equal(t, []string{
		"20102 -24.300", "20103 -50.000", "20201/M1-A -83.430", "20201/M1-D -100.116", "20201/M2-A -41.715",
		"50901 121.500", // 125.145 - 3.645 hibah
		"50901 27.000",  // 54% of the PER
		"50902 24.300", "50902 97.200", "60101 6.561", "60102 23.000"}, entryText(r.Posted))
	f := r.Figures
	require.Equal(t, []ledger.Money{rp(0), rp(50_000), rp(0), rp(24_300)}, []ledger.Money{f.Equalisation.Opening, f.Equalisation.Closing(), f.Risk.Opening, f.Risk.Closing()})
	require.Equal(t, rp(500_000), ledger.Sum(f.Members, f.Manager, rp(50_000), rp(24_300)))

	// May releases the PER into a lean month; opening is what April closed with.
	b.book("2026-05-31", "10102", "50101", 50_000)
	release := profitshare.Decision{Equalisation: profitshare.Movement{Released: rp(50_000)}}
	r, err = desk.Post(ctx, profitshare.Posting{Key: "P5", Month: april.Next(), Decision: release})
	require.NoError(t, err)
	require.Equal(t, []string{"20103 50.000", "20201/M1-A -20.000", "20201/M1-D -24.000", "20201/M2-A -10.000", "50901 -27.000", "50901 30.000", "50902 24.000", "60102 -23.000"}, entryText(r.Posted))
	require.Equal(t, rp(50_000), r.Figures.Equalisation.Opening)
	require.True(t, r.Figures.Equalisation.Closing().IsZero())
	for _, m := range []ledger.Month{april, april.Next()} {
		v, err := desk.Verify(ctx, m)
		require.NoError(t, err)
		require.True(t, v.Agrees(), m)
	}
	_, err = desk.PreviewWith(ctx, april.Next().Next(), release)
	require.ErrorIs(t, err, profitshare.ErrReserve)
	require.ErrorContains(t, err, "profit equalisation reserve: IDR 50.000: more is released than the reserve's IDR 0")
}

func TestDecisionRefusals(t *testing.T) {
	b := newRunBook(t)
	monthOfApril(b)
	april := month(t, "2026-04")
	for name, c := range map[string]struct {
		plan     func(*profitshare.Plan)
		decision profitshare.Decision
		want     string
	}{
		"no PER in the plan":    {func(p *profitshare.Plan) { p.Equalisation = profitshare.ReservePlace{} }, profitshare.Decision{Equalisation: profitshare.Movement{SetAside: rp(1)}}, "profitshare: profit equalisation reserve: the plan names no accounts for it"},
		"no IRR in the plan":    {func(p *profitshare.Plan) { p.Risk = profitshare.ReservePlace{} }, profitshare.Decision{Risk: profitshare.Movement{SetAside: rp(1)}}, "profitshare: investment risk reserve: the plan names no accounts for it"},
		"no account for gifts":  {func(p *profitshare.Plan) { p.HibahFrom = "" }, profitshare.Decision{Hibah: rp(1)}, "profitshare: hibah: the plan names no accounts for it"},
		"gifts from the pool":   {func(p *profitshare.Plan) { p.HibahFrom = "50301" }, profitshare.Decision{}, "plan: hibah from: 50301: is of kind income"},
		"one reserve for both":  {func(p *profitshare.Plan) { p.Risk.Account = "20103" }, profitshare.Decision{}, "plan: reserves: 20103: the two are one account (IFSB, PER and IRR)"},
		"a bonus for a pool":    {nil, profitshare.Decision{Bonus: rp(1)}, "bonus: IDR 1: mudharabah accounts share profit by their nisbah"},
		"more than the manager": {nil, profitshare.Decision{Hibah: rp(230_001)}, "hibah: IDR 230.001: more than the manager's part of IDR 230.000"},
	} {
		plan := reservePlan()
		if c.plan != nil {
			c.plan(&plan)
		}
		desk := profitshare.NewDesk(b.Book, plan, earning{account("M1-A"), deposit12("M1-D"), account("M2-A")})
		_, err := desk.PreviewWith(ctx, april, c.decision)
		require.ErrorContains(t, err, c.want, name)
	}
}

// By level the whole balance takes the rung it reaches, by band each part its
// own; below the minimum nothing is earned and the rest share it all.
func TestTiersInTheRun(t *testing.T) {
	tier := func(from int64, nisbah string) profitshare.Tier {
		return profitshare.Tier{From: rp(from), Nisbah: decimal.RequireFromString(nisbah)}
	}
	ladder := []profitshare.Tier{tier(0, "0.4"), tier(1_000_000, "0.5"), tier(2_000_000, "0.6")}
	special := account("M4-A")
	special.Slices = []profitshare.Slice{slice("2026-04-01", "2026-04-30", "0.9")}
	halves := account("M3-A") // cut in two slices in which nothing changes
	halves.Slices = []profitshare.Slice{{From: ledger.On(2026, 4, 1), Through: ledger.On(2026, 4, 10)}, {From: ledger.On(2026, 4, 11), Through: ledger.On(2026, 4, 30)}}
	for _, c := range []struct {
		tiering profitshare.Tiering
		minimum int64
		want    []string
	}{
		// 600.000 on 6.000.000: a tenth of each balance, times the nisbah.
		{profitshare.ByLevel, 0, []string{"M1-A 20.000", "M2-A 50.000", "M3-A 150.000", "M4-A 180.000"}},
		{profitshare.ByBand, 0, []string{"M1-A 20.000", "M2-A 40.000", "M3-A 120.000", "M4-A 180.000"}},
		// Without M1's 500.000 the 600.000 fall on 5.500.000.
		{profitshare.ByLevel, 500_001, []string{"M2-A 54.546", "M3-A 163.637", "M4-A 196.364"}},
	} {
		b := newRunBook(t)
		for id, balance := range map[string]int64{"M1-A": 500_000, "M2-A": 1_000_000, "M3-A": 2_500_000, "M4-A": 2_000_000} {
			b.book("2026-03-31", "10102", "30101/"+id, balance)
		}
		b.book("2026-04-10", "10102", "50101", 600_000)
		plan := runPlan()
		plan.Products = plan.Products[:1]
		q := &plan.Products[0]
		q.Tiering, q.Tiers, q.Minimum = c.tiering, ladder, rp(c.minimum)
		desk := profitshare.NewDesk(b.Book, plan, earning{account("M1-A"), account("M2-A"), halves, special})
		r, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: month(t, "2026-04")})
		require.NoError(t, err)
		require.Equal(t, c.want, gross(r))
		v, err := desk.Verify(ctx, r.Month)
		require.NoError(t, err)
		require.True(t, v.Agrees(), "tiers are kept with the run")

		q.Tiers = ladder[1:]
		_, err = profitshare.NewDesk(b.Book, plan, earning{account("M1-A")}).Preview(ctx, r.Month)
		require.ErrorIs(t, err, profitshare.ErrTier)
	}
}

// The measures on one history: 1.000.000 from the 6th of April (opened then),
// 3.000.000 from the 21st; beside it 1.000.000 all month. Stakes in
// million-days: averages 45 : 30, of which the opening day 1; month-end 90 :
// 30; lowest 25 : 30.
func TestMeasuresInTheRun(t *testing.T) {
	for _, c := range []struct {
		weighing profitshare.Weighing
		income   int64
		want     []string
	}{
		{profitshare.Weighing{}, 750_000, []string{"M1-A 225.000", "M2-A 150.000"}},
		{profitshare.Weighing{Measure: profitshare.AverageDaily, DayRule: profitshare.CountOpening}, 750_000, []string{"M1-A 225.000", "M2-A 150.000"}},
		{profitshare.Weighing{DayRule: profitshare.SkipOpening}, 740_000, []string{"M1-A 220.000", "M2-A 150.000"}},
		{profitshare.Weighing{Measure: profitshare.MonthEnd}, 1_200_000, []string{"M1-A 450.000", "M2-A 150.000"}},
		{profitshare.Weighing{Measure: profitshare.Lowest}, 550_000, []string{"M1-A 125.000", "M2-A 150.000"}},
		{profitshare.Weighing{Measure: profitshare.Lowest, DayRule: profitshare.SkipOpening}, 540_000, []string{"M1-A 120.000", "M2-A 150.000"}},
	} {
		for _, cut := range []bool{false, true} {
			t.Run(fmt.Sprintf("%+v/%v", c.weighing, cut), func(t *testing.T) {
				b := newRunBook(t)
				b.book("2026-03-31", "10102", "30101/M2-A", 1_000_000)
				b.book("2026-04-06", "10102", "30101/M1-A", 1_000_000)
				b.book("2026-04-21", "10102", "30101/M1-A", 2_000_000)
				b.book("2026-04-21", "10102", "50101", c.income)
				young := account("M1-A")
				young.Opened = ledger.On(2026, 4, 6)
				old := account("M2-A")
				old.Opened = ledger.On(2026, 3, 31)
				if cut { // slices in which nothing changes
					old.Slices = []profitshare.Slice{slice("2026-04-01", "2026-04-29", "0.5"), slice("2026-04-30", "2026-04-30", "0.5")}
					young.Slices = []profitshare.Slice{slice("2026-04-01", "2026-04-10", "0.5"), slice("2026-04-11", "2026-04-30", "0.5")}
				}
				plan := runPlan()
				plan.Products[0].Weighing = c.weighing
				desk := profitshare.NewDesk(b.Book, plan, earning{young, old})
				r, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: month(t, "2026-04")})
				require.NoError(t, err)
				require.Equal(t, c.want, gross(r))
			})
		}
	}
}

// Fees, penalties and non-halal receipts can never enter a pool, whatever
// account they are booked on.
func TestWhatNeverEntersAPool(t *testing.T) {
	b := newRunBook(t)
	monthOfApril(b)
	for nature, want := range map[profitshare.Nature]string{
		profitshare.FeeIncome:      "profitshare: plan: income: 50201: is a fee for a service, the manager's own and not the pool's (DSN-MUI 14/2000, 15/2000 (unconfirmed))",
		profitshare.PenaltyIncome:  "profitshare: plan: income: 50201: is a penalty: it goes to the benevolent fund (DSN-MUI 17/2000)",
		profitshare.NonHalalIncome: "profitshare: plan: income: 50201: is not halal: it goes to the benevolent fund (DSN-MUI 17/2000)",
		0:                          "profitshare: plan: income: 50201: has no nature: say what the income is",
	} {
		plan := runPlan()
		plan.Income = append(plan.Income, profitshare.IncomeSource{Account: "50201", Nature: nature})
		_, err := profitshare.NewDesk(b.Book, plan, earning{account("M1-A")}).Post(ctx, profitshare.Posting{Key: "P", Month: month(t, "2026-04")})
		require.EqualError(t, err, want)
		require.ErrorIs(t, err, profitshare.ErrPlan)
	}
}

// What is shared is what was received. March recognises 100.000 and receives
// 40.000 of it; April recognises 80.000 more, receives the 60.000 of March and
// 10.000 of its own. By subs, so that one contract's arrears are not another's
// receipts.
func TestReceivedIncomeIsShared(t *testing.T) {
	b := newRunBook(t)
	b.book("2026-02-28", "10102", "30101/M1-A", 1_000_000)
	b.book("2026-03-31", "11103/K1", "50101", 60_000)
	b.book("2026-03-31", "11103/K2", "50101", 40_000)
	b.book("2026-03-31", "10102", "11103/K2", 40_000)
	b.book("2026-04-10", "10102", "11103/K1", 60_000)
	b.book("2026-04-30", "11103/K2", "50101", 80_000)
	b.book("2026-04-30", "10102", "11103/K2", 10_000)
	b.book("2026-04-30", "10102", "50301", 5_000)
	plan := runPlan()
	plan.Income[0].Accrued = []string{"11103"}
	desk := profitshare.NewDesk(b.Book, plan, earning{account("M1-A")})
	march, april := month(t, "2026-03"), month(t, "2026-04")
	r, err := desk.Post(ctx, profitshare.Posting{Key: "P3", Month: march})
	require.NoError(t, err)
	require.Equal(t, []string{"M1-A 20.000"}, gross(r))
	r, err = desk.Post(ctx, profitshare.Posting{Key: "P4", Month: april})
	require.NoError(t, err)
	require.Equal(t, []string{"M1-A 37.500"}, gross(r))
	require.Equal(t, profitshare.AccountIncome{Account: "50101", Recognised: rp(80_000), Unreceived: rp(70_000), Earlier: rp(60_000), Amount: rp(70_000)}, r.Figures.Income[0])

	report, err := desk.Reconciliation(ctx, april, april.Last())
	require.NoError(t, err)
	require.NoError(t, report.Err())
	require.Equal(t, `Rekonsiliasi pendapatan dan bagi hasil umum, 2026-04
Pendapatan (akrual)                                                85.000
Dikurangi: belum diterima kasnya                                  -70.000
Ditambah: periode lalu, diterima periode ini                       60.000
Pendapatan yang tersedia untuk bagi hasil                          75.000
  Bagian pengelola                                                 37.500
Hak pemilik dana                                                   37.500
  Sudah didistribusikan                                                 0
  Belum didistribusikan                                            37.500
`, report.Text(ledger.IDR))
	_, err = desk.PayOut(ctx, profitshare.Disbursement{Key: "B", Month: april, Date: april.Next().First()})
	require.NoError(t, err)
	report, err = desk.Reconciliation(ctx, april, april.Next().First())
	require.NoError(t, err)
	require.Equal(t, rp(37_500), report.Distributed)
	require.True(t, report.NotYet.IsZero())

	plan.Basis = profitshare.Recognised
	preview, err := profitshare.NewDesk(b.Book, plan, earning{account("M1-A")}).Preview(ctx, april)
	require.NoError(t, err)
	require.Equal(t, []string{"M1-A 42.500"}, gross(preview))
	plan.Income[1].Accrued = []string{"11103"}
	_, err = profitshare.NewDesk(b.Book, plan, earning{account("M1-A")}).Preview(ctx, april)
	require.EqualError(t, err, "profitshare: plan: accrued: 11103: stands twice")
	plan.Income[1].Accrued = []string{"20901"}
	_, err = profitshare.NewDesk(b.Book, plan, earning{account("M1-A")}).Preview(ctx, april)
	require.EqualError(t, err, "profitshare: plan: accrued: 20901: is not an asset account that takes lines")
	b.book("2026-04-30", "10102", "11103/K1", 5)
	plan.Income[1].Accrued = nil
	_, err = profitshare.NewDesk(b.Book, plan, earning{account("M1-A")}).Preview(ctx, april)
	require.EqualError(t, err, "profitshare: plan: accrued: 11103/K1: IDR 5: more was received than had been recognised, by this amount")
}

// Items say the same with their own dates.
func TestIncomeOfItems(t *testing.T) {
	item := func(amount int64, recognised, received string) profitshare.IncomeItem {
		i := profitshare.IncomeItem{Account: "50101", Amount: rp(amount)}
		var err error
		i.Recognised, err = ledger.ParseDate(recognised)
		require.NoError(t, err)
		if received != "" {
			i.Received, err = ledger.ParseDate(received)
			require.NoError(t, err)
		}
		return i
	}
	items := []profitshare.IncomeItem{
		item(1, "2026-03-31", "2026-03-31"), item(2, "2026-03-31", "2026-04-01"), item(4, "2026-03-31", "2026-05-01"), item(8, "2026-03-31", ""),
		item(16, "2026-04-01", "2026-04-30"), item(32, "2026-04-30", "2026-05-01"), item(64, "2026-04-30", ""), item(128, "2026-04-01", "2026-03-01"),
		item(256, "2026-05-01", "2026-04-01"),
	}
	april := month(t, "2026-04")
	list, err := profitshare.IncomeOf(items, april, profitshare.Received)
	require.NoError(t, err)
	require.Equal(t, []profitshare.AccountIncome{{Account: "50101", Recognised: rp(240), Unreceived: rp(96), Earlier: rp(2), Amount: rp(146)}}, list)
	list, err = profitshare.IncomeOf(items, april, profitshare.Recognised)
	require.NoError(t, err)
	require.Equal(t, rp(240), list[0].Amount)
	// Over all months every received rupiah is shared exactly once.
	var shared ledger.Money
	for m := month(t, "2026-01"); m.Before(month(t, "2026-12")); m = m.Next() {
		list, err := profitshare.IncomeOf(items, m, profitshare.Received)
		require.NoError(t, err)
		for _, a := range list {
			shared = shared.Add(a.Amount)
		}
	}
	require.Equal(t, rp(1+2+4+16+32+128+256), shared)
	_, err = profitshare.IncomeOf([]profitshare.IncomeItem{{Account: "50101", Amount: rp(1)}}, april, profitshare.Received)
	require.ErrorIs(t, err, profitshare.ErrPool)
}

// Management and DPS approve the figures, not the month: if the books move
// after they did, nothing is posted.
func TestApprovals(t *testing.T) {
	b := newRunBook(t)
	monthOfApril(b)
	april := month(t, "2026-04")
	plan := reservePlan()
	plan.Approvers = []string{"manajemen", "DPS"}
	desk := profitshare.NewDesk(b.Book, plan, earning{account("M1-A"), deposit12("M1-D"), account("M2-A")})
	post := func(key string) (profitshare.Result, error) {
		return desk.Post(ctx, profitshare.Posting{Key: key, Month: april})
	}
	by := map[string]string{"manajemen": "Bu Sri", "DPS": "Bu Sri", "satpam": "Pak Budi"}
	approve := func(key, role string) error {
		_, err := desk.Approve(ctx, profitshare.Approving{Key: key, Month: april, Approval: profitshare.Approval{Role: role, By: by[role], Date: april.Next().First(), Document: "BA-1"}})
		return err
	}
	_, err := post("P")
	require.EqualError(t, err, `profitshare: run "2026-04/umum": must be proposed and approved before it is posted`)
	require.ErrorContains(t, approve("A0", "DPS"), "nothing is proposed")
	decision := profitshare.Decision{Hibah: rp(1_000), By: "pengurus", Document: "SK-2"}
	proposal := profitshare.Proposal{Key: "U1", Month: april, Decision: decision}
	proposed, err := desk.Propose(ctx, proposal)
	require.NoError(t, err)
	require.Equal(t, profitshare.Proposed, proposed.Run.Status)
	_, err = desk.PayOut(ctx, profitshare.Disbursement{Key: "B", Month: april, Date: april.Next().First()})
	require.ErrorContains(t, err, "cannot be paid out: it is proposed")
	require.NoError(t, approve("A1", "manajemen"))
	require.NoError(t, approve("A1", "manajemen"), "the same command again")
	require.ErrorContains(t, approve("A2", "manajemen"), `"manajemen" has approved it already`)
	require.ErrorContains(t, approve("A3", "satpam"), `the plan asks for no approval by "satpam"`)
	_, err = post("P")
	require.ErrorContains(t, err, "is not approved by DPS")
	require.ErrorContains(t, approve("A4", "DPS"), `"Bu Sri" has approved it already for "manajemen"; two bodies are not one person`)
	by["DPS"] = "Ust. Ali"
	require.NoError(t, approve("A4", "DPS"))

	b.book("2026-04-30", "10102", "50101", 1)
	_, err = post("P")
	require.ErrorContains(t, err, "the books give other shares than those approved; propose it again")
	again, err := desk.Propose(ctx, proposal)
	require.NoError(t, err)
	require.True(t, again.Repeat)
	proposal.Key = "U2"
	_, err = desk.Propose(ctx, proposal)
	require.NoError(t, err)
	_, err = post("P")
	require.ErrorContains(t, err, "is not approved by manajemen, DPS")
	require.NoError(t, approve("A5", "DPS"))
	require.NoError(t, approve("A6", "manajemen"))
	posted, err := post("P")
	require.NoError(t, err)
	require.Equal(t, rp(1_000), posted.Figures.Decision.Hibah, "the decision is the one proposed")
	require.Len(t, posted.Run.Approvals, 2)
	require.Equal(t, "DPS", posted.Run.Approvals[0].Role)
	_, err = desk.Propose(ctx, profitshare.Proposal{Key: "U3", Month: april})
	require.ErrorContains(t, err, "is posted already")
}

// A bonus on wadiah is decided after the month, may be nothing, is the
// cooperative's expense and takes nothing from a pool.
func TestWadiahBonus(t *testing.T) {
	b := newRunBook(t)
	b.book("2026-03-31", "10102", "20101/M1-W", 3_000_000)
	b.book("2026-03-31", "10102", "20101/M2-W", 1_000_000)
	wadiah := func(id string) profitshare.EarningAccount {
		return profitshare.EarningAccount{Account: id, Product: "SIWADIAH", Party: ledger.Party{Member: id[:2], Standing: ledger.Member}, PayTo: profitshare.Place{Account: "20101", Sub: id}}
	}
	plan := profitshare.Plan{
		Name: "bonus", Wadiah: true,
		Products: []profitshare.Product{{Code: "SIWADIAH", Control: "20101", ShareAccount: "60101", Nisbah: decimal.NewFromInt(1)}},
		Payable:  "20202", Tax: "20401", TaxRules: profitshare.TaxRules{profitshare.PP15()},
		Rounding: profitshare.Rounding{Rule: profitshare.LargestRemainder, Step: rp(1)},
	}
	desk := profitshare.NewDesk(b.Book, plan, earning{wadiah("M1-W"), wadiah("M2-W")})
	april := month(t, "2026-04")
	decided := april.Next().Day(10)
	bonus := func(key string, m ledger.Month, amount int64, day ledger.Date) (profitshare.Result, error) {
		return desk.Post(ctx, profitshare.Posting{Key: key, Month: m, Date: day,
			Decision: profitshare.Decision{Bonus: rp(amount), By: "Rapat pengurus", Document: "SK-5/2026"}})
	}
	_, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: april, Date: decided})
	require.EqualError(t, err, "profitshare: bonus: is given only by a decision of the board that is written down (DSN-MUI 01/2000, 02/2000)")
	_, err = bonus("P", april, 400_000, april.Last())
	require.ErrorContains(t, err, "a bonus is decided after its month")
	_, err = bonus("P", april, -1, decided)
	require.ErrorContains(t, err, "not zero or above")
	r, err := bonus("P", april, 400_000, decided)
	require.NoError(t, err)
	require.Equal(t, []string{"20202/M1-W -300.000", "20202/M2-W -100.000", "60101 400.000"}, entryText(r.Posted))
	require.Equal(t, decided, r.Posted.Date)
	_, err = desk.PayOut(ctx, profitshare.Disbursement{Key: "B0", Month: april, Date: decided.Prev()})
	require.ErrorContains(t, err, "before it was posted")
	paid, err := desk.PayOut(ctx, profitshare.Disbursement{Key: "B", Month: april, Date: decided})
	require.NoError(t, err)
	require.Equal(t, []string{"20101/M1-W -270.000", "20101/M2-W -100.000", "20202/M1-W 300.000", "20202/M2-W 100.000", "20401 -30.000"}, entryText(paid.Posted))
	v, err := desk.Verify(ctx, april)
	require.NoError(t, err)
	require.True(t, v.Agrees())

	none, err := bonus("P5", april.Next(), 0, april.Next().Next().First())
	require.NoError(t, err)
	require.Equal(t, profitshare.NoIncome, none.Figures.Nothing)
	require.Zero(t, none.Posted.Number)

	for want, spoil := range map[string]func(*profitshare.Plan){
		"takes nothing from a pool":                                   func(p *profitshare.Plan) { p.Income = pooled("50101") },
		"share account of product SIWADIAH: 50901: is of kind income": func(p *profitshare.Plan) { p.Products[0].ShareAccount = "50901" },
		"control of product SIWADIAH: 30101: is of kind syirkah":      func(p *profitshare.Plan) { p.Products[0].Control = "30101" },
	} {
		spoilt := plan
		spoilt.Products = slices.Clone(plan.Products)
		spoil(&spoilt)
		_, err := profitshare.NewDesk(b.Book, spoilt, earning{wadiah("M1-W")}).PreviewWith(ctx, april.Next().Next(), profitshare.Decision{By: "x", Document: "y"})
		require.ErrorContains(t, err, want)
	}
}
