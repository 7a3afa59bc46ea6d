package profitshare_test

import (
	"encoding/csv"
	"fmt"
	"iter"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
)

// yearSavers are the accounts of the second year; each is listed while it is
// open, under the nisbah that holds on the day.
type yearSavers struct {
	accounts []profitshare.EarningAccount
	nisbah   []profitshare.Slice // of M2-A
}

func (y *yearSavers) Earning(_ *ledger.Tx, from, through ledger.Date) iter.Seq2[profitshare.EarningAccount, error] {
	return func(yield func(profitshare.EarningAccount, error) bool) {
		for _, a := range y.accounts {
			if a.Account == "M2-A" {
				for _, s := range y.nisbah {
					if s.From.Before(from) {
						s.From = from
					}
					if s.Through.After(through) {
						s.Through = through
					}
					if !s.Through.Before(s.From) {
						a.Slices = append(a.Slices, s)
					}
				}
			}
			if a.Closed.After(through) {
				a.Closed = ledger.Date{}
			}
			if !yield(a, nil) {
				return
			}
		}
	}
}

// secondYear has two pools of one cooperative and one list of accounts. Together
// they are posted at once and paid under one tax; apart each is run by its own
// desk. The year comes to the same.
type secondYear struct {
	*runBook
	pools         *profitshare.Pools
	general, haji *profitshare.Desk
	together      bool
}

func newSecondYear(t *testing.T, together bool) *secondYear {
	b := newRunBook(t)
	saver := func(id, product string) profitshare.EarningAccount {
		return profitshare.EarningAccount{Account: id, Product: product, Party: ledger.Party{Member: id[:2], Standing: ledger.Member}, PayTo: profitshare.Place{Account: "10102"}}
	}
	deposit := saver("M4-D", "SIJAKA12")
	deposit.Schedule, deposit.Opened, deposit.Closed = profitshare.OnAnniversary, ledger.On(2026, 12, 31), ledger.On(2027, 12, 31)
	savers := &yearSavers{
		accounts: []profitshare.EarningAccount{
			saver("M1-A", "SIMUDA"), saver("M1-H", "SIHAJI"), saver("M2-A", "SIMUDA"), saver("M2-H", "SIHAJI"), saver("M3-A", "SIMUDA"), deposit,
		},
		nisbah: []profitshare.Slice{slice("2027-01-01", "2027-06-15", "0.65"), slice("2027-06-16", "2029-12-31", "0.6")},
	}
	for place, balance := range map[string]int64{"30101/M1-A": 10_000_000, "30101/M2-A": 20_000_000, "30101/M3-A": 30_000_000, "30204/M4-D": 40_000_000, "30103/M1-H": 5_000_000, "30103/M2-H": 15_000_000} {
		b.book("2026-12-31", "10102", place, balance)
	}
	general, haji := reservePlan(), runPlan()
	general.Income = pooled("50101")
	haji.Name, haji.Income = "haji", pooled("50301")
	haji.Products = []profitshare.Product{{Code: "SIHAJI", Control: "30103", ShareAccount: "50903", Nisbah: decimal.RequireFromString("0.7")}}
	pools, err := profitshare.NewPools(b.Book, savers, general, haji)
	require.NoError(t, err)
	return &secondYear{b, pools, pools.Desk("umum"), pools.Desk("haji"), together}
}

// earn books a month's income on its last day and posts both pools; the general
// one's result is returned.
func (y *secondYear) earn(m ledger.Month, margin int64, decision profitshare.Decision) profitshare.Result {
	y.book(m.Last().String(), "10102", "50101", margin)
	y.book(m.Last().String(), "10102", "50301", 300_000)
	if !y.together {
		_, err := y.haji.Post(ctx, profitshare.Posting{Key: "haji/" + m.String(), Month: m})
		require.NoError(y.t, err)
		r, err := y.general.Post(ctx, profitshare.Posting{Key: "umum/" + m.String(), Month: m, Decision: decision})
		require.NoError(y.t, err)
		return r
	}
	r, err := y.pools.Post(ctx, profitshare.PoolsPosting{Key: m.String(), Month: m, Decisions: map[string]profitshare.Decision{"umum": decision}})
	require.NoError(y.t, err)
	return r.Pools[0]
}

// pay pays a month on the first of the next, and the time savings on its last
// day, if something is still owed then.
func (y *secondYear) pay(m ledger.Month) {
	for n, day := range []ledger.Date{m.Next().First(), m.Next().Last()} {
		if y.together {
			paid, err := y.pools.PayOut(ctx, profitshare.Disbursement{Key: fmt.Sprint("bayar ", m, n), Month: m, Date: day})
			require.Empty(y.t, paid.Arrears)
			y.paid(n, err)
			continue
		}
		for _, desk := range []*profitshare.Desk{y.general, y.haji} {
			_, err := desk.PayOut(ctx, profitshare.Disbursement{Key: fmt.Sprint(desk == y.general, m, n), Month: m, Date: day})
			y.paid(n, err)
		}
	}
}

// paid looks at the answer to a pay-out; the second of a month may find all paid.
func (y *secondYear) paid(n int, err error) {
	if n == 1 && err != nil {
		require.ErrorIs(y.t, err, profitshare.ErrRun)
		return
	}
	require.NoError(y.t, err)
}

