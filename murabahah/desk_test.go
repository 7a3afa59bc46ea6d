package murabahah_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
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

// deskChart is what the tests need of the standard chart, and an account for
// recovered costs.
func deskChart() ledger.Chart {
	standard := ledger.StandardChart()
	var chart ledger.Chart
	for _, code := range []string{"10102", "10111", "10201", "11112", "11101", "11102", "11401", "20101", "20302", "30101", "40402", "50101", "50599", "60101", "90205",
		"20303", "11111", "11115", "20501", "20305", "99101", "99104", "11119", "11301", "60501", "50502", "90101", "99199", "15103", "20301", "40101", "90301"} {
		account, found := standard.Account(code)
		if !found {
			panic("the standard chart has no account " + code)
		}
		chart = append(chart, account)
	}
	return append(chart,
		ledger.Account{Code: "50290", Name: "Pemulihan Biaya", Kind: ledger.Income, Normal: ledger.CreditSide},
		ledger.Account{Code: "50292", Name: "Pendapatan Lain", Kind: ledger.Income, Normal: ledger.CreditSide},
		ledger.Account{Code: "90290", Name: "Dana Zakat", Kind: ledger.Zakat, Normal: ledger.CreditSide},
		ledger.Account{Code: "50191", Name: "Pendapatan Margin - Akrual", Kind: ledger.Income, Normal: ledger.CreditSide},
		ledger.Account{Code: "50192", Name: "Pendapatan Administrasi", Kind: ledger.Income, Normal: ledger.CreditSide},
		ledger.Account{Code: "60591", Name: "Beban Penurunan Nilai Aset Murabahah", Kind: ledger.Expense, Normal: ledger.DebitSide},
		ledger.Account{Code: "60592", Name: "Beban Potongan Murabahah", Kind: ledger.Expense, Normal: ledger.DebitSide},
	)
}

// newLedger returns an empty book of the chart.
func newLedger(t testing.TB, store ledger.Store) *ledger.Book {
	t.Helper()
	book, err := ledger.Create(ctx, store, ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Clock: fixedClock(), Chart: deskChart()})
	require.NoError(t, err)
	return book
}

// newDesk returns a desk on a new book, which ends with Check finding nothing.
func newDesk(t testing.TB) (*ledger.Book, *murabahah.Desk) {
	t.Helper()
	book := newLedger(t, ledger.NewMemory())
	t.Cleanup(func() { requireSound(t, book) })
	return book, murabahah.NewDesk(book, accounts)
}

// provide sets up an allowance, against which a debt can be written off.
func provide(t testing.TB, desk *murabahah.Desk, amount int64) {
	t.Helper()
	_, err := desk.Provide(ctx, murabahah.Provision{Key: "PPAP", Date: start.AddDays(-1), Required: ledger.IDR.Of(amount)})
	require.NoError(t, err)
}

func requireSound(t testing.TB, book *ledger.Book) {
	t.Helper()
	for _, found := range findings(t, book) {
		t.Error(found)
	}
}

func findings(t testing.TB, book *ledger.Book) (found []ledger.Finding) {
	t.Helper()
	for finding, err := range book.Check(ctx, murabahah.Checks(accounts)...) {
		require.NoError(t, err)
		found = append(found, finding)
	}
	return found
}

// step is one command of a contract's life.
type step struct {
	name murabahah.EventName
	do   func(*murabahah.Desk) (murabahah.Result, error)
}

// Commands under a key, of the contract MRB-1 unless it stands in the terms.

func order(key string, terms murabahah.Terms) step {
	return step{murabahah.EventOrder, func(d *murabahah.Desk) (murabahah.Result, error) {
		return d.Order(ctx, murabahah.Ordering{Key: key, Date: start, Terms: terms, Document: "SP-1", Maker: "Ani", Approver: "Budi"})
	}}
}

func adopt(key string, a murabahah.Adoption) step {
	a.Key = key
	return step{murabahah.EventAdopt, func(d *murabahah.Desk) (murabahah.Result, error) { return d.Adopt(ctx, a) }}
}

func receipt(key string, amount int64) murabahah.Receipt {
	return murabahah.Receipt{Key: key, Contract: "MRB-1", Date: start, Amount: ledger.IDR.Of(amount), Place: cash}
}

