package profitshare_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
)

func TestShareLoss(t *testing.T) {
	capital := []profitshare.Capital{{Account: "B", Balance: rp(300)}, {Account: "A", Balance: rp(600)}, {Account: "C"}}
	for _, c := range []struct {
		name string
		pool profitshare.LossPool
		want string
	}{
		{"the reserve bears all", profitshare.LossPool{Amount: rp(50), Reserve: rp(80), Capital: capital}, "reserve 50, own 0, members 0: []"},
		{"the reserve first", profitshare.LossPool{Amount: rp(110), Reserve: rp(80), Capital: capital}, "reserve 80, own 0, members 30: [A 20 B 10]"},
		{"own funds by their capital", profitshare.LossPool{Amount: rp(40), Own: rp(300), Capital: capital}, "reserve 0, own 10, members 30: [A 20 B 10]"},
		{"rest of a rupiah to the larger rest", profitshare.LossPool{Amount: rp(100), Capital: capital}, "reserve 0, own 0, members 100: [A 67 B 33]"},
		{"all capital", profitshare.LossPool{Amount: rp(900), Capital: capital}, "reserve 0, own 0, members 900: [A 600 B 300]"},
		{"own funds alone", profitshare.LossPool{Amount: rp(5), Own: rp(5)}, "reserve 0, own 5, members 0: []"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.pool.Step = rp(1)
			s, err := profitshare.ShareLoss(c.pool)
			require.NoError(t, err)
			var parts []string
			for _, p := range s.Parts {
				parts = append(parts, p.Account+" "+ledger.IDR.FormatLocal(p.Amount))
			}
			rupiah := ledger.IDR.FormatLocal
			require.Equal(t, c.want, fmt.Sprintf("reserve %s, own %s, members %s: %v", rupiah(s.Reserve), rupiah(s.Own), rupiah(s.Members), parts))
		})
	}
	for name, c := range map[string]struct {
		pool profitshare.LossPool
		want string
	}{
		"beyond the capital":  {profitshare.LossPool{Amount: rp(901), Capital: capital, Step: rp(1)}, "profitshare: loss: 90100 minor units: more than the capital that bears it, 90000 minor units"},
		"no loss":             {profitshare.LossPool{Capital: capital, Step: rp(1)}, "profitshare: loss: 0 minor units: a loss, what bears it and its step are not below zero"},
		"an account twice":    {profitshare.LossPool{Amount: rp(1), Capital: append(capital[:1:1], capital[0]), Step: rp(1)}, `profitshare: capital of account "B": has no account or stands twice`},
		"an overdrawn one":    {profitshare.LossPool{Amount: rp(1), Capital: []profitshare.Capital{{Account: "B", Balance: rp(-1)}}, Step: rp(1)}, `profitshare: capital of account "B": -100 minor units: not zero or above`},
		"too coarse a step":   {profitshare.LossPool{Amount: rp(90), Capital: []profitshare.Capital{{Account: "A", Balance: rp(95)}, {Account: "B", Balance: rp(95)}}, Step: rp(100)}, `profitshare: loss: 9000 minor units:`},
		"a negative own fund": {profitshare.LossPool{Amount: rp(1), Own: rp(-1), Capital: capital, Step: rp(1)}, "profitshare: own funds: -100 minor units:"},
	} {
		_, err := profitshare.ShareLoss(c.pool)
		require.ErrorIs(t, err, profitshare.ErrLoss, name)
		require.ErrorContains(t, err, c.want, name)
	}
}

