package profitshare_test

import (
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
)

// twoPools are the general pool with SIMUDA and one for a project, SIPROYEK,
// whose income is another.
func twoPools() (general, project profitshare.Plan) {
	general, project = runPlan(), runPlan()
	general.Products, general.Income = general.Products[:1], pooled("50101")
	project.Name, project.Income = "proyek", pooled("50301")
	project.Products = []profitshare.Product{{Code: "SIPROYEK", Control: "30103", ShareAccount: "50903", Nisbah: decimal.RequireFromString("0.4")}}
	return general, project
}

func projectAccount(id string) profitshare.EarningAccount {
	a := account(id)
	a.Product, a.PayTo = "SIPROYEK", profitshare.Place{Account: "30103", Sub: id}
	return a
}

// poolBook has M1 alone in the general pool, M1 and M2 in the project's, all
// through April, and an income each.
func poolBook(t *testing.T, general, project int64) (*runBook, earning) {
	b := newRunBook(t)
	b.book("2026-03-31", "10102", "30101/M1-A", 1_000_000)
	b.book("2026-03-31", "10102", "30103/M1-P", 1_000_000)
	b.book("2026-03-31", "10102", "30103/M2-P", 3_000_000)
	for code, amount := range map[string]int64{"50101": general, "50301": project} {
		if amount > 0 {
			b.book("2026-04-20", "10102", code, amount)
		} else if amount < 0 {
			b.book("2026-04-20", code, "10102", -amount)
		}
	}
	return b, earning{account("M1-A"), projectAccount("M1-P"), projectAccount("M2-P")}
}

func newPools(t *testing.T, b *runBook, accounts earning, plans ...profitshare.Plan) *profitshare.Pools {
	t.Helper()
	pools, err := profitshare.NewPools(b.Book, accounts, plans...)
	require.NoError(t, err)
	return pools
}

// A member's shares of two pools pass the threshold only together. Paid in one
// step each bears its own tax, in whichever order the pools stand; one after the
// other the second cannot bear what the first lacks.
func TestPoolsAreTaxedTogether(t *testing.T) {
	april := month(t, "2026-04")
	general, project := twoPools()
	for name, plans := range map[string][]profitshare.Plan{"one order": {general, project}, "the other": {project, general}} {
		t.Run(name, func(t *testing.T) {
			b, accounts := poolBook(t, 460_000, 200_000) // M1: 230.000 and 20.000; M2: 60.000
			pools := newPools(t, b, accounts, plans...)
			_, err := pools.Post(ctx, profitshare.PoolsPosting{Key: "P", Month: april})
			require.NoError(t, err)
			before, err := pools.Rows(ctx, april)
			require.NoError(t, err)
			paid, err := pools.PayOut(ctx, profitshare.Disbursement{Key: "B", Month: april, Date: april.Next().First()})
			require.NoError(t, err)
			require.Empty(t, paid.Arrears)
			after, err := pools.Rows(ctx, april)
			require.NoError(t, err)
			require.Len(t, after, 3)
			taxes := map[string]ledger.Money{}
			for i, row := range after {
				require.Equal(t, row.Tax, before[i].Tax, "told before it was paid: %s", row.Account)
				require.True(t, row.CatchUp.IsZero())
				taxes[row.Account] = row.Tax
			}
			require.Equal(t, map[string]ledger.Money{"M1-A": rp(23_000), "M1-P": rp(2_000), "M2-P": rp(0)}, taxes)
			b.requireBalance("20401", "2026-05-01", -25_000)
			list, err := profitshare.WithholdingList(ctx, b.Book, april.Next())
			require.NoError(t, err)
			require.Len(t, list.Rows, 3, "a slip for each share of each pool")
		})
	}
	b, accounts := poolBook(t, 460_000, 200_000)
	pools := newPools(t, b, accounts, general, project)
	_, err := pools.Post(ctx, profitshare.PoolsPosting{Key: "P", Month: april})
	require.NoError(t, err)
	first, err := pools.Desk("umum").PayOut(ctx, profitshare.Disbursement{Key: "B1", Month: april, Date: april.Next().First()})
	require.NoError(t, err)
	require.True(t, first.Payment.Tax.IsZero(), "230.000 alone is below the threshold")
	second, err := pools.Desk("proyek").PayOut(ctx, profitshare.Disbursement{Key: "B2", Month: april, Date: april.Next().First()})
	require.NoError(t, err)
	require.Equal(t, rp(20_000), second.Payment.Tax, "the whole of M1's second share")
	require.Equal(t, []profitshare.Arrears{{Member: "M1", Amount: rp(5_000)}}, second.Arrears)
}