func downPayment(key string, amount int64) step {
	return step{murabahah.EventDownPayment, func(d *murabahah.Desk) (murabahah.Result, error) {
		return d.ReceiveDownPayment(ctx, receipt(key, amount))
	}}
}

func acquire(key string, cost int64) step {
	return step{murabahah.EventAcquire, func(d *murabahah.Desk) (murabahah.Result, error) {
		return d.Acquire(ctx, murabahah.Acquisition{Key: key, Contract: "MRB-1", Date: start, Cost: ledger.IDR.Of(cost), Place: cash, Supplier: "Toko Jaya", Document: "FKT-1"})
	}}
}

func sell(key string) step {
	return step{murabahah.EventSell, func(d *murabahah.Desk) (murabahah.Result, error) {
		return d.Sell(ctx, murabahah.Sale{Key: key, Contract: "MRB-1", Date: start})
	}}
}

func pay(key string, amount int64) step {
	return step{murabahah.EventPay, func(d *murabahah.Desk) (murabahah.Result, error) { return d.Pay(ctx, receipt(key, amount)) }}
}

func penalise(key string, amount int64) step {
	return step{murabahah.EventPenalty, func(d *murabahah.Desk) (murabahah.Result, error) {
		r := receipt(key, amount)
		r.Place.Account = "10111"
		return d.Penalise(ctx, r)
	}}
}

func settle(key string) step {
	return step{murabahah.EventSettle, func(d *murabahah.Desk) (murabahah.Result, error) {
		return d.Settle(ctx, murabahah.Settlement{Key: key, Contract: "MRB-1", Date: start.AddMonths(2), Place: cash})
	}}
}

func cancel(key string, loss int64) step {
	return step{murabahah.EventCancel, func(d *murabahah.Desk) (murabahah.Result, error) {
		return d.Cancel(ctx, murabahah.Cancellation{Key: key, Contract: "MRB-1", Date: start, ActualLoss: ledger.IDR.Of(loss), Evidence: "kuitansi", Place: cash})
	}}
}

func reverse(key string, version int) step {
	return step{murabahah.EventReverse, func(d *murabahah.Desk) (murabahah.Result, error) {
		return d.Reverse(ctx, murabahah.Reversal{Key: key, Contract: "MRB-1", Version: version, Date: start.AddMonths(2), Reason: "salah input", Maker: "Ani"})
	}}
}

func does(t testing.TB, d *murabahah.Desk, steps ...step) (last murabahah.Result) {
	t.Helper()
	for _, s := range steps {
		result, err := s.do(d)
		require.NoError(t, err, s.name)
		require.Equal(t, s.name, result.Event.Name)
		require.False(t, result.Repeat)
		last = result
	}
	return last
}

// asked is any other command as a step.
func asked(name murabahah.EventName, key string, command func(murabahah.Act) murabahah.Command) step {
	a := murabahah.Act{Key: key, Contract: "MRB-1", Date: start, Note: "alasan", Document: "DOK-1", Approver: "Budi"}
	return step{name, func(d *murabahah.Desk) (murabahah.Result, error) { return d.Do(ctx, command(a)) }}
}

// troubled is a life with commands that are asked for by [murabahah.Desk.Do].
func troubled() []step {
	rp := ledger.IDR.Of
	return []step{
		order("K1", motor(murabahah.Annuity)),
		asked(murabahah.EventDeposit, "K2", func(a murabahah.Act) murabahah.Command {
			return murabahah.Deposit{Act: a, Amount: rp(4_000_000), Place: cash}
		}),
		asked(murabahah.EventEntrust, "K3", func(a murabahah.Act) murabahah.Command {
			return murabahah.Entrustment{Act: a, Amount: rp(20_000_000), Place: cash}
		}),
		acquire("K4", 20_000_000),
		asked(murabahah.EventPossess, "K5", func(a murabahah.Act) murabahah.Command { return murabahah.Possession{Act: a} }),
		sell("K6"),
		asked(murabahah.EventDeliver, "K7", func(a murabahah.Act) murabahah.Command { return murabahah.Delivery{Act: a} }),
		asked(murabahah.EventConcession, "K8", func(a murabahah.Act) murabahah.Command {
			return murabahah.Concession{Act: a, Amount: rp(1_000_000)}
		}),
		asked(murabahah.EventRevise, "K9", func(a murabahah.Act) murabahah.Command {
			return murabahah.Reschedule{Act: a, Kind: murabahah.Restructuring, Plan: plan(24, rp(1000), ledger.RoundHalfUp)}
		}),
		pay("K10", 2_000_000),
		asked(murabahah.EventJudge, "K11", func(a murabahah.Act) murabahah.Command { return murabahah.Judge{Act: a, Class: murabahah.Loss} }),
		asked(murabahah.EventConvert, "K12", func(a murabahah.Act) murabahah.Command {
			return murabahah.Convert{Act: a, Value: rp(10_000_000), Asset: murabahah.Place{Account: "15103"}}
		}),
		asked(murabahah.EventWriteOff, "K13", func(a murabahah.Act) murabahah.Command { return murabahah.WriteOff{Act: a} }),
		asked(murabahah.EventRecover, "K14", func(a murabahah.Act) murabahah.Command {
			return murabahah.Recovery{Act: a, Amount: rp(7_800_000), Place: cash}
		}),
	}
}