// Whatever the numbers: the parts add up to the loss, nobody bears more than
// what was invested, equal capital bears the same to one step, and an account
// with more capital never bears less.
func FuzzShareLoss(f *testing.F) {
	f.Add(uint64(1), uint16(5))
	f.Add(uint64(99), uint16(300))
	f.Fuzz(func(t *testing.T, seed uint64, size uint16) {
		random := rand.New(rand.NewPCG(seed, 7))
		var pool profitshare.LossPool
		pool.Step, pool.Own, pool.Reserve = rp(1), rp(random.Int64N(1_000_000)), rp(random.Int64N(5_000))
		var total ledger.Money
		for i := range int(size)%400 + 1 {
			c := profitshare.Capital{Account: fmt.Sprintf("A%04d", i), Balance: rp(random.Int64N(1 << random.Int64N(30)))}
			pool.Capital = append(pool.Capital, c)
			total = total.Add(c.Balance)
		}
		most := ledger.Sum(total, pool.Own, pool.Reserve).Minor() / 100
		pool.Amount = rp(1 + random.Int64N(most+1))
		s, err := profitshare.ShareLoss(pool)
		if most < pool.Amount.Minor()/100 {
			require.ErrorIs(t, err, profitshare.ErrLoss)
			return
		}
		require.NoError(t, err)
		require.Equal(t, pool.Amount, ledger.Sum(s.Reserve, s.Own, s.Members))
		require.False(t, pool.Own.Less(s.Own))
		borne := make(map[string]ledger.Money)
		var sum ledger.Money
		for _, p := range s.Parts {
			borne[p.Account] = p.Amount
			sum = sum.Add(p.Amount)
		}
		require.Equal(t, s.Members, sum)
		for i, c := range pool.Capital {
			require.False(t, c.Balance.Less(borne[c.Account]))
			if i > 0 {
				other := pool.Capital[i-1]
				if !c.Balance.Less(other.Balance) {
					require.LessOrEqual(t, borne[other.Account].Minor(), borne[c.Account].Add(rp(1)).Minor())
				}
			}
		}
	})
}

// restoring is a pool of A, who carries a loss, and B, who came later.
func restoring(carried int64) profitshare.Pool {
	pool := profitshare.Pool{
		Result:   rp(1_000),
		Terms:    []profitshare.Term{{Product: "P", Nisbah: decimal.New(5, -1), Weight: weightOne}, {Product: "P", Nisbah: decimal.New(8, -1), Weight: weightOne}},
		Stakes:   []profitshare.Stake{{Account: "A", Days: rp(300).Over(30)}, {Account: "A", Term: 1, Days: rp(300).Over(30)}, {Account: "B", Days: rp(400).Over(30)}},
		Rounding: profitshare.Rounding{Rule: profitshare.MemberUp, Step: rp(1)},
	}
	if carried > 0 {
		pool.Carried = []profitshare.Carried{{Account: "A", Amount: rp(carried)}, {Account: "Z", Amount: rp(5)}}
	}
	return pool
}

// Capital comes back first and the nisbah applies to the rest; another
// account's share is not touched. Of A's 600 earned, 300 stand under 50% and
// 300 under 80%; 390 without a loss.
func TestCapitalIsRestoredFirst(t *testing.T) {
	for _, c := range []struct {
		carried, restored, gross, manager int64
	}{
		{0, 0, 390, 410},
		{100, 100, 340, 360}, // 100 of the 300 under 50%
		{300, 300, 240, 260}, // all of them
		{400, 400, 160, 240}, // and 100 of those under 80%
		{600, 600, 0, 200},   // everything it earned
		{5_000, 600, 0, 200}, // never more than that
	} {
		s, err := profitshare.Distribute(restoring(c.carried))
		require.NoError(t, err)
		a, _ := s.Payout("A")
		b, _ := s.Payout("B")
		require.Equal(t, []ledger.Money{rp(c.restored), rp(c.gross), rp(200), rp(c.manager)}, []ledger.Money{a.Restored, a.Gross, b.Gross, s.Manager}, c.carried)
		require.Equal(t, rp(c.restored), s.Restored())
		require.Equal(t, rp(1_000), ledger.Sum(s.Members, s.Manager, s.Restored()))
		again, err := profitshare.Distribute(s.Pool())
		require.NoError(t, err)
		require.Equal(t, s.Members, again.Members)
	}
	// Risk reserve and hibah change what is left in proportion: 340 + 200 less 54 is 90%.
	pool := restoring(100)
	pool.Risk.SetAside = rp(54)
	s, err := profitshare.Distribute(pool)
	require.NoError(t, err)
	a, _ := s.Payout("A")
	require.Equal(t, rp(306), a.Gross)
	w, _ := s.Working("A")
	require.Contains(t, w.Text(ledger.IDR), "capital restored first")
	pool = restoring(5_000)
	pool.Stakes, pool.Hibah = pool.Stakes[:2], rp(1)
	_, err = profitshare.Distribute(pool)
	require.ErrorIs(t, err, profitshare.ErrReserve, "there is no share that it could be spread by")
}

