package profitshare_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
)

// One unit among very many accounts: nobody's share is lost or invented, under
// every rule.
func TestOneUnitAmongManyAccounts(t *testing.T) {
	const n = 200_000
	for _, rule := range []profitshare.Rule{profitshare.MemberUp, profitshare.MemberHalfUp, profitshare.MemberDown, profitshare.LargestRemainder} {
		pool := benchPool(n, 1)
		for i := range pool.Stakes {
			pool.Stakes[i].Days = rp(1_000_000).Over(31)
		}
		pool.Result = ledger.Minor(1)
		pool.Rounding = profitshare.Rounding{Rule: rule, Step: ledger.Minor(1), LeftoverTo: "90205"}
		s, err := profitshare.Distribute(pool)
		require.NoError(t, err, rule.String())
		require.Equal(t, pool.Result, ledger.Sum(s.Members, s.Manager, s.Own, s.Leftover), rule.String())
		var paid ledger.Money
		for p := range s.Payouts() {
			require.GreaterOrEqual(t, p.Gross.Sign(), 0)
			paid = paid.Add(p.Gross)
		}
		require.Equal(t, s.Members, paid)
		switch rule {
		case profitshare.MemberUp: // the manager adds what is missing
			require.Equal(t, ledger.Minor(n), s.Members)
			require.Equal(t, ledger.Minor(n-1), s.Shortfall())
		case profitshare.LargestRemainder:
			require.Equal(t, ledger.Minor(1), s.Members)
		default:
			require.True(t, s.Members.IsZero())
			require.Equal(t, ledger.Minor(1), s.Leftover, "what members are due is not the manager's")
		}
	}
}

// All to the member is a nisbah, nothing is none, and neither is more than all.
func TestNisbahAtItsBounds(t *testing.T) {
	pool := benchPool(4, 1)
	for i := range pool.Terms {
		pool.Terms[i].Nisbah = decimal.NewFromInt(1)
	}
	s, err := profitshare.Distribute(pool)
	require.NoError(t, err)
	require.LessOrEqual(t, s.Manager.Sign(), 0, "at most the rounding up is the manager's")
	require.Less(t, s.Shortfall().Minor(), rp(4).Minor())
	for _, nisbah := range []string{"0", "-0.1", "1.0000001"} {
		pool.Terms[1].Nisbah = decimal.RequireFromString(nisbah)
		_, err = profitshare.Distribute(pool)
		require.ErrorIs(t, err, profitshare.ErrPool, nisbah)
	}
}

// A leap day is a day like any: opened on it, an account has one of 29; opened
// and closed on one day, or without any balance, it has no part and no row.
func TestLeapDayAndDaysOfNothing(t *testing.T) {
	b := newRunBook(t)
	b.book("2028-01-31", "10102", "30101/M1-A", 1_000_000)
	b.book("2028-02-29", "10102", "30101/M2-A", 1_000_000)
	b.book("2028-02-10", "10102", "30101/M3-A", 5_000_000) // put in and drawn on one day
	b.book("2028-02-10", "30101/M3-A", "10102", 5_000_000)
	b.book("2028-02-20", "10102", "50101", 60_000)
	february := month(t, "2028-02")
	brief := account("M3-A")
	brief.Opened, brief.Closed = february.Day(10), february.Day(10)
	desk := profitshare.NewDesk(b.Book, runPlan(), earning{account("M1-A"), account("M2-A"), brief, account("M4-A")})
	r, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: february})
	require.NoError(t, err)
	require.Equal(t, 2, r.Figures.Accounts)
	rows, err := desk.Rows(ctx, february)
	require.NoError(t, err)
	require.Len(t, rows, 2)
	require.Equal(t, rp(29_000), rows[0].Gross, "29 of 30 million-days")
	require.Equal(t, rp(1_000), rows[1].Gross)
}

// Two callers at once: one posts, approves or pays, the other is refused or,
// with the same key, told the first result.
func TestTwoCallersAtOnce(t *testing.T) {
	b, accounts := poolBook(t, 400_000, 0)
	plan, _ := twoPools()
	plan.Approvers = []string{"DPS"}
	desk := profitshare.NewDesk(b.Book, plan, accounts[:1])
	april := month(t, "2026-04")
	_, err := desk.Propose(ctx, profitshare.Proposal{Key: "U", Month: april})
	require.NoError(t, err)
	race := func(do func(caller int) error) (done int, failed error) {
		errs := make([]error, 8)
		var wait sync.WaitGroup
		for i := range errs {
			wait.Add(1)
			go func() {
				defer wait.Done()
				errs[i] = do(i)
			}()
		}
		wait.Wait()
		for _, err := range errs {
			if err == nil {
				done++
			} else {
				failed = err
			}
		}
		return done, failed
	}
	done, failed := race(func(i int) error {
		_, err := desk.Approve(ctx, profitshare.Approving{Key: fmt.Sprint("A", i), Month: april,
			Approval: profitshare.Approval{Role: "DPS", By: fmt.Sprint("Ust. ", i), Date: april.Last()}})
		return err
	})
	require.Equal(t, 1, done)
	require.ErrorContains(t, failed, "has approved it already")
	done, failed = race(func(i int) error {
		_, err := desk.Post(ctx, profitshare.Posting{Key: fmt.Sprint("P", i%2), Month: april})
		return err
	})
	require.Equal(t, 4, done, "the four callers of one key")
	require.ErrorIs(t, failed, profitshare.ErrRun)
	done, failed = race(func(i int) error {
		_, err := desk.PayOut(ctx, profitshare.Disbursement{Key: fmt.Sprint("B", i), Month: april, Date: april.Next().First()})
		return err
	})
	require.Equal(t, 1, done)
	require.ErrorIs(t, failed, profitshare.ErrRun)
	b.requireBalance("30101/M1-A", "2026-05-01", -1_200_000)
}

// No reserve goes below zero, whichever way it is asked for.
func TestReservesNeverBelowZero(t *testing.T) {
	pool := benchPool(3, 1)
	for name, change := range map[string]func(*profitshare.Pool){
		"IRR released beyond what is there": func(p *profitshare.Pool) { p.Risk = profitshare.Reserve{Opening: rp(5), Released: rp(6)} },
		"IRR opened below zero":             func(p *profitshare.Pool) { p.Risk = profitshare.Reserve{Opening: rp(-1)} },
		"IRR set aside below zero":          func(p *profitshare.Pool) { p.Risk = profitshare.Reserve{SetAside: rp(-1)} },
		"PER released beyond what is there": func(p *profitshare.Pool) { p.Equalisation = profitshare.Reserve{Released: rp(1)} },
		"more hibah than the manager has":   func(p *profitshare.Pool) { p.Hibah = p.Result },
	} {
		spoilt := pool
		change(&spoilt)
		_, err := profitshare.Distribute(spoilt)
		require.ErrorIs(t, err, profitshare.ErrReserve, name)
	}
}