// lives are whole lives of a contract, every command among them.
func lives() map[string][]step {
	return map[string][]step{
		"settled early": {
			order("K1", motor(murabahah.Annuity)), downPayment("K2", 1_000_000), acquire("K3", 20_000_000), downPayment("K4", 3_000_000),
			sell("K5"), pay("K6", 1_733_000), pay("K7", 900_000), penalise("K8", 20_000), settle("K9"),
		},
		"paid in full": {
			order("K1", motor(murabahah.Proportional)), downPayment("K2", 4_000_000), acquire("K3", 20_000_000), sell("K4"),
			pay("K5", 10_000_000), pay("K6", 10_800_000), penalise("K7", 10_000),
		},
		"troubled":  troubled(),
		"cancelled": {order("K1", motor(murabahah.Proportional)), downPayment("K2", 4_000_000), cancel("K3", 150_000)},
		"cancelled without money": {order("K1", motor(murabahah.Proportional)), {murabahah.EventCancel, func(d *murabahah.Desk) (murabahah.Result, error) {
			return d.Cancel(ctx, murabahah.Cancellation{Key: "K2", Contract: "MRB-1", Date: start})
		}}},
	}
}

// standing lists what stands on accounts and subs, zeros left out.
func standing(t testing.TB, book *ledger.Book) map[string]string {
	t.Helper()
	all := map[string]string{}
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		for b, err := range tx.Balances(ledger.Latest()) {
			require.NoError(t, err)
			all[strings.TrimSuffix(b.Account.Code+"/"+b.Sub, "/")] = ledger.IDR.Format(b.Amount)
		}
		return nil
	}))
	return all
}

func headOf(t testing.TB, book *ledger.Book) ledger.Head {
	t.Helper()
	head, err := book.Head(ctx)
	require.NoError(t, err)
	return head
}

func asJSON(t testing.TB, value any) string {
	t.Helper()
	data, err := json.Marshal(value)
	require.NoError(t, err)
	return string(data)
}

// The year's events through the desk on a real book: states, balances and the
// results of the year are those of the separate program.
func TestYearThroughTheDesk(t *testing.T) {
	book, desk := newDesk(t)
	terms := melati(t)
	for _, row := range rows(t, "melati/murabahah_events.csv") {
		require.NoError(t, throughTheDesk(t, desk, terms, row), "%v", row)
	}
	format := ledger.IDR.Format
	for _, row := range rows(t, "melati/expected_murabahah.csv") {
		c, err := desk.Contract(ctx, row["contract"])
		require.NoError(t, err)
		p := c.Position
		require.Equal(t, row, map[string]string{
			"contract": c.Terms.Contract, "state": string(c.State), "collected": format(p.Collected),
			"receivable": format(p.Receivable), "deferred": format(p.Deferred), "recognised": format(p.Recognised), "rebate": format(p.Rebate),
		})
		card, err := desk.Card(ctx, row["contract"])
		require.NoError(t, err)
		require.Equal(t, []ledger.Money{p.Collected, p.Rebate, p.Receivable}, []ledger.Money{card.Paid, card.Waived, card.Outstanding})
	}
	want, got := map[string]string{}, standing(t, book)
	for _, row := range rows(t, "melati/expected_balances.csv") {
		want[strings.TrimSuffix(row["code"]+"/"+row["sub"], "/")] = row["balance"]
	}
	delete(got, "10102") // other business of the year goes through the teller too
	delete(got, "10111")
	delete(got, "10201")
	require.Equal(t, want, got)
}