// A pool in which some carry losses: the parts add up, nobody gets a negative
// share, who carries nothing gets what it would get anyway, and the order of
// stakes and losses is irrelevant.
func FuzzRestore(f *testing.F) {
	f.Add(uint64(1), uint8(5), uint8(1))
	f.Add(uint64(77), uint8(60), uint8(4))
	f.Fuzz(func(t *testing.T, seed uint64, size, rule uint8) {
		random := rand.New(rand.NewPCG(seed, 3))
		pool := profitshare.Pool{Result: rp(1 + random.Int64N(1_000_000)),
			Rounding: profitshare.Rounding{Rule: profitshare.Rule(rule%4 + 1), Step: rp(1), LeftoverTo: "next month"}}
		for range 3 {
			pool.Terms = append(pool.Terms, profitshare.Term{Product: "P", Nisbah: decimal.New(1+random.Int64N(100), -2), Weight: decimal.New(1+random.Int64N(300), -2)})
		}
		for i := range int(size)%60 + 1 {
			id := fmt.Sprintf("A%02d", i)
			for range 1 + random.IntN(2) {
				pool.Stakes = append(pool.Stakes, profitshare.Stake{Account: id, Term: random.IntN(3), Days: rp(1 + random.Int64N(100_000)).Over(1 + random.IntN(30))})
			}
			if random.IntN(2) == 0 {
				pool.Carried = append(pool.Carried, profitshare.Carried{Account: id, Amount: rp(1 + random.Int64N(50_000))})
			}
		}
		with, err := profitshare.Distribute(pool)
		require.NoError(t, err)
		free := pool
		free.Carried = nil
		without, err := profitshare.Distribute(free)
		require.NoError(t, err)
		shuffled := pool
		shuffled.Stakes, shuffled.Carried = append([]profitshare.Stake(nil), pool.Stakes...), append([]profitshare.Carried(nil), pool.Carried...)
		random.Shuffle(len(shuffled.Stakes), func(i, j int) { shuffled.Stakes[i], shuffled.Stakes[j] = shuffled.Stakes[j], shuffled.Stakes[i] })
		random.Shuffle(len(shuffled.Carried), func(i, j int) { shuffled.Carried[i], shuffled.Carried[j] = shuffled.Carried[j], shuffled.Carried[i] })
		other, err := profitshare.Distribute(shuffled)
		require.NoError(t, err)
		carried := make(map[string]ledger.Money)
		for _, c := range pool.Carried {
			carried[c.Account] = c.Amount
		}
		var sum, restored ledger.Money
		for p := range with.Payouts() {
			sum, restored = sum.Add(p.Gross), restored.Add(p.Restored)
			before, _ := without.Payout(p.Account)
			same, _ := other.Payout(p.Account)
			require.Equal(t, p, same)
			require.GreaterOrEqual(t, p.Gross.Sign(), 0)
			require.False(t, carried[p.Account].Less(p.Restored))
			if pool.Rounding.Rule == profitshare.LargestRemainder {
				continue // its single steps depend on all rests together
			}
			if carried[p.Account].IsZero() {
				require.Equal(t, before.Gross, p.Gross)
			}
			if p.Restored.Less(carried[p.Account]) {
				require.True(t, p.Gross.IsZero(), "%+v: a profit although the capital is not whole", p)
			}
			w, found := with.Working(p.Account)
			require.True(t, found)
			again, err := w.Again()
			require.NoError(t, err)
			require.Equal(t, p.Gross, again)
			require.False(t, before.Gross.Less(p.Gross))
		}
		require.Equal(t, with.Members, sum)
		require.Equal(t, with.Restored(), restored)
		require.Equal(t, pool.Result, ledger.Sum(with.Members, with.Manager, with.Own, with.Leftover, restored, with.Unshared))
	})
}

