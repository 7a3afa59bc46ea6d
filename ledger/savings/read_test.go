package savings_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

func TestPassbook(t *testing.T) {
	_, desk := newDesk(t)
	opens(t, desk, "M1", "SIWA")
	empty, err := desk.Passbook(ctx, savings.PassbookQuery{Account: "M1-SIWA"})
	require.NoError(t, err)
	require.Empty(t, empty.Lines)
	paysIn(t, desk, "D1", "M1-SIWA", day(time.February, 1), 10_000)
	_, err = desk.Passbook(ctx, savings.PassbookQuery{Account: "M1-X"})
	refused(t, err, savings.ErrUnknown, "account.unknown")
}

func TestPassbookPages(t *testing.T) {
	_, desk := newDesk(t)
	opens(t, desk, "M1", "WAJIB")
	// Three a day, the last days first: posted out of order, printed by date.
	for d := 9; d >= 1; d-- {
		for n := range 3 {
			paysIn(t, desk, fmt.Sprintf("D%d/%d", d, n), "M1-WAJIB", day(time.February, d), int64(100*d+n))
		}
	}
	_, err := desk.Withdraw(ctx, savings.Withdrawal{Key: "W", Date: day(time.February, 5), Account: "M1-WAJIB", Amount: rupiah(150), Counter: teller})
	require.NoError(t, err)
	whole, err := desk.Passbook(ctx, savings.PassbookQuery{Account: "M1-WAJIB"})
	require.NoError(t, err)
	require.Len(t, whole.Lines, 28)
	require.True(t, whole.Brought.IsZero())
	require.False(t, whole.More)
	var balance ledger.Money
	for _, line := range whole.Lines {
		balance = balance.Add(line.In)
		require.Equal(t, balance, line.Balance)
	}
	requireBalance(t, desk, "M1-WAJIB", 3*4500+27-150)
	require.Equal(t, rupiah(3*4500+27-150), whole.Carried)

	for size := 1; size <= 29; size++ {
		var lines []savings.PassbookLine
		query := savings.PassbookQuery{Account: "M1-WAJIB", Lines: size}
		for {
			page, err := desk.Passbook(ctx, query)
			require.NoError(t, err)
			if n := len(lines); n > 0 {
				require.Equal(t, lines[n-1].Balance, page.Brought)
			}
			lines = append(lines, page.Lines...)
			query.After = page.Next
			if !page.More {
				break
			}
		}
		require.Equal(t, whole.Lines, lines, "pages of %d", size)
	}
	from, err := desk.Passbook(ctx, savings.PassbookQuery{Account: "M1-WAJIB", From: day(time.February, 4)})
	require.NoError(t, err)
	require.Equal(t, whole.Lines[9:], from.Lines)
	require.Equal(t, whole.Lines[8].Balance, from.Brought)
	for _, size := range []int{-1, savings.MaxPassbookLines + 1} {
		_, err = desk.Passbook(ctx, savings.PassbookQuery{Account: "M1-WAJIB", Lines: size})
		refused(t, err, savings.ErrCommand, "passbook.lines")
	}
}

// An entry dated before the end of a printed page changes what the next page
// would begin with: it is not printed as if nothing were.
func TestPassbookMark(t *testing.T) {
	_, desk := newDesk(t)
	opens(t, desk, "M1", "WAJIB")
	for d := 1; d <= 4; d++ {
		paysIn(t, desk, fmt.Sprintf("D%d", d), "M1-WAJIB", day(time.February, 2*d), 1_000)
	}
	page, err := desk.Passbook(ctx, savings.PassbookQuery{Account: "M1-WAJIB", Lines: 2})
	require.NoError(t, err)
	require.Equal(t, rupiah(2_000), page.Next.Balance)
	next := savings.PassbookQuery{Account: "M1-WAJIB", After: page.Next}
	paysIn(t, desk, "D5", "M1-WAJIB", day(time.February, 4), 500) // on the mark's own day, but behind it
	second, err := desk.Passbook(ctx, next)
	require.NoError(t, err)
	require.Len(t, second.Lines, 3)
	paysIn(t, desk, "D6", "M1-WAJIB", day(time.February, 3), 700)
	_, err = desk.Passbook(ctx, next)
	r := refused(t, err, savings.ErrMark, "passbook.mark")
	require.EqualError(t, r, "savings: account M1-WAJIB: an entry was dated before the end of the page: 2000.00 against 2700.00")
	next.After = second.Next
	_, err = desk.Passbook(ctx, next)
	refused(t, err, savings.ErrMark, "passbook.mark")
	again, err := desk.Passbook(ctx, savings.PassbookQuery{Account: "M1-WAJIB", From: day(time.February, 3)})
	require.NoError(t, err)
	require.Len(t, again.Lines, 5)
}

