package profitshare_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
)

// journalBook is a book whose April earns 1.000.000 for a member with
// 10.000.000 at 50%, and the plan that knows every account.
func journalBook(t *testing.T) (*runBook, profitshare.Plan, profitshare.EarningAccount) {
	b := newRunBook(t)
	b.book("2026-03-31", "10102", "30101/M1-A", 10_000_000)
	plan := reservePlan()
	plan.Benevolent, plan.Zakat.Account, plan.ZakatRules = "90205", "80101", profitshare.ZakatRules{profitshare.ZakatOnShares()}
	return b, plan, account("M1-A")
}

// One subtest for each event by which the cooperative as manager (mudharib)
// owes, pays, reserves, gives, loses and restores: what it debits and credits.
// Deposits, withdrawals and the placing of funds are entries of savings and of
// financing; income is booked by whoever earns it.
func TestJournalRows(t *testing.T) {
	april := month(t, "2026-04")
	first := april.Next().First()
	type made struct {
		b     *runBook
		plan  profitshare.Plan
		saver profitshare.EarningAccount
	}
	earned := func(m *made, amount int64) *profitshare.Desk {
		m.b.book("2026-04-30", "10102", "50101", amount)
		return profitshare.NewDesk(m.b.Book, m.plan, earning{m.saver})
	}
	post := func(m *made, amount int64, decision profitshare.Decision) (*profitshare.Desk, ledger.Posted) {
		desk := earned(m, amount)
		r, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: april, Decision: decision})
		require.NoError(t, err)
		return desk, r.Posted
	}
	pay := func(desk *profitshare.Desk) ledger.Posted {
		paid, err := desk.PayOut(ctx, profitshare.Disbursement{Key: "B", Month: april, Date: first})
		require.NoError(t, err)
		return paid.Posted
	}
	move := func(setAside, released int64) profitshare.Movement {
		return profitshare.Movement{SetAside: rp(setAside), Released: rp(released)}
	}
	bear := func(m *made, desk *profitshare.Desk, change func(*profitshare.LossBearing)) ledger.Posted {
		loss := april2026Loss("L")
		change(&loss)
		borne, err := desk.BearLoss(ctx, loss)
		require.NoError(t, err)
		return borne.Posted
	}
	for _, c := range []struct {
		name string
		do   func(m *made) ledger.Posted
		want []string
	}{
		{"period close: owners' right fixed", func(m *made) ledger.Posted {
			_, posted := post(m, 1_000_000, profitshare.Decision{})
			return posted
		}, []string{"20201/M1-A -500.000", "50901 500.000"}},
		{"paid into savings, tax withheld", func(m *made) ledger.Posted {
			desk, _ := post(m, 1_000_000, profitshare.Decision{})
			return pay(desk)
		}, []string{"20201/M1-A 500.000", "20401 -50.000", "30101/M1-A -450.000"}},
		{"paid in cash", func(m *made) ledger.Posted {
			m.saver.PayTo = profitshare.Place{Account: "10102"}
			desk, _ := post(m, 1_000_000, profitshare.Decision{})
			return pay(desk)
		}, []string{"10102 -450.000", "20201/M1-A 500.000", "20401 -50.000"}},
		{"paid to another account", func(m *made) ledger.Posted {
			m.saver.PayTo = profitshare.Place{Account: "20101", Sub: "M1-W"}
			desk, _ := post(m, 400_000, profitshare.Decision{})
			return pay(desk)
		}, []string{"20101/M1-W -200.000", "20201/M1-A 200.000"}},
		{"tax remitted", func(m *made) ledger.Posted {
			desk, _ := post(m, 1_000_000, profitshare.Decision{})
			pay(desk)
			list, err := profitshare.WithholdingList(ctx, m.b.Book, first.Month())
			require.NoError(t, err)
			posted := m.b.book("2026-06-10", "20401", "10102", list.Tax.Minor()/100)
			m.b.requireBalance("20401", "2026-06-10", 0)
			return posted
		}, []string{"10102 -50.000", "20401 50.000"}},
		{"zakat by mandate", func(m *made) ledger.Posted {
			m.saver.Zakat = &profitshare.Mandate{Document: "SK-ZKT/1"}
			desk, _ := post(m, 400_000, profitshare.Decision{})
			return pay(desk)
		}, []string{"20201/M1-A 200.000", "30101/M1-A -195.000", "80101 -5.000"}},
		{"PER set aside", func(m *made) ledger.Posted {
			_, posted := post(m, 1_000_000, profitshare.Decision{Equalisation: move(100_000, 0)})
			return posted
		}, []string{"20103 -100.000", "20201/M1-A -450.000", "50901 450.000", "50901 50.000", "60102 50.000"}},
		{"PER used", func(m *made) ledger.Posted {
			m.b.book("2026-03-31", "60102", "20103", 100_000)
			_, posted := post(m, 1_000_000, profitshare.Decision{Equalisation: move(0, 100_000)})
			return posted
		}, []string{"20103 100.000", "20201/M1-A -550.000", "50901 -50.000", "50901 550.000", "60102 -50.000"}},
		{"IRR set aside", func(m *made) ledger.Posted {
			_, posted := post(m, 1_000_000, profitshare.Decision{Risk: move(50_000, 0)})
			return posted
		}, []string{"20102 -50.000", "20201/M1-A -450.000", "50901 450.000", "50902 50.000"}},
		{"IRR used", func(m *made) ledger.Posted {
			m.b.book("2026-03-31", "50902", "20102", 50_000)
			_, posted := post(m, 1_000_000, profitshare.Decision{Risk: move(0, 50_000)})
			return posted
		}, []string{"20102 50.000", "20201/M1-A -550.000", "50901 550.000", "50902 -50.000"}},
		{"hibah from the manager", func(m *made) ledger.Posted {
			_, posted := post(m, 1_000_000, profitshare.Decision{Hibah: rp(10_000)})
			return posted
		}, []string{"20201/M1-A -510.000", "50901 500.000", "60101 10.000"}},
		{"ordinary loss borne by owners", func(m *made) ledger.Posted {
			m.b.book("2026-04-20", "50101", "11101/K1", 80_000)
			desk, _ := post(m, 30_000, profitshare.Decision{})
			return bear(m, desk, func(l *profitshare.LossBearing) { l.From = profitshare.Place{Account: "50901"} })
		}, []string{"30101/M1-A 50.000", "50901 -50.000"}},
		{"loss of an asset, the reserve first", func(m *made) ledger.Posted {
			m.b.book("2026-03-31", "50902", "20102", 20_000)
			desk := profitshare.NewDesk(m.b.Book, m.plan, earning{m.saver})
			_, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: april})
			require.NoError(t, err)
			return bear(m, desk, func(l *profitshare.LossBearing) {
				l.Amount, l.From = rp(50_000), profitshare.Place{Account: "11101", Sub: "K1"}
			})
		}, []string{"11101/K1 -50.000", "20102 20.000", "30101/M1-A 30.000"}},
		{"loss restored from later profit", func(m *made) ledger.Posted {
			desk := profitshare.NewDesk(m.b.Book, m.plan, earning{m.saver})
			_, err := desk.Post(ctx, profitshare.Posting{Key: "P3", Month: april.Prev()})
			require.NoError(t, err)
			bear(m, desk, func(l *profitshare.LossBearing) {
				l.Month, l.Date, l.Amount, l.From = april.Prev(), april.Prev().Last(), rp(40_000), profitshare.Place{Account: "50901"}
			})
			_, posted := post(m, 100_000, profitshare.Decision{})
			return posted
		}, []string{"20201/M1-A -30.000", "30101/M1-A -40.000", "50901 70.000"}},
		{"loss by own negligence", func(m *made) ledger.Posted {
			return bear(m, profitshare.NewDesk(m.b.Book, m.plan, earning{m.saver}), func(l *profitshare.LossBearing) {
				l.Negligent, l.Amount, l.OwnTo, l.From = true, rp(70_000), "60102", profitshare.Place{Account: "11101", Sub: "K1"}
			})
		}, []string{"11101/K1 -70.000", "60102 70.000"}},
		{"early-break penalty", func(m *made) ledger.Posted {
			desk, _ := post(m, 300_000, profitshare.Decision{}) // 0,001 a rupiah-day
			paid, err := desk.Advance(ctx, profitshare.Advance{Key: "U", Date: first.AddDays(10), Accounts: []string{"M1-A"}, Penalties: map[string]ledger.Money{"M1-A": rp(5_000)}})
			require.NoError(t, err)
			return paid.Posted
		}, []string{"20201/M1-A -50.000", "20201/M1-A 50.000", "30101/M1-A -45.000", "50901 50.000", "90205 -5.000"}},
		{"wadiah bonus", func(m *made) ledger.Posted {
			m.b.book("2026-03-31", "10102", "20101/M1-W", 1_000_000)
			m.plan = runPlan()
			m.plan.Wadiah, m.plan.Income, m.plan.Payable = true, nil, "20202"
			m.plan.Products = []profitshare.Product{{Code: "SIWADIAH", Control: "20101", ShareAccount: "60101", Nisbah: decimal.NewFromInt(1)}}
			m.saver = profitshare.EarningAccount{Account: "M1-W", Product: "SIWADIAH", Party: ledger.Party{Member: "M1"}, PayTo: profitshare.Place{Account: "20101", Sub: "M1-W"}}
			desk := profitshare.NewDesk(m.b.Book, m.plan, earning{m.saver})
			_, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: april, Date: first, Decision: profitshare.Decision{Bonus: rp(20_000), By: "pengurus", Document: "SK"}})
			require.NoError(t, err)
			m.b.requireBalance("60101", "2026-05-01", 20_000)
			return pay(desk)
		}, []string{"20101/M1-W -20.000", "20202/M1-W 20.000"}},
		{"gift: the manager's expense, no cost of the pool", func(m *made) ledger.Posted {
			posted := m.b.book("2026-04-15", "60101", "10102", 15_000)
			r, err := earned(m, 1_000_000).Preview(ctx, april)
			require.NoError(t, err)
			require.Equal(t, []string{"M1-A 500.000"}, gross(r))
			return posted
		}, []string{"10102 -15.000", "60101 15.000"}},
		{"leftover rupiah", func(m *made) ledger.Posted {
			m.plan.Rounding = profitshare.Rounding{Rule: profitshare.MemberDown, Step: rp(1_000), LeftoverTo: "90205"}
			m.plan.LeftoverFrom = "50901"
			_, posted := post(m, 1_001_000, profitshare.Decision{})
			return posted
		}, []string{"20201/M1-A -500.000", "50901 1.000", "50901 500.000", "90205 -1.000"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := new(made)
			m.b, m.plan, m.saver = journalBook(t)
			require.Equal(t, c.want, entryText(c.do(m)))
		})
	}
}