// lossBook is a book whose April has a loss of 90.000, of which 30.000 stand in
// the risk reserve, and two members with 400.000 and 200.000.
func lossBook(t *testing.T) (*runBook, *profitshare.Desk) {
	b := newRunBook(t)
	b.book("2026-03-31", "10102", "30101/M1-A", 400_000)
	b.book("2026-03-31", "10102", "30101/M2-A", 200_000)
	b.book("2026-03-31", "10102", "20102", 30_000)
	b.book("2026-04-20", "10102", "50101", 10_000)
	b.book("2026-04-30", "50101", "10102", 100_000)
	plan := runPlan()
	plan.Risk = profitshare.ReservePlace{Account: "20102", Members: "50901"}
	return b, profitshare.NewDesk(b.Book, plan, earning{account("M1-A"), account("M2-A")})
}

func april2026Loss(key string) profitshare.LossBearing {
	april := ledger.MonthOf(2026, 4)
	return profitshare.LossBearing{Key: key, Month: april, Date: april.Last(), From: profitshare.Place{Account: "60101"},
		Reason: "Kerugian pembiayaan", By: "Rapat pengurus", Document: "BA-4/2026"}
}

// The whole life of a loss: borne by the reserve and by capital, carried by
// each owner, restored by the next profit before any nisbah, verified, undone.
func TestLossIsBorneCarriedAndRestored(t *testing.T) {
	b, desk := lossBook(t)
	april, may := month(t, "2026-04"), month(t, "2026-05")
	_, err := desk.BearLoss(ctx, april2026Loss("L"))
	require.ErrorIs(t, err, profitshare.ErrRun, "the month has not been run")
	posted, err := desk.Post(ctx, profitshare.Posting{Key: "P4", Month: april})
	require.NoError(t, err)
	require.Equal(t, profitshare.NoIncome, posted.Figures.Nothing)
	require.Zero(t, posted.Posted.Number, "a loss is never posted as a negative share")

	loss, err := desk.BearLoss(ctx, april2026Loss("L"))
	require.NoError(t, err)
	require.Equal(t, []ledger.Money{rp(90_000), rp(30_000), rp(60_000)}, []ledger.Money{loss.Loss.Amount, loss.Loss.Reserve, loss.Loss.Members})
	b.requireBalance("30101/M1-A", "2026-04-30", -360_000)
	b.requireBalance("30101/M2-A", "2026-04-30", -180_000)
	b.requireBalance("20102", "2026-04-30", 0)
	b.requireBalance("60101", "2026-04-30", -90_000)
	again, err := desk.BearLoss(ctx, april2026Loss("L"))
	require.NoError(t, err)
	require.True(t, again.Repeat)
	require.Equal(t, loss.Posted.Digest, again.Posted.Digest)
	_, err = desk.BearLoss(ctx, april2026Loss("L2"))
	require.ErrorContains(t, err, "has no loss that is still to be borne")

	// M3 comes in May with 460.000: it carries nothing. Of 60.000 earned M1 has
	// 21.600, M2 10.800, M3 27.600, a third each of nothing restored.
	b.book("2026-04-30", "10102", "30101/M3-A", 460_000)
	b.book("2026-05-31", "10102", "50101", 60_000)
	plan := runPlan()
	plan.Risk = profitshare.ReservePlace{Account: "20102", Members: "50901"}
	desk = profitshare.NewDesk(b.Book, plan, earning{account("M1-A"), account("M2-A"), account("M3-A")})
	r, err := desk.Post(ctx, profitshare.Posting{Key: "P5", Month: may})
	require.NoError(t, err)
	require.Equal(t, []string{"M1-A 0", "M2-A 0", "M3-A 13.800"}, gross(r))
	require.Equal(t, rp(32_400), r.Figures.Restored)
	b.requireBalance("30101/M1-A", "2026-05-31", -381_600)
	b.requireBalance("30101/M2-A", "2026-05-31", -190_800)
	v, err := desk.Verify(ctx, may)
	require.NoError(t, err)
	require.True(t, v.Agrees(), "though the run's own entry has changed the balances of its last day")
	rows, err := desk.Rows(ctx, may)
	require.NoError(t, err)
	require.Equal(t, rp(360_000).Over(31), rows[0].Days)

	// June earns 100.000: M1 381.600, M2 190.800, M3 460.000 of 1.032.400. M1
	// still carries 18.400 and M2 9.200; the rest is shared.
	b.book("2026-06-30", "10102", "50101", 103_240)
	june, err := desk.Post(ctx, profitshare.Posting{Key: "P6", Month: may.Next()})
	require.NoError(t, err)
	require.Equal(t, []string{"M1-A 9.880", "M2-A 4.940", "M3-A 23.000"}, gross(june))
	require.Equal(t, rp(27_600), june.Figures.Restored)
	b.requireBalance("30101/M1-A", "2026-06-30", -400_000)
	b.requireBalance("30101/M2-A", "2026-06-30", -200_000)
	for _, m := range []ledger.Month{april, may, may.Next()} {
		v, err := desk.Verify(ctx, m)
		require.NoError(t, err)
		require.True(t, v.Agrees(), m)
	}

	// Undone in the order of its making only.
	undo := profitshare.LossReversal{Key: "U", Date: ledger.On(2026, 6, 30), Reason: "salah hitung"}
	_, err = desk.ReverseLoss(ctx, undo)
	require.ErrorContains(t, err, "has restored capital since")
	_, err = desk.Reverse(ctx, profitshare.Reversal{Key: "R5", Month: may, Date: may.Last(), Reason: "salah"})
	require.ErrorContains(t, err, "a later run restored capital after it")
	for n, m := range []ledger.Month{may.Next(), may} {
		_, err = desk.Reverse(ctx, profitshare.Reversal{Key: fmt.Sprint("R", n), Month: m, Date: m.Last(), Reason: "salah"})
		require.NoError(t, err)
	}
	undone, err := desk.ReverseLoss(ctx, undo)
	require.NoError(t, err)
	require.True(t, undone.Losses.Carried().IsZero())
	b.requireBalance("30101/M1-A", "2026-06-30", -400_000)
	repeat, err := desk.ReverseLoss(ctx, undo)
	require.NoError(t, err)
	require.True(t, repeat.Repeat)
}

