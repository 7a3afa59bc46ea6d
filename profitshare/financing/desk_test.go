package financing_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare/financing"
)

var ctx = context.Background()

// fixedClock ticks a microsecond at every look, so that two runs give the same digests.
func fixedClock() func() time.Time {
	now := time.Date(2026, time.January, 1, 8, 0, 0, 0, time.UTC)
	return func() time.Time {
		now = now.Add(time.Microsecond)
		return now
	}
}

var (
	rp     = ledger.IDR.Of
	on     = ledger.On
	start  = on(2026, 1, 5)
	ends   = on(2027, 1, 5)
	cash   = financing.Place{Account: "10102"}
	goods  = financing.Place{Account: "11404"}
	member = ledger.Party{Member: "M00001", Standing: ledger.Member}

	accounts = financing.Accounts{
		Mudharabah: "11201", Musyarakah: "11202", Declining: "11203",
		ShareDue: "11113", Matured: "11120", Fault: "11121", Allowance: "11302", Deferred: "20605",
		MudharabahIncome: "50106", MusyarakahIncome: "50107",
		HandoverGain: "50501", HandoverLoss: "60701", Loss: "60501", Wear: "60403", Recovery: "50502", Gain: "50506",
		Commitment: "99102", CommitmentContra: "99199",
	}
)

// chart is the standard chart with the allowance by contract, and what the
// owner's side needs besides.
func chart() ledger.Chart {
	chart := ledger.StandardChart()
	for i := range chart {
		if chart[i].Code == "11302" {
			chart[i].Control = true
		}
	}
	return append(chart,
		ledger.Account{Code: "11120", Name: "Piutang Pembiayaan Bagi Hasil Jatuh Tempo", Kind: ledger.Asset, Normal: ledger.DebitSide, Control: true},
		ledger.Account{Code: "11121", Name: "Piutang Mudharabah - Kelalaian", Kind: ledger.Asset, Normal: ledger.DebitSide, Control: true},
		ledger.Account{Code: "20605", Name: "Keuntungan Tangguhan", Kind: ledger.Liability, Normal: ledger.CreditSide, Control: true},
		ledger.Account{Code: "50506", Name: "Keuntungan Investasi", Kind: ledger.Income, Normal: ledger.CreditSide},
	)
}

func newBook(t testing.TB) *ledger.Book {
	t.Helper()
	book, err := ledger.Create(ctx, ledger.NewMemory(), ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Clock: fixedClock(), Chart: chart()})
	require.NoError(t, err)
	return book
}

// newDesk returns a desk on a new book, which ends with Check finding nothing.
func newDesk(t testing.TB) (*ledger.Book, *financing.Desk) {
	t.Helper()
	book := newBook(t)
	t.Cleanup(func() { requireSound(t, book) })
	return book, financing.NewDesk(book, accounts, financing.PSAK405())
}

func requireSound(t testing.TB, book *ledger.Book) {
	t.Helper()
	for _, found := range findings(t, book) {
		t.Error(found)
	}
}

func findings(t testing.TB, book *ledger.Book) (found []ledger.Finding) {
	t.Helper()
	for finding, err := range book.Check(ctx, financing.Checks(accounts)...) {
		require.NoError(t, err)
		found = append(found, finding)
	}
	return found
}

func ratio(text string) decimal.Decimal { return decimal.RequireFromString(text) }

// mudharabah is 100 million for a year at 40%, capital back at the end.
func mudharabah() financing.Terms {
	return financing.Terms{
		Contract: "PMB-1", Partner: member, Business: "warung makan", Form: financing.Mudharabah,
		Capital: rp(100_000_000), Sharing: financing.ProfitSharing, Nisbah: ratio("0.40"), Maturity: ends,
		Rounding: ledger.RoundHalfUp, Step: rp(1),
	}
}

// terms returns the terms of a form, with 25 million of the partner's capital
// where the form has any.
func terms(form financing.Form) financing.Terms {
	t := mudharabah()
	t.Form = form
	if form != financing.Mudharabah {
		t.PartnerCapital = rp(25_000_000)
	}
	if form == financing.Declining {
		t.Return = financing.InStages
	}
	return t
}

// command is one command on the contract of a test.
type command struct {
	name financing.EventName
	pure func(financing.Contract) (financing.Event, error)
	desk func(*financing.Desk, string) (financing.Result, error) // under a key
}