// A loss of one pool is not borne by the other's profit.
func TestPoolsLossStaysInItsPool(t *testing.T) {
	b, accounts := poolBook(t, -100_000, 200_000)
	general, project := twoPools()
	pools := newPools(t, b, accounts, general, project)
	april := month(t, "2026-04")
	result, err := pools.Post(ctx, profitshare.PoolsPosting{Key: "P", Month: april})
	require.NoError(t, err)
	require.Equal(t, profitshare.NoIncome, result.Pools[0].Figures.Nothing)
	require.Equal(t, rp(80_000), result.Pools[1].Figures.Members)
	sum := result.Figures()
	require.Equal(t, rp(100_000), sum.Result)
	require.Equal(t, rp(80_000), sum.Members)
	report, err := pools.Reconciliation(ctx, april, april.Last())
	require.NoError(t, err)
	require.NoError(t, report.Sum.Err())
	require.Equal(t, rp(-100_000), report.Sum.Unshared)
	require.Equal(t, rp(100_000), report.Sum.Available)
	require.Equal(t, rp(80_000), report.Sum.Owners)
	require.Equal(t, rp(80_000), report.Sum.NotYet)
	verified, err := pools.Verify(ctx, april)
	require.NoError(t, err)
	for _, v := range verified {
		require.True(t, v.Agrees())
	}
}

// What one pool is refused, all are: nothing is posted.
func TestPoolsAreApprovedAndPostedTogether(t *testing.T) {
	b, accounts := poolBook(t, 400_000, 200_000)
	general, project := twoPools()
	general.Approvers, project.Approvers = []string{"manajemen"}, []string{"manajemen", "DPS"}
	pools := newPools(t, b, accounts, general, project)
	april := month(t, "2026-04")
	posting := profitshare.PoolsPosting{Key: "P", Month: april}
	_, err := pools.Post(ctx, posting)
	require.ErrorContains(t, err, "must be proposed")
	proposed, err := pools.Propose(ctx, profitshare.PoolsProposal{Key: "U", Month: april})
	require.NoError(t, err)
	require.Len(t, proposed.Pools, 2)
	approve := func(key, role string) ([]profitshare.Run, error) {
		return pools.Approve(ctx, profitshare.Approving{Key: key, Month: april, Approval: profitshare.Approval{Role: role, By: "ketua " + role, Date: april.Last()}})
	}
	runs, err := approve("A1", "manajemen")
	require.NoError(t, err)
	require.Len(t, runs, 2)
	_, err = pools.Post(ctx, posting)
	require.ErrorContains(t, err, "not approved by DPS")
	run := func(plan string) profitshare.Run {
		var r profitshare.Run
		require.NoError(t, b.View(ctx, func(tx *ledger.Tx) (err error) { r, err = profitshare.RunIn(tx, plan, april); return err }))
		return r
	}
	require.Equal(t, profitshare.Proposed, run("umum").Status, "approved, but not posted without the other pool")
	_, err = approve("A2", "pengawas")
	require.ErrorContains(t, err, "no pool asks for it")
	runs, err = approve("A2", "DPS")
	require.NoError(t, err)
	require.Len(t, runs, 1)
	posted, err := pools.Post(ctx, posting)
	require.NoError(t, err)
	again, err := pools.Post(ctx, posting)
	require.NoError(t, err)
	for i := range posted.Pools {
		require.Equal(t, profitshare.Posted, posted.Pools[i].Run.Status)
		require.True(t, again.Pools[i].Repeat)
		require.Equal(t, posted.Pools[i].Posted.Number, again.Pools[i].Posted.Number)
	}
	posting.Memo = "lain"
	_, err = pools.Post(ctx, posting)
	require.ErrorIs(t, err, ledger.ErrKeyConflict)
	_, err = newPools(t, b, accounts[:1], general).Post(ctx, profitshare.PoolsPosting{Key: "P", Month: april})
	require.ErrorIs(t, err, ledger.ErrKeyConflict, "one pool fewer is another command")
}