// A loss by the manager's fault touches nobody's capital.
func TestLossByNegligence(t *testing.T) {
	b, desk := lossBook(t)
	loss := april2026Loss("N")
	loss.Negligent, loss.Amount, loss.From = true, rp(25_000), profitshare.Place{Account: "11101", Sub: "K1"}
	_, err := desk.BearLoss(ctx, loss)
	require.ErrorContains(t, err, "names no expense account of the manager")
	loss.OwnTo = "60101"
	borne, err := desk.BearLoss(ctx, loss)
	require.NoError(t, err)
	require.Equal(t, rp(25_000), borne.Loss.Manager)
	require.Len(t, borne.Posted.Lines, 2)
	b.requireBalance("60101", "2026-04-30", 25_000)
	b.requireBalance("11101/K1", "2026-04-30", -25_000)
	b.requireBalance("30101/M1-A", "2026-04-30", -400_000)
}

// A month with a profit bears its loss by the profit; a loss needs a decision.
func TestLossRefusals(t *testing.T) {
	b, desk := lossBook(t)
	b.book("2026-03-15", "10102", "50101", 1_000)
	march := month(t, "2026-03")
	_, err := desk.Post(ctx, profitshare.Posting{Key: "P3", Month: march})
	require.NoError(t, err)
	loss := april2026Loss("L")
	loss.Month, loss.Amount = march, rp(5)
	_, err = desk.BearLoss(ctx, loss)
	require.ErrorContains(t, err, "had a profit, which bears a loss first")
	for name, spoil := range map[string]func(*profitshare.LossBearing){
		"by a decision":   func(l *profitshare.LossBearing) { l.Document = "" },
		"or later":        func(l *profitshare.LossBearing) { l.Date = l.Month.First() },
		"no account that": func(l *profitshare.LossBearing) { l.From.Account = "" },
		"below zero":      func(l *profitshare.LossBearing) { l.Amount = rp(-1) },
	} {
		loss := april2026Loss("L")
		spoil(&loss)
		_, err := desk.BearLoss(ctx, loss)
		require.ErrorIs(t, err, profitshare.ErrLoss, name)
		require.ErrorContains(t, err, name)
	}
	_, err = desk.ReverseLoss(ctx, profitshare.LossReversal{Key: "U", Date: march.Last(), Reason: "apa"})
	require.ErrorContains(t, err, "has no loss of its own")
}