func TestEarnings(t *testing.T) {
	book, desk := newDesk(t)
	opens(t, desk, "M1", "SIWA", "SIMUDA") // the wadiah account shares nothing
	open := func(account, payTo string, on ledger.Date) {
		_, err := desk.Open(ctx, savings.Opening{Key: "O/" + account, Date: on, Account: account, Member: "M1", Product: "SIMUDA", PayTo: payTo})
		require.NoError(t, err)
	}
	closes := func(account, payTo string, on ledger.Date) {
		_, err := desk.Close(ctx, savings.Closing{Key: "C/" + account, Date: on, Account: account, Counter: teller, PayTo: payTo})
		require.NoError(t, err)
	}
	open("A", "M1-SIWA", day(time.January, 10))
	open("B", "", day(time.January, 10))
	open("C", "", day(time.March, 1))
	open("D", "A", day(time.January, 10))
	open("E", "", day(time.January, 10))
	open("F", "F", day(time.January, 10))
	closes("E", "", day(time.January, 31))          // before the period
	closes("B", "", day(time.February, 3))          // within: owed, but nowhere to go
	closes("A", "M1-SIMUDA", day(time.February, 3)) // within: to another; D falls back on itself
	terms := products()[3].Terms
	change := func(key string, from ledger.Date, nisbah string, minimum int64) {
		terms.From, terms.Nisbah, terms.MinBalance = from, decimal.RequireFromString(nisbah), rupiah(minimum)
		_, err := desk.ChangeProduct(ctx, savings.ProductChange{Key: key, Code: "SIMUDA", Terms: terms})
		require.NoError(t, err)
	}
	change("N1", day(time.February, 10), "0.4", 20_000) // same nisbah: no new slice
	change("N2", day(time.February, 15), "0.45", 20_000)
	change("N3", day(time.April, 1), "0.5", 20_000)

	list := func(from, through ledger.Date) []string {
		var got []string
		require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
			for e, err := range savings.Earnings(tx, from, through) {
				if err != nil {
					return err
				}
				var slices []string
				for _, s := range e.Slices {
					slices = append(slices, fmt.Sprintf("%s..%s %s %s", s.From, s.Through, s.Nisbah, s.ShareAccount))
				}
				got = append(got, fmt.Sprintf("%s %s %s -> %s/%s", e.Account, e.Control, e.Party.Member, e.PayControl, e.PayTo))
				require.Equal(t, "SIMUDA", e.Product)
				if len(got) == 1 {
					got = append(slices, got...)
				}
			}
			return nil
		}))
		return got
	}
	require.Equal(t, []string{
		"2026-02-01..2026-02-14 0.4 50901", "2026-02-15..2026-02-28 0.45 50901",
		"A 30101 M1 -> 30101/M1-SIMUDA", "B 30101 M1 -> /", "D 30101 M1 -> 30101/D", "F 30101 M1 -> 30101/F",
		"M1-SIMUDA 30101 M1 -> 30101/M1-SIMUDA",
	}, list(day(time.February, 1), day(time.February, 28)))
	require.Equal(t, "2026-03-01..2026-03-31 0.45 50901", list(day(time.March, 1), day(time.March, 31))[0])
	require.Equal(t, "2026-04-01..2026-04-30 0.5 50901", list(day(time.April, 1), day(time.April, 30))[0])
	require.Equal(t, "2026-01-01..2026-01-31 0.4 50901", list(ledger.On(2025, time.December, 1), day(time.January, 31))[0])
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		for _, err := range savings.Earnings(tx, day(time.February, 2), day(time.February, 1)) {
			refused(t, err, savings.ErrDate, "earnings.period")
		}
		return nil
	}))
}

