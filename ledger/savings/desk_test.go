package savings_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

var ctx = context.Background()

// teller is where the tests' cash comes from and goes to.
var teller = savings.Place{Account: "10102"}

func rupiah(n int64) ledger.Money { return ledger.IDR.Of(n) }

// day is a day of 2026, counted within its month.
func day(month time.Month, n int) ledger.Date { return ledger.On(2026, month, n) }

// fixedClock ticks a microsecond at every look, so that two runs give the same digests.
func fixedClock() func() time.Time {
	now := time.Date(2026, time.January, 1, 8, 0, 0, 0, time.UTC)
	return func() time.Time {
		now = now.Add(time.Microsecond)
		return now
	}
}

func chart() ledger.Chart {
	plain := func(code, name string, kind ledger.Kind) ledger.Account {
		return ledger.Account{Code: code, Name: name, Kind: kind, Normal: kind.Side()}
	}
	control := func(code, name string, kind ledger.Kind) ledger.Account {
		a := plain(code, name, kind)
		a.Control = true
		return a
	}
	share := plain("50901", "Hak Pihak Ketiga", ledger.Income)
	share.Normal = ledger.DebitSide
	return ledger.Chart{
		plain("10102", "Kas Teller", ledger.Asset),
		plain("10201", "Giro pada Bank Syariah", ledger.Asset),
		control("11101", "Piutang Murabahah", ledger.Asset),
		control("20101", "Simpanan Wadiah", ledger.Liability),
		control("30101", "Simpanan Mudharabah", ledger.Syirkah),
		control("40101", "Simpanan Pokok", ledger.Equity),
		control("40102", "Simpanan Wajib", ledger.Equity),
		plain("50202", "Pendapatan Administrasi Simpanan", ledger.Income),
		share,
	}
}

func newBook(t testing.TB) *ledger.Book {
	t.Helper()
	book, err := ledger.Create(ctx, ledger.NewMemory(), ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Clock: fixedClock(), Chart: chart()})
	require.NoError(t, err)
	return book
}

func products() []savings.ProductOpening {
	from := day(time.January, 1)
	return []savings.ProductOpening{
		{Key: "P1", Code: "POKOK", Akad: savings.Pokok, Control: "40101", Terms: savings.Terms{From: from, Name: "Simpanan Pokok", MinOpening: rupiah(100_000), Locked: true}},
		{Key: "P2", Code: "WAJIB", Akad: savings.Wajib, Control: "40102", Terms: savings.Terms{From: from, Name: "Simpanan Wajib"}},
		{Key: "P3", Code: "SIWA", Akad: savings.Wadiah, Control: "20101",
			Terms: savings.Terms{From: from, Name: "Simpanan Wadiah", MinOpening: rupiah(10_000), MinBalance: rupiah(10_000)}},
		{Key: "P4", Code: "SIMUDA", Akad: savings.Mudharabah, Control: "30101",
			Terms: savings.Terms{From: from, Name: "Simpanan Mudharabah", MinOpening: rupiah(20_000), MinBalance: rupiah(10_000),
				Nisbah: decimal.RequireFromString("0.40"), ShareAccount: "50901"}},
	}
}

// newDesk returns a desk with the four products and the members M1 and M2, who
// joined on 5 January. Every book ends with Check finding nothing.
func newDesk(t testing.TB) (*ledger.Book, *savings.Desk) {
	t.Helper()
	book := newBook(t)
	desk := savings.NewDesk(book)
	for _, p := range products() {
		_, err := desk.AddProduct(ctx, p)
		require.NoError(t, err)
	}
	for _, member := range []string{"M1", "M2"} {
		_, err := desk.Join(ctx, savings.Joining{Key: "J/" + member, Date: day(time.January, 5), Member: member})
		require.NoError(t, err)
	}
	t.Cleanup(func() { requireSound(t, book) })
	return book, desk
}