// An account that is closed takes no credits any more. Its capital comes back
// all the same, as a liability, and does not stop the month; blocked for debits
// it stops a loss, which nobody else may be made to bear.
func TestBlockedAccountsAndLosses(t *testing.T) {
	b, desk := lossBook(t)
	april, may := month(t, "2026-04"), month(t, "2026-05")
	block := func(key string, to ledger.Block) {
		require.NoError(t, b.Update(ctx, func(tx *ledger.Tx) error {
			return tx.SetBlock(ledger.BlockSetting{Key: key, Account: "30101", Sub: "M2-A", Block: to, Reason: "ditutup", By: "budi"})
		}))
	}
	_, err := desk.Post(ctx, profitshare.Posting{Key: "P4", Month: april})
	require.NoError(t, err)
	block("K1", ledger.DebitBlock)
	_, err = desk.BearLoss(ctx, april2026Loss("L"))
	require.ErrorIs(t, err, ledger.ErrBlocked)
	b.requireBalance("30101/M1-A", "2026-04-30", -400_000)
	block("K2", ledger.NoBlock)
	_, err = desk.BearLoss(ctx, april2026Loss("L"))
	require.NoError(t, err)

	b.book("2026-05-31", "10102", "50101", 90_000)
	block("K3", ledger.FullBlock)
	_, err = desk.Post(ctx, profitshare.Posting{Key: "P5", Month: may})
	require.EqualError(t, err, "profitshare: plan: uncollected: M2-A: gets capital back and has a full block: name the account on which it is owed meanwhile (PSAK 405, DSN-MUI 115/2017 (unconfirmed))")
	plan := runPlan()
	plan.Risk, plan.Uncollected = profitshare.ReservePlace{Account: "20102", Members: "50901"}, "20202"
	desk = profitshare.NewDesk(b.Book, plan, earning{account("M1-A"), account("M2-A")})
	r, err := desk.Post(ctx, profitshare.Posting{Key: "P5", Month: may})
	require.NoError(t, err)
	require.Equal(t, []string{"20201/M1-A -10.000", "20201/M2-A -5.000", "20202/M2-A -20.000", "30101/M1-A -40.000", "50901 75.000"}, entryText(r.Posted))
	v, err := desk.Verify(ctx, may)
	require.NoError(t, err)
	require.True(t, v.Agrees())
	b.book("2026-06-30", "10102", "50101", 60_000)
	r, err = desk.Post(ctx, profitshare.Posting{Key: "P6", Month: may.Next()})
	require.NoError(t, err)
	require.True(t, r.Figures.Restored.IsZero(), "nothing is carried any more")
}

// Own funds in the pool bear their part by the same measure as the members',
// whichever way the plan finds them: 60.000 on 600.000 and 300.000.
func TestOwnFundsBearTheirPart(t *testing.T) {
	for _, split := range []profitshare.Splitting{
		{Policy: profitshare.ProRata, Own: []string{"40101"}},
		{Policy: profitshare.SyirkahFirst, Financing: []string{"11101"}},
	} {
		t.Run(split.Policy.String(), func(t *testing.T) {
			b, _ := lossBook(t)
			b.book("2026-03-31", "10102", "40101", 300_000)
			b.book("2026-03-31", "11101/K1", "10102", 900_000)
			plan := runPlan()
			plan.Risk, plan.Split = profitshare.ReservePlace{Account: "20102", Members: "50901"}, split
			desk := profitshare.NewDesk(b.Book, plan, earning{account("M1-A"), account("M2-A")})
			_, err := desk.Post(ctx, profitshare.Posting{Key: "P4", Month: month(t, "2026-04")})
			require.NoError(t, err)
			loss := april2026Loss("L")
			_, err = desk.BearLoss(ctx, loss)
			require.EqualError(t, err, "profitshare: own funds' part of the loss: IDR 20.000: names no account that bears it")
			loss.OwnTo = "60102"
			borne, err := desk.BearLoss(ctx, loss)
			require.NoError(t, err)
			require.Equal(t, []string{"20102 30.000", "30101/M1-A 26.667", "30101/M2-A 13.333", "60101 -90.000", "60102 20.000"}, entryText(borne.Posted))
			require.Equal(t, rp(40_000), borne.Losses.Carried())
		})
	}
}
