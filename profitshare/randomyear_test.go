package profitshare_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
)

// randomYear lives a year in which anything may happen: money comes and goes,
// months earn, lose or rest, reserves move, gifts are given, returns are paid
// in advance, months are reversed and run again.
func randomYear(t *testing.T, random *rand.Rand) {
	b := newRunBook(t)
	rule := allRules[random.IntN(4)]
	plan := reservePlan()
	plan.Rounding = profitshare.Rounding{Rule: rule, Step: rp(1), LeftoverTo: "90205"}
	plan.LeftoverFrom = "50901"
	var list earning
	balance := make(map[string]int64)
	for i := range 2 + random.IntN(5) {
		a := account(fmt.Sprintf("M%d-A", i+1))
		if random.IntN(2) == 0 {
			a = deposit12(a.Account)
		}
		a.PayTo = profitshare.Place{Account: "10102"}
		list = append(list, a)
	}
	desk := profitshare.NewDesk(b.Book, plan, list)
	control := map[string]string{"SIMUDA": "30101/", "SIJAKA12": "30204/"}
	tolerated := func(err error, kinds ...error) bool {
		for _, kind := range kinds {
			if errors.Is(err, kind) {
				return true
			}
		}
		require.NoError(t, err)
		return false
	}
	for n := range 12 {
		m := ledger.MonthOf(2026, 1).Add(n)
		for _, a := range list {
			day, place := m.First().AddDays(random.IntN(m.Days())).String(), control[a.Product]+a.Account
			switch amount := random.Int64N(3_000_000); {
			case random.IntN(2) == 0:
				b.book(day, "10102", place, amount+1)
				balance[place] += amount + 1
			case balance[place] > amount && amount > 0 && n > 0:
				b.book(m.Last().String(), place, "10102", amount)
				balance[place] -= amount
			}
		}
		key := m.String()
		if n > 0 && random.IntN(3) == 0 {
			_, err := desk.Advance(ctx, profitshare.Advance{Key: "V" + key, Date: m.First().AddDays(1 + random.IntN(27)), Accounts: []string{list[random.IntN(len(list))].Account}})
			tolerated(err, profitshare.ErrEarning)
		}
		income := random.Int64N(400_000)
		b.book(m.Last().String(), "10102", "50101", income+1)
		if random.IntN(3) == 0 {
			b.book(m.Last().String(), "50101", "11102", 1+random.Int64N(2*income+1))
		}
		decision := profitshare.Decision{}
		switch random.IntN(4) {
		case 0:
			decision.Equalisation.SetAside, decision.Risk.SetAside = rp(random.Int64N(20_000)), rp(random.Int64N(5_000))
		case 1:
			decision.Equalisation.Released, decision.Hibah = rp(random.Int64N(20_000)), rp(random.Int64N(5_000))
		}
		r, err := desk.Post(ctx, profitshare.Posting{Key: "P" + key, Month: m, Decision: decision})
		if tolerated(err, profitshare.ErrReserve) {
			r, err = desk.Post(ctx, profitshare.Posting{Key: "P0" + key, Month: m})
			require.NoError(t, err)
		}
		if random.IntN(4) == 0 { // wrong, and once more
			_, err = desk.Reverse(ctx, profitshare.Reversal{Key: "R" + key, Month: m, Date: m.Last(), Reason: "salah"})
			require.NoError(t, err)
			again, err := desk.Post(ctx, profitshare.Posting{Key: "P1" + key, Month: m, Decision: r.Figures.Decision})
			require.NoError(t, err)
			require.Equal(t, gross(r), gross(again))
			r = again
		}
		if r.Figures.Nothing == profitshare.NoIncome && r.Figures.Result.Sign() < 0 {
			loss := april2026Loss("L" + key)
			loss.Month, loss.Date = m, m.Last()
			borne, err := desk.BearLoss(ctx, loss)
			if !tolerated(err, profitshare.ErrLoss) {
				for _, part := range borne.Shares.Parts {
					for place := range balance {
						if place[6:] == part.Account {
							balance[place] -= part.Amount.Minor() / 100
						}
					}
				}
			}
		}
		for p := range r.Shares.Payouts() {
			require.GreaterOrEqual(t, p.Gross.Sign(), 0)
			for place := range balance {
				if place[6:] == p.Account {
					balance[place] += p.Restored.Minor() / 100
				}
			}
		}
		_, err = desk.PayOut(ctx, profitshare.Disbursement{Key: "B" + key, Month: m, Date: m.Next().First()})
		require.NoError(t, err)
	}
	for place, want := range balance {
		b.requireBalance(place, "2027-01-31", -want)
	}
	for n := range 12 {
		m := ledger.MonthOf(2026, 1).Add(n)
		v, err := desk.Verify(ctx, m)
		require.NoError(t, err)
		require.True(t, v.Agrees(), "%s: %+v", m, v.Differences)
		c, err := desk.Reconciliation(ctx, m, ledger.On(2027, 1, 31))
		require.NoError(t, err)
		require.NoError(t, c.Err())
		if v.Now.Figures.Nothing == profitshare.SharedOut && rule != profitshare.LargestRemainder {
			for p := range v.Now.Shares.Payouts() {
				w, _ := v.Now.Shares.Working(p.Account)
				again, err := w.Again()
				require.NoError(t, err)
				require.Equal(t, p.Gross, again)
			}
		}
	}
	b.requireBalance("20201", "2027-01-31", 0)
}

// Whatever a year brings: every month computes again to the rupiah, nothing is
// owed after the pay-outs, capital is what it should be, and Check finds nothing.
func TestRandomYears(t *testing.T) {
	for seed := range uint64(25) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { randomYear(t, rand.New(rand.NewPCG(seed, 11))) })
	}
}