func requireSound(t testing.TB, book *ledger.Book) {
	t.Helper()
	for finding, err := range book.Check(ctx, savings.Checks()...) {
		require.NoError(t, err)
		t.Error(finding)
	}
}

// opens opens member-product accounts on 10 January.
func opens(t testing.TB, desk *savings.Desk, member string, codes ...string) {
	t.Helper()
	for _, code := range codes {
		_, err := desk.Open(ctx, savings.Opening{Key: "O/" + member + "-" + code, Date: day(time.January, 10), Account: member + "-" + code, Member: member, Product: code})
		require.NoError(t, err)
	}
}

func paysIn(t testing.TB, desk *savings.Desk, key, account string, on ledger.Date, amount int64) ledger.Posted {
	t.Helper()
	r, err := desk.Deposit(ctx, savings.Deposit{Key: key, Date: on, Account: account, Amount: rupiah(amount), Counter: teller})
	require.NoError(t, err)
	return r.Posted
}

func requireBalance(t testing.TB, desk *savings.Desk, account string, want int64) {
	t.Helper()
	got, err := desk.Balance(ctx, account, day(time.December, 31))
	require.NoError(t, err)
	require.Equal(t, rupiah(want), got, account)
}

// refused requires a refusal of a kind with a code.
func refused(t testing.TB, err, kind error, code string) *savings.Refusal {
	t.Helper()
	require.ErrorIs(t, err, kind)
	var r *savings.Refusal
	require.ErrorAs(t, err, &r)
	require.Equal(t, code, r.Code)
	return r
}