// What passes by the desk is found.
func TestChecksFind(t *testing.T) {
	findings := func(book *ledger.Book) string {
		var all []string
		for finding, err := range book.Check(ctx, savings.Checks()...) {
			require.NoError(t, err)
			all = append(all, finding.String())
		}
		return strings.Join(all, "\n")
	}
	setUp := func() (*ledger.Book, *savings.Desk) {
		book := newBook(t)
		desk := savings.NewDesk(book)
		for _, p := range products() {
			_, err := desk.AddProduct(ctx, p)
			require.NoError(t, err)
		}
		_, err := desk.Join(ctx, savings.Joining{Key: "J/M1", Date: day(time.January, 5), Member: "M1"})
		require.NoError(t, err)
		opens(t, desk, "M1", "SIWA")
		return book, desk
	}
	t.Run("a sub without an account, below zero", func(t *testing.T) {
		book, _ := setUp()
		below := ledger.Entry{Key: "X", Date: day(time.February, 1), Lines: []ledger.Line{
			ledger.Debit("20101", rupiah(5)).For("stray"), ledger.Credit("10102", rupiah(5))}}
		_, err := book.Post(ctx, below)
		require.ErrorIs(t, err, ledger.ErrFloor, "the control account has a floor")
		require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
			_, err := tx.Import(below)
			return err
		}))
		_, err = book.Post(ctx, ledger.Entry{Key: "Y", Date: day(time.February, 2), Lines: []ledger.Line{
			ledger.Credit("20101", rupiah(5)).For("stray"), ledger.Debit("10102", rupiah(5))}})
		require.NoError(t, err)
		require.Equal(t, "savings.subs: account 20101/stray: the sub with a balance of 0.00 belongs to no savings account\n"+
			"savings.balances: account 20101/stray: the balance at the end of 2026-02-01 is below zero: -5.00", findings(book))
	})
	t.Run("a record that its events do not give", func(t *testing.T) {
		book, _ := setUp()
		require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
			r, _, err := tx.Record(savings.KindAccount, "M1-SIWA")
			require.NoError(t, err)
			_, err = tx.Save(ledger.Record{Key: "X", Kind: r.Kind, ID: r.ID, Version: 2, Event: "open", Data: r.Data, Format: r.Format,
				State: []byte(strings.Replace(string(r.State), `"member":"M1"`, `"member":"M9"`, 1))})
			return err
		}))
		got := findings(book)
		require.Contains(t, got, "savings.replay: savings.account M1-SIWA, version 2: replayed")
		require.Contains(t, got, "savings.accounts: account 20101/M1-SIWA: member M9 is missing")
		require.Contains(t, got, "savings.accounts: account 20101/M1-SIWA: the account is member M9's, the sub's holder is M1")
	})
	t.Run("a later form", func(t *testing.T) {
		book, desk := setUp()
		require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
			_, err := tx.Save(ledger.Record{Key: "X", Kind: savings.KindAccount, ID: "M1-SIWA", Version: 2, Event: "open", Format: 99, State: []byte("{}")})
			return err
		}))
		_, err := desk.Balance(ctx, "M1-SIWA", day(time.February, 1))
		require.ErrorIs(t, err, savings.ErrFormat)
	})
}

// Random movements against a tiny model: a list of dated amounts for each
// account. The desk takes exactly what the model takes.
func TestAgainstModel(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for range 20 {
		_, desk := newDesk(t)
		accounts := []string{"M1-SIWA", "M1-SIMUDA", "M2-SIWA", "M2-SIMUDA"}
		for _, member := range []string{"M1", "M2"} {
			opens(t, desk, member, "SIWA", "SIMUDA")
		}
		model := make(map[string]*modelAccount)
		for _, id := range accounts {
			model[id] = &modelAccount{least: 10_000, opening: 10_000}
			if strings.HasSuffix(id, "SIMUDA") {
				model[id].opening = 20_000
			}
		}
		for n := range 120 {
			key, on := fmt.Sprintf("K%d", n), day(time.February, 1+random.IntN(28))
			from, to := accounts[random.IntN(4)], accounts[random.IntN(4)]
			amount := int64(1_000 * (random.IntN(40)))
			var err error
			var want bool
			switch random.IntN(3) {
			case 0:
				_, err = desk.Deposit(ctx, savings.Deposit{Key: key, Date: on, Account: to, Amount: rupiah(amount), Counter: teller})
				want = model[to].takes(amount)
				if want {
					model[to].put(on.Day(), amount)
				}
			case 1:
				_, err = desk.Withdraw(ctx, savings.Withdrawal{Key: key, Date: on, Account: from, Amount: rupiah(amount), Counter: teller})
				want = model[from].gives(on.Day(), amount)
				if want {
					model[from].days[on.Day()] -= amount
				}
			case 2:
				_, err = desk.Transfer(ctx, savings.Transfer{Key: key, Date: on, From: from, To: to, Amount: rupiah(amount)})
				want = from != to && model[to].takes(amount) && model[from].gives(on.Day(), amount)
				if want {
					model[from].days[on.Day()] -= amount
					model[to].put(on.Day(), amount)
				}
			}
			require.Equal(t, want, err == nil, "seed %d, step %d: %v", seed, n, err)
		}
		for _, id := range accounts {
			for d := range 29 {
				got, err := desk.Balance(ctx, id, day(time.February, max(d, 1)))
				require.NoError(t, err)
				require.Equal(t, rupiah(model[id].balance(max(d, 1))), got, "seed %d, %s on day %d", seed, id, d)
			}
		}
	}
}

type modelAccount struct {
	days           [32]int64 // the movement of each day
	funded         bool
	least, opening int64
}

func (m *modelAccount) balance(day int) int64 {
	var sum int64
	for d := 0; d <= day; d++ {
		sum += m.days[d]
	}
	return sum
}

func (m *modelAccount) takes(amount int64) bool {
	return amount > 0 && (m.funded || amount >= m.opening)
}

func (m *modelAccount) put(day int, amount int64) {
	m.days[day] += amount
	m.funded = true
}

func (m *modelAccount) gives(day int, amount int64) bool {
	for d := day; d <= 28; d++ {
		if m.balance(d)-amount < m.least {
			return false
		}
	}
	return amount > 0
}