func slip(day ledger.Date) financing.Slip {
	return financing.Slip{Contract: "PMB-1", Date: day, Note: "berita acara"}
}

func keyed(s *financing.Slip, key string) { s.Key = key }

func commit(terms financing.Terms) command {
	m := financing.Commitment{Slip: slip(start), Terms: terms}
	return command{financing.EventCommit,
		func(c financing.Contract) (financing.Event, error) { return c.Commit(m) },
		func(d *financing.Desk, key string) (financing.Result, error) {
			keyed(&m.Slip, key)
			return d.Commit(ctx, m)
		}}
}

func disburse(day ledger.Date, amount int64) command {
	m := financing.Disbursement{Slip: slip(day), Amount: rp(amount), Place: cash}
	return command{financing.EventDisburse,
		func(c financing.Contract) (financing.Event, error) { return c.Disburse(m) },
		func(d *financing.Desk, key string) (financing.Result, error) {
			keyed(&m.Slip, key)
			return d.Disburse(ctx, m)
		}}
}

func handOver(day ledger.Date, fair, carrying int64) command {
	m := financing.Handover{Slip: slip(day), Fair: rp(fair), Carrying: rp(carrying), Place: goods}
	return command{financing.EventHandOver,
		func(c financing.Contract) (financing.Event, error) { return c.HandOver(m, financing.PSAK405()) },
		func(d *financing.Desk, key string) (financing.Result, error) {
			keyed(&m.Slip, key)
			return d.HandOver(ctx, m)
		}}
}

func release(day ledger.Date) command {
	s := slip(day)
	return command{financing.EventRelease,
		func(c financing.Contract) (financing.Event, error) { return c.Release(s) },
		func(d *financing.Desk, key string) (financing.Result, error) {
			keyed(&s, key)
			return d.Release(ctx, s)
		}}
}

func begin(day ledger.Date) command {
	s := slip(day)
	return command{financing.EventStart,
		func(c financing.Contract) (financing.Event, error) { return c.Start(s) },
		func(d *financing.Desk, key string) (financing.Result, error) { keyed(&s, key); return d.Start(ctx, s) }}
}

func amortise(day ledger.Date) command {
	s := slip(day)
	return command{financing.EventAmortise,
		func(c financing.Contract) (financing.Event, error) { return c.Amortise(s) },
		func(d *financing.Desk, key string) (financing.Result, error) {
			keyed(&s, key)
			return d.Amortise(ctx, s)
		}}
}

func agree(day, from ledger.Date, nisbah string) command {
	m := financing.Agreement{Slip: slip(day), From: from, Nisbah: ratio(nisbah)}
	return command{financing.EventAgree,
		func(c financing.Contract) (financing.Event, error) { return c.Agree(m) },
		func(d *financing.Desk, key string) (financing.Result, error) {
			keyed(&m.Slip, key)
			return d.Agree(ctx, m)
		}}
}

// results is the report of a month, on its last day.
func results(month time.Month, revenue, cost, expenses int64) command {
	m := financing.Report{Slip: slip(on(2026, month+1, 1).Prev()), From: on(2026, month, 1), Through: on(2026, month+1, 1).Prev(),
		Revenue: rp(revenue), Cost: rp(cost), Expenses: rp(expenses)}
	if month == time.January {
		m.From = start
	}
	m.Document = fmt.Sprintf("LAP-%d", month)
	return command{financing.EventReport,
		func(c financing.Contract) (financing.Event, error) { return c.Report(m, financing.PSAK405()) },
		func(d *financing.Desk, key string) (financing.Result, error) {
			keyed(&m.Slip, key)
			return d.Report(ctx, m)
		}}
}

func collect(day ledger.Date, claim financing.Claim, amount int64) command {
	m := financing.Collection{Slip: slip(day), Claim: claim, Amount: rp(amount), Place: cash}
	return command{financing.EventCollect,
		func(c financing.Contract) (financing.Event, error) { return c.Collect(m) },
		func(d *financing.Desk, key string) (financing.Result, error) {
			keyed(&m.Slip, key)
			return d.Collect(ctx, m)
		}}
}