// A pay-out of several pools is undone as a whole, the later one first.
func TestPoolsPayOutAndReverse(t *testing.T) {
	b, accounts := poolBook(t, 460_000, 200_000)
	general, project := twoPools()
	pools := newPools(t, b, accounts, general, project)
	april, first := month(t, "2026-04"), month(t, "2026-05").First()
	_, err := pools.PayOut(ctx, profitshare.Disbursement{Key: "B0", Month: april, Date: first})
	require.ErrorIs(t, err, profitshare.ErrRun)
	_, err = pools.Post(ctx, profitshare.PoolsPosting{Key: "P", Month: april})
	require.NoError(t, err)
	block := func(key string, kind ledger.Block) {
		require.NoError(t, b.Update(ctx, func(tx *ledger.Tx) error {
			return tx.SetBlock(ledger.BlockSetting{Key: key, Account: "30103", Sub: "M2-P", Block: kind, Reason: "sengketa", By: "Bu Sri"})
		}))
	}
	block("K1", ledger.CreditBlock)
	pay := profitshare.Disbursement{Key: "B1", Month: april, Date: first}
	paid, err := pools.PayOut(ctx, pay)
	require.NoError(t, err)
	require.Len(t, paid.Pools, 2)
	require.Equal(t, profitshare.Paid, paid.Pools[0].Run.Status)
	require.Len(t, paid.Pools[1].Deferred, 1)
	again, err := pools.PayOut(ctx, pay)
	require.NoError(t, err)
	require.True(t, again.Pools[0].Repeat && again.Pools[1].Repeat)
	_, err = pools.PayOut(ctx, profitshare.Disbursement{Key: "B1", Month: april, Date: first.Next()})
	require.ErrorIs(t, err, ledger.ErrKeyConflict)

	_, err = pools.Desk("proyek").Reverse(ctx, profitshare.Reversal{Key: "R0", Month: april, Date: first, Reason: "salah"})
	require.ErrorContains(t, err, `paid together with pool "umum"`)
	block("K2", ledger.NoBlock)
	late, err := pools.PayOut(ctx, profitshare.Disbursement{Key: "B2", Month: april, Date: first.Next()})
	require.NoError(t, err)
	require.Len(t, late.Pools, 1, "the general pool owes nothing any more")
	_, err = pools.PayOut(ctx, profitshare.Disbursement{Key: "B3", Month: april, Date: first.Next()})
	require.ErrorContains(t, err, "owe nothing any more")

	for n, want := range []int{1, 2, 2} { // the late share, the common pay-out, the postings
		r := profitshare.Reversal{Key: "R" + string(rune('1'+n)), Month: april, Date: first.Next(), Reason: "salah"}
		undone, err := pools.Reverse(ctx, r)
		require.NoError(t, err)
		require.Len(t, undone, want)
		repeat, err := pools.Reverse(ctx, r)
		require.NoError(t, err)
		require.Len(t, repeat, want)
		require.True(t, repeat[0].Repeat)
	}
	_, err = pools.Reverse(ctx, profitshare.Reversal{Key: "R9", Month: april, Date: first.Next(), Reason: "salah"})
	require.ErrorContains(t, err, "no event that stands")
	b.requireBalance("30103/M2-P", "2026-05-02", -3_000_000)
	b.requireBalance("20401", "2026-05-02", 0)
	_, err = pools.Post(ctx, profitshare.PoolsPosting{Key: "P2", Month: april})
	require.NoError(t, err)
}