func (y *secondYear) live() {
	t, m := y.t, func(month time.Month) ledger.Month { return ledger.MonthOf(2027, month) }
	none := profitshare.Decision{}
	move := func(setAside, released int64) profitshare.Movement {
		return profitshare.Movement{SetAside: rp(setAside), Released: rp(released)}
	}
	for _, month := range []time.Month{1, 2, 3} {
		y.earn(m(month), 2_000_000, none)
		y.pay(m(month))
	}
	y.earn(m(4), 3_000_000, profitshare.Decision{Equalisation: move(200_000, 0), Risk: move(159_600, 0)})
	y.pay(m(4))
	y.earn(m(5), 1_000_000, profitshare.Decision{Equalisation: move(0, 200_000)})
	y.pay(m(5))
	y.earn(m(6), 2_000_000, none)
	y.pay(m(6))

	y.book("2027-07-20", "50101", "11101/K9", 1_459_600)
	r := y.earn(m(7), 500_000, none)
	require.Equal(t, rp(-959_600), r.Figures.Result)
	loss, err := y.general.BearLoss(ctx, profitshare.LossBearing{Key: "rugi", Month: m(7), Date: m(7).Last(), From: profitshare.Place{Account: "50901"},
		Reason: "Hapus buku pembiayaan K9", By: "Rapat pengurus", Document: "BA-7/2027"})
	require.NoError(t, err)
	require.Equal(t, []ledger.Money{rp(159_600), rp(800_000)}, []ledger.Money{loss.Loss.Reserve, loss.Loss.Members})
	y.requireBalance("30204/M4-D", "2027-07-31", -39_680_000)
	y.pay(m(7))
	y.earn(m(8), 500_000, none)
	y.pay(m(8))

	y.book("2027-09-16", "30101/M3-A", "10102", 29_910_000)
	y.earn(m(9), 2_550_000, none)
	y.book("2027-10-01", "30101/M3-A", "10102", 90_000)
	y.pay(m(9))
	y.earn(m(10), 1_400_000, none)
	y.pay(m(10))
	y.earn(m(11), 1_400_000, profitshare.Decision{Hibah: rp(82_000), By: "pengurus", Document: "SK-11"})
	y.pay(m(11))

	matured, err := y.general.Advance(ctx, profitshare.Advance{Key: "jatuh tempo", Date: m(12).Last(), Accounts: []string{"M4-D"}})
	require.NoError(t, err)
	require.Equal(t, rp(528_000), matured.Paid.Gross)
	y.book("2027-12-31", "30204/M4-D", "10102", 40_000_000)
	r = y.earn(m(12), 2_130_000, none)
	require.Equal(t, rp(528_000), r.Figures.Advanced)
	y.pay(m(12))
}

// The year of testdata/second-year comes out as worked out by hand there,
// whether its pools are run together or apart.
func TestSecondYear(t *testing.T) {
	for name, together := range map[string]bool{"pools together": true, "each by its own desk": false} {
		t.Run(name, func(t *testing.T) { testSecondYear(t, together) })
	}
}

func testSecondYear(t *testing.T, together bool) {
	y := newSecondYear(t, together)
	y.live()
	var got [][]string
	for month := time.January; month <= time.December; month++ {
		m := ledger.MonthOf(2027, month)
		both, err := y.pools.Verify(ctx, m)
		require.NoError(t, err, m)
		v := both[0]
		require.True(t, v.Agrees() && both[1].Agrees(), m)
		require.Equal(t, []string{"M1-H 52.500", "M2-H 157.500"}, gross(both[1].Now), "the general pool's loss is not this one's")
		if v.Now.Figures.Nothing == profitshare.SharedOut {
			for p := range v.Now.Shares.Payouts() {
				got = append(got, []string{m.String(), p.Account, inRupiah(p.Restored), inRupiah(p.Gross)})
				w, found := v.Now.Shares.Working(p.Account)
				require.True(t, found)
				again, err := w.Again()
				require.NoError(t, err)
				require.Equal(t, p.Gross, again, "every share is explained to the rupiah")
			}
		}
		report, err := y.pools.Reconciliation(ctx, m, ledger.On(2028, 1, 31))
		require.NoError(t, err)
		require.NoError(t, report.Sum.Err())
		require.True(t, report.Sum.NotYet.IsZero(), m)
	}
	require.Equal(t, readCSV(t, "shares.csv"), got)

	got = nil
	for m := ledger.MonthOf(2027, 2); !m.After(ledger.MonthOf(2028, 1)); m = m.Next() {
		list, err := profitshare.WithholdingList(ctx, y.Book, m)
		require.NoError(t, err)
		got = append(got, []string{m.String(), inRupiah(list.Tax)})
	}
	require.Equal(t, readCSV(t, "tax.csv"), got)
	for place, want := range map[string]int64{"30101/M1-A": -10_000_000, "30101/M2-A": -20_000_000, "30101/M3-A": 0, "30204/M4-D": 0, "20102": 0, "20103": 0, "20201": 0, "20401": -1_086_340} {
		y.requireBalance(place, "2028-01-31", want)
	}
}

func inRupiah(m ledger.Money) string { return strconv.FormatInt(m.Minor()/100, 10) }

// readCSV reads a table of the second year without its head.
func readCSV(t *testing.T, name string) [][]string {
	t.Helper()
	file, err := os.Open("testdata/second-year/" + name)
	require.NoError(t, err)
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	return rows[1:]
}
