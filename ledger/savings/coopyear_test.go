package savings_test

import (
	"encoding/json"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// publishedYear is the synthetic year of testdata/cooperative_year.json, entered
// at the desk wherever a journal is the desk's, and as an entry otherwise.
type publishedYear struct {
	t        *testing.T
	book     *ledger.Book
	desk     *savings.Desk
	doc      map[string]json.RawMessage
	journals []publishedJournal
}

type publishedJournal struct {
	ID, Date, Event string
	Closing         bool
	Lines           []struct {
		Account, Sub  string
		Debit, Credit int64
	}
}

// savingsOf are the accounts that are members' savings: of these the file names
// one member's in several by one sub, which is two accounts here.
var savingsOf = []string{"20101", "30101", "30202", "30204", "30402", "40101", "40102"}

// lines are a journal's, by place: what has no sub in the file is others'.
func (y *publishedYear) lines(j publishedJournal) []ledger.Line {
	var lines []ledger.Line
	for _, l := range j.Lines {
		line := ledger.Debit(l.Account, ledger.IDR.Of(l.Debit-l.Credit))
		account, found := ledger.StandardChart().Account(l.Account)
		require.True(y.t, found)
		switch own := slices.Contains(savingsOf, l.Account); {
		case !account.Control:
		case own && (l.Sub == "" || l.Sub == "others"):
			line = line.For("others-" + l.Account)
		case l.Sub == "":
			line = line.For("others")
		case l.Account == "40101" || l.Account == "40102":
			line = line.For(l.Sub + "-" + l.Account)
		default:
			line = line.For(l.Sub)
		}
		lines = append(lines, line)
	}
	return lines
}

func placesOf(lines []ledger.Line) map[savings.Place]ledger.Money {
	sums := make(map[savings.Place]ledger.Money)
	for _, l := range lines {
		sums[savings.Place{Account: l.Account, Sub: l.Sub}] = sums[savings.Place{Account: l.Account, Sub: l.Sub}].Add(l.Amount)
	}
	return sums
}

func newPublishedYear(t *testing.T) *publishedYear {
	y := &publishedYear{t: t}
	file, err := os.ReadFile("testdata/cooperative_year.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(file, &y.doc))
	require.NoError(t, json.Unmarshal(y.doc["journals"], &y.journals))
	y.book, err = ledger.Create(ctx, ledger.NewMemory(), ledger.Config{ID: "kspps-contoh", Currency: ledger.IDR, Clock: fixedClock(), Chart: ledger.StandardChart()})
	require.NoError(t, err)
	t.Cleanup(func() { requireSound(t, y.book) })
	y.desk = savings.NewDesk(y.book)
	before := ledger.On(2024, time.December, 31)
	policy := standardPolicy()
	policy.From = before
	_, err = y.desk.SetPolicy(ctx, savings.PolicySetting{Key: "policy", Policy: policy})
	require.NoError(t, err)
	fees := savings.Fees{Monthly: rupiah(2_000), Passbook: rupiah(10_000), Account: "50202"}
	shares := func(tenors ...int) savings.Terms {
		return savings.Terms{Nisbah: ratio("0.4"), ShareAccount: "50901", Taxed: true, Tenors: tenors}
	}
	for _, p := range []savings.ProductOpening{
		{Code: "POKOK", Akad: savings.Pokok, Control: "40101", Terms: savings.Terms{MinOpening: rupiah(100_000), Locked: true, Personal: true}},
		{Code: "WAJIB", Akad: savings.Wajib, Control: "40102", Terms: savings.Terms{Dues: rupiah(20_000), Locked: true, Personal: true}},
		{Code: "WADIAH", Akad: savings.Wadiah, Control: "20101", Terms: savings.Terms{Fees: fees}},
		{Code: "MUDA", Akad: savings.Mudharabah, Control: "30101", Terms: shares()},
		{Code: "JANGKA3", Akad: savings.Berjangka, Control: "30202", Terms: shares(3)},
		{Code: "JANGKA12", Akad: savings.Berjangka, Control: "30204", Terms: shares(12)},
		{Code: "MODAL", Akad: savings.Penyertaan, Control: "30402", Terms: shares()},
	} {
		p.Key, p.Terms.From = "P/"+p.Code, before
		_, err := y.desk.AddProduct(ctx, p)
		require.NoError(t, err, p.Code)
	}
	for _, m := range []string{"others", "M001", "M002", "M003", "M004", "I001"} {
		_, err := y.desk.Join(ctx, savings.Joining{Key: "J/" + m, Date: ledger.On(2020, time.January, 2), Member: m})
		require.NoError(t, err)
	}
	y.adopts(before)
	return y
}

// adopts posts the opening balances and takes over every account that has one.
func (y *publishedYear) adopts(before ledger.Date) {
	opening := y.lines(y.journals[0])
	_, err := y.book.Post(ctx, ledger.Entry{Key: "J000", Date: before, Memo: "Saldo awal", Lines: opening})
	require.NoError(y.t, err)
	products := map[string]string{"20101": "WADIAH", "30101": "MUDA", "30204": "JANGKA12", "40101": "POKOK", "40102": "WAJIB"}
	for _, l := range opening {
		if products[l.Account] == "" {
			continue
		}
		o := savings.Opening{Key: "A/" + l.Sub, Date: before, Account: l.Sub, Product: products[l.Account], Member: l.Sub[:4],
			Running: &savings.Running{Balance: l.Amount.Neg()}}
		switch l.Sub[0] {
		case 'o':
			o.Member = "others"
		case 'W':
			o.Member = "M" + l.Sub[1:]
		}
		if l.Account == "30204" {
			o.Term = &savings.TermAgreed{Certificate: "lama", Months: 12, Rollover: savings.RollPrincipal, Payout: savings.AtMonthEnd, From: ledger.On(2024, time.October, 1)}
		}
		_, err := y.desk.Adopt(ctx, o)
		require.NoError(y.t, err, l.Sub)
	}
	for account, member := range map[string]string{"W001": "M001", "W002": "M002"} {
		y.opens(account, member, "WADIAH", nil)
	}
	y.opens("S002", "M002", "MUDA", nil)
	y.opens("B-0001", "M002", "JANGKA3", &savings.TermAgreed{Certificate: "B-0001", Months: 3, Rollover: savings.RollPrincipal, Payout: savings.AtMonthEnd})
	y.opens("I001", "I001", "MODAL", nil)
}

func (y *publishedYear) opens(account, member, product string, term *savings.TermAgreed) {
	_, err := y.desk.Open(ctx, savings.Opening{Key: "O/" + account, Date: ledger.On(2025, time.January, 1), Account: account, Member: member, Product: product, Term: term})
	require.NoError(y.t, err)
}

// enters carries out a journal at the desk, false if it is none of the desk's.
func (y *publishedYear) enters(id string, on ledger.Date) (list []ledger.Posted, err error) {
	var r savings.Receipt
	one := func() ([]ledger.Posted, error) { return []ledger.Posted{r.Posted}, err }
	deposit := func(key, account string, amount int64, counter savings.Place) ([]ledger.Posted, error) {
		r, err = y.desk.Deposit(ctx, savings.Deposit{Key: key, Date: on, Account: account, Amount: rupiah(amount), Counter: counter})
		return one()
	}
	transfer := func(from, to string, amount int64) ([]ledger.Posted, error) {
		r, err = y.desk.Transfer(ctx, savings.Transfer{Key: id, Date: on, From: from, To: to, Amount: rupiah(amount)})
		return one()
	}
	settle := func(member string, offs ...savings.SetOff) ([]ledger.Posted, error) {
		x, err := y.desk.Settle(ctx, savings.Settlement{Key: id, Date: on, Member: member, SetOffs: offs})
		return []ledger.Posted{x.Posted}, err
	}
	switch id {
	case "J001":
		r, err = y.desk.MoveCash(ctx, savings.CashMove{Key: id, Date: on, From: vault, To: teller, Amount: rupiah(5_000_000)})
		return one()
	case "J002":
		return y.joins(on)
	case "J003":
		return deposit(id, "M001-40102", 60_000, teller)
	case "J004":
		return deposit(id, "W001", 1_000_000, teller)
	case "J005":
		r, err = y.desk.Withdraw(ctx, savings.Withdrawal{Key: id, Date: on, Account: "W001", Amount: rupiah(250_000), Counter: teller})
		return one()
	case "J006":
		return deposit(id, "S002", 7_000_000, teller)
	case "J007":
		return transfer("W001", "W002", 300_000)
	case "J008":
		return transfer("S002", "B-0001", 5_000_000)
	case "J009":
		r, err = y.desk.Charge(ctx, savings.Charge{Key: id, Date: on, Account: "W002", Fee: savings.MonthlyFee})
		return one()
	case "J032": // the three months are over on this day: a part is taken out
		return transfer("B-0001", "S002", 1_000_000)
	case "J036":
		return deposit(id, "W001", 75_000, teller)
	case "J037":
		back, err := y.desk.Reverse(ctx, savings.Reversal{Key: id, Of: "J036", Date: on, Reason: "salah rekening"})
		return []ledger.Posted{back.Posted}, err
	case "J038":
		cash, err := y.balance("10102", ledger.EndOf(on))
		require.NoError(y.t, err)
		counted, err := y.desk.CountTill(ctx, savings.TillCount{Key: id, Date: on, Till: teller, Counted: cash.Sub(rupiah(1_000)), Maker: "teller"})
		return []ledger.Posted{counted.Posted}, err
	case "J039":
		r, err = y.desk.Explain(ctx, savings.Explanation{Key: id, Date: on, Amount: rupiah(1_000), Reason: "tidak ditemukan"})
		return one()
	case "J040":
		leaves(y.t, y.desk, "M003", on)
		return settle("M003", savings.SetOff{Receivable: savings.Place{Account: "11101", Sub: "F003"}, Amount: rupiah(150_000)})
	case "J041":
		paid, err := y.desk.PayClaim(ctx, savings.ClaimPayment{Key: id, Date: on, Member: "M003", Amount: rupiah(690_000), Counter: teller})
		return []ledger.Posted{paid.Posted}, err
	case "J042":
		_, err := y.desk.Die(ctx, savings.Death{Key: "X/M004", Date: on, Known: on, Member: "M004", Documents: []string{"akta"}, By: "manajer"})
		require.NoError(y.t, err)
		return settle("M004")
	case "J044":
		return deposit(id, "I001", 5_000_000, bank)
	}
	return nil, nil
}

// joins is a new member's first day: pokok, the first wajib, the fee.
func (y *publishedYear) joins(on ledger.Date) (list []ledger.Posted, err error) {
	_, err = y.desk.Join(ctx, savings.Joining{Key: "J/M301", Date: on, Member: "M301", ApprovedBy: "pengurus"})
	require.NoError(y.t, err)
	for _, o := range []struct {
		product, control string
		amount           int64
	}{{"POKOK", "40101", 100_000}, {"WAJIB", "40102", 20_000}} {
		id := "M301-" + o.control
		_, err := y.desk.Open(ctx, savings.Opening{Key: "O/" + id, Date: on, Account: id, Member: "M301", Product: o.product})
		require.NoError(y.t, err)
		r, err := y.desk.Deposit(ctx, savings.Deposit{Key: "J002/" + id, Date: on, Account: id, Amount: rupiah(o.amount), Counter: teller})
		require.NoError(y.t, err)
		list = append(list, r.Posted)
	}
	_, err = y.desk.Open(ctx, savings.Opening{Key: "O/W301", Date: on, Account: "W301", Member: "M301", Product: "WADIAH"})
	require.NoError(y.t, err)
	r, err := y.desk.Charge(ctx, savings.Charge{Key: "J002/fee", Date: on, Account: "W301", Fee: savings.PassbookFee, Counter: teller})
	return append(list, r.Posted), err
}

func (y *publishedYear) balance(code string, at ledger.Moment) (balance ledger.Money, err error) {
	err = y.book.View(ctx, func(tx *ledger.Tx) error {
		balance, err = tx.Balance(code, "", at)
		return err
	})
	return balance, err
}

// The journals of the published year that are the desk's own come out of its
// verbs, account by account, and the year's trial balances are as published.
// S1 to S3, S5 to S8, S11, S13, S15, S18, S25, S27, S28, S30, S38 and S40.
func TestPublishedYearThroughTheDesk(t *testing.T) {
	y := newPublishedYear(t)
	atDesk := 0
	for _, j := range y.journals[1:] {
		on, err := ledger.ParseDate(j.Date)
		require.NoError(t, err)
		want := y.lines(j)
		list, err := y.enters(j.ID, on)
		require.NoError(t, err, j.ID)
		if list == nil {
			e := ledger.Entry{Key: j.ID, Date: on, Memo: j.Event, Lines: want}
			if j.Closing {
				e.Phase = ledger.Closing
			}
			_, err := y.book.Post(ctx, e)
			require.NoError(t, err, j.ID)
			continue
		}
		atDesk++
		var got []ledger.Line
		for _, posted := range list {
			got = append(got, posted.Lines...)
		}
		require.Equal(t, placesOf(want), placesOf(got), "%s %s", j.ID, j.Event)
	}
	require.Equal(t, 18, atDesk)
	end := ledger.EndOf(ledger.On(2025, time.December, 31))
	for name, at := range map[string]ledger.Moment{"trial_balance_before_closing": end.BeforeClosing(), "trial_balance_after_closing": end} {
		var published map[string]struct{ Debit, Credit int64 }
		require.NoError(t, json.Unmarshal(y.doc[name], &published))
		for _, account := range ledger.StandardChart() {
			if account.Header {
				continue
			}
			balance, err := y.balance(account.Code, at)
			require.NoError(t, err)
			want := published[account.Code]
			require.Equal(t, rupiah(want.Debit-want.Credit), balance, "%s: %s", name, account.Code)
			delete(published, account.Code)
		}
		require.Empty(t, published)
	}
}