func throughTheDesk(t testing.TB, desk *murabahah.Desk, terms map[string]murabahah.Terms, row map[string]string) (err error) {
	key, id, on, place := row["key"], row["contract"], day(t, row["date"]), murabahah.Place{Account: row["account"]}
	r := murabahah.Receipt{Key: key, Contract: id, Date: on, Place: place}
	if row["amount"] != "" {
		r.Amount = money(t, row["amount"])
	}
	switch row["event"] {
	case "order":
		_, err = desk.Order(ctx, murabahah.Ordering{Key: key, Date: on, Terms: terms[id]})
	case "down_payment":
		_, err = desk.ReceiveDownPayment(ctx, r)
	case "acquire":
		_, err = desk.Acquire(ctx, murabahah.Acquisition{Key: key, Contract: id, Date: on, Cost: r.Amount, Place: place, Document: "FKT-1"})
	case "sell":
		_, err = desk.Sell(ctx, murabahah.Sale{Key: key, Contract: id, Date: on})
	case "pay":
		_, err = desk.Pay(ctx, r)
	case "settle":
		_, err = desk.Settle(ctx, murabahah.Settlement{Key: key, Contract: id, Date: on, Place: place})
	case "penalty":
		r.Place.Account = "10111"
		_, err = desk.Penalise(ctx, r)
	default:
		t.Fatalf("unknown event %q", row["event"])
	}
	return err
}

// The journals of the domain notes, by their numbers, account by account, as
// the book has them.
func TestJournals(t *testing.T) {
	_, desk := newDesk(t)
	does(t, desk, order("K1", motor(murabahah.Proportional)))
	for _, test := range []struct {
		journal string
		step    step
		event   string
		lines   []string
	}{
		{"J10 down payment received", downPayment("K2", 4_000_000), "murabahah/MRB-1#2 down_payment",
			[]string{"10102 4000000.00", "20302/MRB-1 -4000000.00"}},
		{"J2 purchase", acquire("K3", 20_000_000), "murabahah/MRB-1#3 acquire",
			[]string{"10102 -20000000.00", "11401/MRB-1 20000000.00"}},
		{"J15 and J16 sale, down payment applied", sell("K4"), "murabahah/MRB-1#4 sell",
			[]string{"11101/MRB-1 24800000.00", "11401/MRB-1 -20000000.00", "11102/MRB-1 -4800000.00", "20302/MRB-1 4000000.00", "11101/MRB-1 -4000000.00"}},
		{"J18 and J18b instalment, margin earned", pay("K5", 1_733_000), "murabahah/MRB-1#5 pay",
			[]string{"10102 1733000.00", "11101/MRB-1 -1733000.00", "11102/MRB-1 399923.00", "50101 -399923.00"}},
		{"J27 penalty", penalise("K6", 20_000), "murabahah/MRB-1#6 penalty",
			[]string{"10111 20000.00", "90205 -20000.00"}},
		{"J23 early settlement after the second due day", settle("K7"), "murabahah/MRB-1#7 settle",
			[]string{"10102 15066846.00", "11101/MRB-1 -19067000.00", "11102/MRB-1 4400077.00", "50101 -399923.00"}},
	} {
		result := does(t, desk, test.step)
		require.Equal(t, test.event, result.Posted.Source.String(), test.journal)
		require.Equal(t, result.Event.Date, result.Posted.Date)
		var lines []string
		for _, l := range result.Posted.Lines {
			lines = append(lines, strings.TrimSuffix(l.Account+"/"+l.Sub, "/")+" "+ledger.IDR.Format(l.Amount))
			require.Equal(t, ledger.Party{Member: "M00001", Standing: ledger.Candidate}, l.Party, test.journal)
		}
		require.Equal(t, test.lines, lines, test.journal)
	}
}