// The journals of the domain notes, by their numbers, account by account.
func TestJournals(t *testing.T) {
	_, desk := newDesk(t)
	opens(t, desk, "M1", "POKOK", "WAJIB", "SIWA", "SIMUDA")
	opens(t, desk, "M2", "SIWA")
	on := day(time.February, 2)
	dep := func(account string, amount int64) func(key string) (ledger.Posted, error) {
		return func(key string) (ledger.Posted, error) {
			r, err := desk.Deposit(ctx, savings.Deposit{Key: key, Date: on, Account: account, Amount: rupiah(amount), Counter: teller})
			return r.Posted, err
		}
	}
	with := func(account string, amount int64) func(key string) (ledger.Posted, error) {
		return func(key string) (ledger.Posted, error) {
			r, err := desk.Withdraw(ctx, savings.Withdrawal{Key: key, Date: on, Account: account, Amount: rupiah(amount), Counter: teller})
			return r.Posted, err
		}
	}
	move := func(from, to string, amount int64) func(key string) (ledger.Posted, error) {
		return func(key string) (ledger.Posted, error) {
			r, err := desk.Transfer(ctx, savings.Transfer{Key: key, Date: on, From: from, To: to, Amount: rupiah(amount)})
			return r.Posted, err
		}
	}
	m1, m2 := ledger.Party{Member: "M1", Standing: ledger.Member}, ledger.Party{Member: "M2", Standing: ledger.Member}
	for _, test := range []struct {
		name  string
		do    func(key string) (ledger.Posted, error)
		memo  string
		lines []ledger.Line
	}{
		{"S2 pokok on joining", dep("M1-POKOK", 100_000), "Setoran M1-POKOK", []ledger.Line{
			ledger.Debit("10102", rupiah(100_000)), ledger.Credit("40101", rupiah(100_000)).For("M1-POKOK").With(m1)}},
		{"S3 wajib in cash", dep("M1-WAJIB", 25_000), "Setoran M1-WAJIB", []ledger.Line{
			ledger.Debit("10102", rupiah(25_000)), ledger.Credit("40102", rupiah(25_000)).For("M1-WAJIB").With(m1)}},
		{"S6 wadiah deposit", dep("M1-SIWA", 500_000), "Setoran M1-SIWA", []ledger.Line{
			ledger.Debit("10102", rupiah(500_000)), ledger.Credit("20101", rupiah(500_000)).For("M1-SIWA").With(m1)}},
		{"S3 wajib from savings", move("M1-SIWA", "M1-WAJIB", 25_000), "Pindah buku M1-SIWA ke M1-WAJIB", []ledger.Line{
			ledger.Debit("20101", rupiah(25_000)).For("M1-SIWA").With(m1), ledger.Credit("40102", rupiah(25_000)).For("M1-WAJIB").With(m1)}},
		{"S7 wadiah withdrawal", with("M1-SIWA", 75_000), "Penarikan M1-SIWA", []ledger.Line{
			ledger.Debit("20101", rupiah(75_000)).For("M1-SIWA").With(m1), ledger.Credit("10102", rupiah(75_000))}},
		{"S8 mudharabah deposit", dep("M1-SIMUDA", 300_000), "Setoran M1-SIMUDA", []ledger.Line{
			ledger.Debit("10102", rupiah(300_000)), ledger.Credit("30101", rupiah(300_000)).For("M1-SIMUDA").With(m1)}},
		{"S8 mudharabah withdrawal", with("M1-SIMUDA", 100_000), "Penarikan M1-SIMUDA", []ledger.Line{
			ledger.Debit("30101", rupiah(100_000)).For("M1-SIMUDA").With(m1), ledger.Credit("10102", rupiah(100_000))}},
		{"S11 transfer between members", move("M1-SIWA", "M2-SIWA", 50_000), "Pindah buku M1-SIWA ke M2-SIWA", []ledger.Line{
			ledger.Debit("20101", rupiah(50_000)).For("M1-SIWA").With(m1), ledger.Credit("20101", rupiah(50_000)).For("M2-SIWA").With(m2)}},
		{"S24 closed, fee, remainder paid", func(key string) (ledger.Posted, error) {
			r, err := desk.Close(ctx, savings.Closing{Key: key, Date: on, Account: "M1-SIWA", Counter: teller, Fee: rupiah(5_000), FeeAccount: "50202"})
			require.Equal(t, rupiah(345_000), r.Paid)
			require.Equal(t, savings.Closed, r.Account.Status)
			return r.Posted, err
		}, "Penutupan M1-SIWA", []ledger.Line{
			ledger.Debit("20101", rupiah(350_000)).For("M1-SIWA").With(m1),
			ledger.Credit("50202", rupiah(5_000)).With(m1), ledger.Credit("10102", rupiah(345_000))}},
	} {
		t.Run(test.name, func(t *testing.T) {
			posted, err := test.do("T/" + test.name)
			require.NoError(t, err)
			require.Equal(t, test.lines, posted.Lines)
			require.Equal(t, test.memo, posted.Memo)
			require.Equal(t, on, posted.Date)
		})
	}
	requireBalance(t, desk, "M1-SIWA", 0)
	requireBalance(t, desk, "M1-WAJIB", 50_000)
	requireBalance(t, desk, "M2-SIWA", 50_000)
}