// An account's money earns in one pool, whichever way the pools are run.
func TestAccountInTwoPools(t *testing.T) {
	b, accounts := poolBook(t, 400_000, 200_000)
	general, project := twoPools()
	april := month(t, "2026-04")
	// the project's product on the control account of the general one's
	project.Products[0].Control = "30101"
	twice := projectAccount("M1-A")
	pools := newPools(t, b, earning{accounts[0], twice}, general, project)
	_, err := pools.Preview(ctx, april, nil)
	require.ErrorIs(t, err, profitshare.ErrPool)
	require.ErrorContains(t, err, `account "M1-A": has stakes in pool "umum" and in pool "proyek"`)

	_, err = profitshare.NewDesk(b.Book, general, accounts[:1]).Post(ctx, profitshare.Posting{Key: "P1", Month: april})
	require.NoError(t, err)
	_, err = profitshare.NewDesk(b.Book, project, earning{twice}).Post(ctx, profitshare.Posting{Key: "P2", Month: april})
	require.ErrorIs(t, err, profitshare.ErrRun)
	require.ErrorContains(t, err, `account "M1-A" has a share of the month from run "2026-04/umum" already`)
	require.ErrorContains(t, err, profitshare.RulePool)

	// The same id on another control account is another account.
	project.Products[0].Control = "30103"
	b.book("2026-03-31", "10102", "30103/M1-A", 500_000)
	_, err = profitshare.NewDesk(b.Book, project, earning{twice}).Post(ctx, profitshare.Posting{Key: "P2", Month: april})
	require.NoError(t, err)
}

func TestNewPoolsRefusals(t *testing.T) {
	b := newRunBook(t)
	for _, c := range []struct {
		name   string
		change func(general, project *profitshare.Plan)
		want   string
	}{
		{"name twice", func(_, p *profitshare.Plan) { p.Name = "umum" }, "is missing or stands twice"},
		{"product in both", func(g, p *profitshare.Plan) { p.Products = append(p.Products, g.Products[0]) }, `product: SIMUDA: stands in pool "umum" and in pool "proyek"`},
		{"income in both", func(_, p *profitshare.Plan) { p.Income = pooled("50101") }, `income: 50101: stands in pool`},
		{"bonus", func(_, p *profitshare.Plan) { p.Wadiah = true }, "decided after the month"},
		{"financing in both", func(g, p *profitshare.Plan) {
			g.Split = profitshare.Splitting{Policy: profitshare.SyirkahFirst, Financing: []string{"11101"}}
			p.Split = g.Split
		}, "financing: 11101: stands in pool"},
		{"all own funds twice", func(g, p *profitshare.Plan) {
			g.Split = profitshare.Splitting{Policy: profitshare.ProRata, Own: []string{"40101"}}
			p.Split = profitshare.Splitting{Policy: profitshare.ProRata, Own: []string{"40101"}, OwnPart: decimal.RequireFromString("0.1")}
		}, "the parts come to 1.1"},
		{"own part above the whole", func(g, _ *profitshare.Plan) {
			g.Split = profitshare.Splitting{Policy: profitshare.ProRata, Own: []string{"40101"}, OwnPart: decimal.New(1, 9)}
		}, "above 0 and at most 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			general, project := twoPools()
			c.change(&general, &project)
			_, err := profitshare.NewPools(b.Book, earning{}, general, project)
			require.ErrorIs(t, err, profitshare.ErrPlan)
			require.ErrorContains(t, err, c.want)
		})
	}
	_, err := profitshare.NewPools(b.Book, earning{})
	require.ErrorIs(t, err, profitshare.ErrPlan)
	general, project := twoPools()
	pools := newPools(t, b, earning{deposit12("M1-D")}, general, project)
	_, err = pools.Preview(ctx, month(t, "2026-04"), nil)
	require.ErrorContains(t, err, "of a product that the plan does not name", "nobody's account is forgotten")
	_, err = pools.Preview(ctx, month(t, "2026-04"), map[string]profitshare.Decision{"lain": {}})
	require.ErrorContains(t, err, "there is no pool of the name")
	project.TaxRules = profitshare.TaxRules{profitshare.PP15()}
	project.TaxRules[0].Threshold = rp(1)
	other, accounts := poolBook(t, 400_000, 200_000)
	pools = newPools(t, other, accounts, general, project)
	april := month(t, "2026-04")
	_, err = pools.Post(ctx, profitshare.PoolsPosting{Key: "P", Month: april})
	require.NoError(t, err)
	_, err = pools.PayOut(ctx, profitshare.Disbursement{Key: "B", Month: april, Date: april.Next().First()})
	require.ErrorContains(t, err, "the threshold is one for all")
}