// What is asked for beside the money stands in the entry and in the event.
func TestVoucher(t *testing.T) {
	_, desk := newDesk(t)
	ordered := does(t, desk, order("K1", motor(murabahah.Annuity)))
	require.Zero(t, ordered.Posted)
	require.Equal(t, murabahah.Voucher{Document: "SP-1", Maker: "Ani", Approver: "Budi"}, ordered.Event.Voucher)
	does(t, desk, downPayment("K2", 4_000_000), acquire("K3", 20_000_000), sell("K4"))
	r := receipt("K5", 100_000)
	r.Memo, r.Document, r.Maker, r.Approver, r.Note = "Angsuran ke-1", "BKM-17", "Ani", "Budi", "titip lewat suami"
	paid, err := desk.Pay(ctx, r)
	require.NoError(t, err)
	p := paid.Posted
	require.Equal(t, []string{"K5", "Angsuran ke-1", "BKM-17", "Ani", "Budi"}, []string{p.Key, p.Memo, p.Document, p.Maker, p.Approver})
	history, err := desk.History(ctx, "MRB-1")
	require.NoError(t, err)
	require.Len(t, history, 5)
	require.Equal(t, asJSON(t, paid.Event), asJSON(t, history[4]))
	require.Equal(t, "titip lewat suami", history[4].Note)
	require.Equal(t, "BKM-17", history[4].Document)
}

func TestReading(t *testing.T) {
	book, desk := newDesk(t)
	for i := range 7 {
		terms := motor(murabahah.Proportional)
		terms.Contract = fmt.Sprintf("MRB-%d", i+1)
		does(t, desk, order("O"+terms.Contract, terms))
	}
	does(t, desk, reverse("R", 0)) // MRB-1 was never ordered
	var ids []string
	after, pages := "", 0
	for more := true; more; pages++ {
		page, err := desk.Contracts(ctx, after, 2)
		require.NoError(t, err)
		for _, c := range page.Contracts {
			ids = append(ids, c.Terms.Contract)
		}
		after, more = page.Next, page.More
	}
	require.Equal(t, []string{"MRB-2", "MRB-3", "MRB-4", "MRB-5", "MRB-6", "MRB-7"}, ids)
	require.Equal(t, 3, pages)
	page, err := desk.Contracts(ctx, "MRB-7", 0)
	require.NoError(t, err)
	require.Equal(t, murabahah.Page{Next: "MRB-7"}, page)

	schedule, err := desk.Schedule(ctx, "MRB-2")
	require.NoError(t, err)
	require.Len(t, schedule.Rows, 12)
	for name, read := range map[string]func() error{
		"contract": func() error { _, err := desk.Contract(ctx, "MRB-9"); return err },
		"history":  func() error { _, err := desk.History(ctx, "MRB-9"); return err },
		"quote":    func() error { _, err := desk.Quote(ctx, "MRB-9", start); return err },
		"schedule": func() error { _, err := desk.Schedule(ctx, "MRB-9"); return err },
		"card":     func() error { _, err := desk.Card(ctx, "MRB-9"); return err },
	} {
		err := read()
		require.ErrorIs(t, err, murabahah.ErrUnknown, name)
		require.EqualError(t, err, `murabahah: contract MRB-9: there is no contract "MRB-9"`, name)
	}
	_, err = desk.Card(ctx, "MRB-2")
	require.ErrorIs(t, err, murabahah.ErrState)
	_, err = desk.Quote(ctx, "MRB-2", start)
	require.ErrorIs(t, err, murabahah.ErrState)
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		c, found, err := murabahah.ContractIn(tx, "MRB-1")
		require.True(t, found)
		require.Equal(t, murabahah.Unordered, c.State)
		return err
	}))
}

func TestCard(t *testing.T) {
	_, desk := newDesk(t)
	does(t, desk, lives()["settled early"][:7]...)
	card, err := desk.Card(ctx, "MRB-1")
	require.NoError(t, err)
	require.Len(t, card.Rows, 12)
	rp := ledger.IDR.Of
	for i, want := range [][3]ledger.Money{{rp(1_733_000), none, none}, {rp(900_000), none, rp(833_000)}, {none, none, rp(1_733_000)}} {
		row := card.Rows[i]
		require.Equal(t, want, [3]ledger.Money{row.Paid, row.Waived, row.Outstanding}, "row %d", i+1)
		require.Equal(t, row.Amount, row.Principal.Add(row.Margin))
	}
	require.Equal(t, rp(2_633_000), card.Paid)
	require.Equal(t, card.Contract.Outstanding(), card.Outstanding)

	does(t, desk, lives()["settled early"][7:]...)
	card, err = desk.Card(ctx, "MRB-1")
	require.NoError(t, err)
	require.Zero(t, card.Outstanding)
	require.Equal(t, card.Contract.Position.Rebate, card.Waived)
	for _, row := range card.Rows {
		require.Equal(t, row.Amount, row.Paid.Add(row.Waived))
	}
}