func repay(day ledger.Date, amount int64) command {
	m := financing.Repayment{Slip: slip(day), Amount: rp(amount), Place: cash}
	return command{financing.EventRepay,
		func(c financing.Contract) (financing.Event, error) { return c.Repay(m) },
		func(d *financing.Desk, key string) (financing.Result, error) {
			keyed(&m.Slip, key)
			return d.Repay(ctx, m)
		}}
}

func buyBack(day ledger.Date, capital, price int64) command {
	m := financing.BuyBack{Slip: slip(day), Capital: rp(capital), Price: rp(price), Place: cash}
	return command{financing.EventBuyBack,
		func(c financing.Contract) (financing.Event, error) { return c.BuyBack(m) },
		func(d *financing.Desk, key string) (financing.Result, error) {
			keyed(&m.Slip, key)
			return d.BuyBack(ctx, m)
		}}
}

func wear(day ledger.Date, amount int64) command {
	m := financing.Wear{Slip: slip(day), Amount: rp(amount)}
	return command{financing.EventWear,
		func(c financing.Contract) (financing.Event, error) { return c.Depreciate(m) },
		func(d *financing.Desk, key string) (financing.Result, error) {
			keyed(&m.Slip, key)
			return d.Depreciate(ctx, m)
		}}
}

func settle(day ledger.Date) command {
	m := financing.Settlement{Slip: slip(day), Place: cash}
	return command{financing.EventSettle,
		func(c financing.Contract) (financing.Event, error) { return c.Settle(m) },
		func(d *financing.Desk, key string) (financing.Result, error) {
			keyed(&m.Slip, key)
			return d.Settle(ctx, m)
		}}
}

func lose(day ledger.Date, amount int64) command {
	m := financing.Loss{Slip: slip(day), Amount: rp(amount)}
	return command{financing.EventLose,
		func(c financing.Contract) (financing.Event, error) { return c.Lose(m) },
		func(d *financing.Desk, key string) (financing.Result, error) {
			keyed(&m.Slip, key)
			return d.Lose(ctx, m)
		}}
}

func blame(day ledger.Date, amount, recognised, pending int64) command {
	m := financing.Fault{Slip: slip(day), Ground: financing.UnmetTerms, Amount: rp(amount), Recognised: rp(recognised), Pending: rp(pending)}
	return command{financing.EventFault,
		func(c financing.Contract) (financing.Event, error) { return c.Blame(m) },
		func(d *financing.Desk, key string) (financing.Result, error) {
			keyed(&m.Slip, key)
			return d.Blame(ctx, m)
		}}
}

func end(day ledger.Date, due, paid int64) command {
	m := financing.Ending{Slip: slip(day), Due: rp(due), Paid: rp(paid), Place: cash}
	return command{financing.EventEnd,
		func(c financing.Contract) (financing.Event, error) { return c.End(m) },
		func(d *financing.Desk, key string) (financing.Result, error) {
			keyed(&m.Slip, key)
			return d.End(ctx, m)
		}}
}

func writeOff(day ledger.Date, claim financing.Claim, amount int64) command {
	m := financing.WriteOff{Slip: slip(day), Claim: claim, Amount: rp(amount)}
	return command{financing.EventWriteOff,
		func(c financing.Contract) (financing.Event, error) { return c.WriteOff(m) },
		func(d *financing.Desk, key string) (financing.Result, error) {
			keyed(&m.Slip, key)
			return d.WriteOff(ctx, m)
		}}
}

func adopt(a financing.Adoption) command {
	return command{financing.EventAdopt,
		func(c financing.Contract) (financing.Event, error) { return c.Adopt(a) },
		func(d *financing.Desk, key string) (financing.Result, error) {
			keyed(&a.Slip, key)
			return d.Adopt(ctx, a)
		}}
}

// does carries commands out and returns the last one's result.
func does(t testing.TB, d *financing.Desk, commands ...command) (last financing.Result) {
	t.Helper()
	for i, c := range commands {
		var err error
		last, err = c.desk(d, fmt.Sprintf("%s/%d", t.Name(), next(t)))
		require.NoError(t, err, "command %d: %s", i+1, c.name)
		require.Equal(t, c.name, last.Event.Name)
	}
	return last
}

var counters = map[testing.TB]int{}

// next numbers the commands of a test.
func next(t testing.TB) int {
	counters[t]++
	return counters[t]
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