// Own funds of 4.000.000 stand three quarters in the general pool and one in the
// project's: beside 1.000.000 and 4.000.000 of members they earn 3/4 and 1/5.
func TestPoolsOwnFundsByParts(t *testing.T) {
	b, accounts := poolBook(t, 400_000, 200_000)
	b.book("2026-03-31", "10102", "40101", 4_000_000)
	general, project := twoPools()
	general.Split = profitshare.Splitting{Policy: profitshare.ProRata, Own: []string{"40101"}, OwnPart: decimal.RequireFromString("0.75")}
	project.Split = profitshare.Splitting{Policy: profitshare.ProRata, Own: []string{"40101"}, OwnPart: decimal.RequireFromString("0.25")}
	april := month(t, "2026-04")
	result, err := newPools(t, b, accounts, general, project).Post(ctx, profitshare.PoolsPosting{Key: "P", Month: april})
	require.NoError(t, err)
	require.Equal(t, rp(300_000), result.Pools[0].Figures.Own)
	require.Equal(t, rp(40_000), result.Pools[1].Figures.Own)
	require.Equal(t, rp(340_000), result.Figures().Own)
	require.Equal(t, rp(50_000+64_000), result.Figures().Members)
	// A loss is borne by the same parts: 1.000.000 of members, 3.000.000 of own.
	may := april.Next()
	b.book("2026-05-20", "50101", "10102", 400_000)
	desk := profitshare.NewDesk(b.Book, general, accounts[:1])
	_, err = desk.Post(ctx, profitshare.Posting{Key: "P5", Month: may})
	require.NoError(t, err)
	loss, err := desk.BearLoss(ctx, profitshare.LossBearing{Key: "L5", Month: may, Date: may.Last(), From: profitshare.Place{Account: "50901"}, OwnTo: "60101",
		Reason: "rugi", By: "Rapat pengurus", Document: "BA-5"})
	require.NoError(t, err)
	require.Equal(t, rp(300_000), loss.Loss.Own)
	require.Equal(t, rp(100_000), loss.Loss.Members)
}

// All pools of a month at once give what each gives alone, and the sums add up.
func TestDistributeAll(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for range 300 {
		var pools []profitshare.NamedPool
		for n := range 1 + random.IntN(4) {
			pool := benchPool(random.IntN(6), 1)
			for i := range pool.Stakes {
				pool.Stakes[i].Account = string(rune('A'+n)) + pool.Stakes[i].Account
			}
			pool.Result = ledger.Minor(random.Int64N(1_000_000) - 200_000)
			pool.Rounding = profitshare.Rounding{Rule: profitshare.Rule(1 + random.IntN(4)), Step: ledger.Minor(1 + random.Int64N(100)), LeftoverTo: "90205"}
			pools = append(pools, profitshare.NamedPool{Name: string(rune('a' + n)), Pool: pool})
		}
		month, err := profitshare.DistributeAll(pools)
		require.NoError(t, err)
		var result, payouts ledger.Money
		for i, p := range pools {
			alone, err := profitshare.Distribute(p.Pool)
			require.NoError(t, err)
			require.Equal(t, alone.Members, month.Pools[i].Members)
			require.Equal(t, alone.Manager, month.Pools[i].Manager)
			result = result.Add(p.Result)
		}
		for _, p := range month.Payouts() {
			payouts = payouts.Add(p.Gross)
		}
		require.Equal(t, payouts, month.Members)
		require.Equal(t, result, month.Result)
		require.Equal(t, result, ledger.Sum(month.Members, month.Manager, month.Own, month.Leftover, month.Reserves, month.Restored, month.Unshared))
	}
	pool := benchPool(3, 1)
	_, err := profitshare.DistributeAll([]profitshare.NamedPool{{Name: "a", Pool: pool}, {Name: "b", Pool: pool}})
	require.ErrorIs(t, err, profitshare.ErrPool)
	require.ErrorContains(t, err, `account "M0000000-SIMUDA": has stakes in pool "a" and in pool "b"`)
	_, err = profitshare.DistributeAll([]profitshare.NamedPool{{Name: "a", Pool: pool}, {Name: "a"}})
	require.ErrorContains(t, err, "stands twice")
	pool.Rounding.Step = ledger.Money{}
	_, err = profitshare.DistributeAll([]profitshare.NamedPool{{Name: "a", Pool: pool}})
	require.ErrorContains(t, err, `pool "a": profitshare: `)
}