// Every status meets every command.
func TestStatusAndCommand(t *testing.T) {
	on := day(time.March, 1)
	reach := map[savings.Status]func(t *testing.T, desk *savings.Desk){
		savings.Unopened: func(*testing.T, *savings.Desk) {},
		savings.Opened:   func(t *testing.T, desk *savings.Desk) { opens(t, desk, "M1", "SIMUDA") },
		savings.Active: func(t *testing.T, desk *savings.Desk) {
			opens(t, desk, "M1", "SIMUDA")
			paysIn(t, desk, "T1", "M1-SIMUDA", day(time.February, 1), 100_000)
		},
		savings.Closed: func(t *testing.T, desk *savings.Desk) {
			opens(t, desk, "M1", "SIMUDA")
			_, err := desk.Close(ctx, savings.Closing{Key: "T1", Date: day(time.February, 1), Account: "M1-SIMUDA", Counter: teller})
			require.NoError(t, err)
		},
	}
	commands := map[string]func(desk *savings.Desk) error{
		"open": func(d *savings.Desk) error {
			_, err := d.Open(ctx, savings.Opening{Key: "X", Date: on, Account: "M1-SIMUDA", Member: "M1", Product: "SIMUDA"})
			return err
		},
		"adopt": func(d *savings.Desk) error {
			_, err := d.Adopt(ctx, savings.Opening{Key: "X", Date: on, Account: "M1-SIMUDA", Member: "M1", Product: "SIMUDA"})
			return err
		},
		"deposit": func(d *savings.Desk) error {
			_, err := d.Deposit(ctx, savings.Deposit{Key: "X", Date: on, Account: "M1-SIMUDA", Amount: rupiah(20_000), Counter: teller})
			return err
		},
		"small deposit": func(d *savings.Desk) error {
			_, err := d.Deposit(ctx, savings.Deposit{Key: "X", Date: on, Account: "M1-SIMUDA", Amount: rupiah(19_999), Counter: teller})
			return err
		},
		"withdraw": func(d *savings.Desk) error {
			_, err := d.Withdraw(ctx, savings.Withdrawal{Key: "X", Date: on, Account: "M1-SIMUDA", Amount: rupiah(1_000), Counter: teller})
			return err
		},
		"transfer out": func(d *savings.Desk) error {
			_, err := d.Transfer(ctx, savings.Transfer{Key: "X", Date: on, From: "M1-SIMUDA", To: "M2-SIWA", Amount: rupiah(20_000)})
			return err
		},
		"transfer in": func(d *savings.Desk) error {
			_, err := d.Transfer(ctx, savings.Transfer{Key: "X", Date: on, From: "M2-SIWA", To: "M1-SIMUDA", Amount: rupiah(20_000)})
			return err
		},
		"small transfer in": func(d *savings.Desk) error {
			_, err := d.Transfer(ctx, savings.Transfer{Key: "X", Date: on, From: "M2-SIWA", To: "M1-SIMUDA", Amount: rupiah(19_999)})
			return err
		},
		"close": func(d *savings.Desk) error {
			_, err := d.Close(ctx, savings.Closing{Key: "X", Date: on, Account: "M1-SIMUDA", Counter: teller})
			return err
		},
	}
	allowed := map[savings.Status]map[string]error{
		savings.Unopened: {"open": nil, "adopt": nil},
		savings.Opened: {"open": savings.ErrState, "adopt": savings.ErrState, "deposit": nil, "small deposit": savings.ErrMinOpening,
			"withdraw": savings.ErrMinBalance, "transfer out": savings.ErrMinBalance, "transfer in": nil,
			"small transfer in": savings.ErrMinOpening, "close": nil},
		savings.Active: {"open": savings.ErrState, "adopt": savings.ErrState, "deposit": nil, "small deposit": nil, "withdraw": nil,
			"transfer out": nil, "transfer in": nil, "small transfer in": nil, "close": nil},
		savings.Closed: {},
	}
	for _, status := range savings.Statuses() {
		for name, command := range commands {
			t.Run(fmt.Sprintf("%q %s", status, name), func(t *testing.T) {
				book, desk := newDesk(t)
				opens(t, desk, "M2", "SIWA")
				paysIn(t, desk, "T0", "M2-SIWA", day(time.February, 1), 500_000)
				reach[status](t, desk)
				before, err := book.Head(ctx)
				require.NoError(t, err)

				want, listed := allowed[status][name]
				switch {
				case !listed && status == savings.Unopened:
					want = savings.ErrUnknown
				case !listed:
					want = savings.ErrState
				}
				err = command(desk)
				after, headErr := book.Head(ctx)
				require.NoError(t, headErr)
				if want == nil {
					require.NoError(t, err)
					require.NotEqual(t, before.Change, after.Change)
					return
				}
				require.ErrorIs(t, err, want)
				var r *savings.Refusal
				require.ErrorAs(t, err, &r)
				require.Equal(t, before, after, "a refused command changes nothing")
			})
		}
	}
}
