package savings_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// What the desk does many times over, each to be read against as many bare
// posts, a thousand or all in one Update as the desk's own.

// benchPosts posts n deposits past the desk, chunk in each Update.
func benchPosts(b *testing.B, book *ledger.Book, control string, n, chunk int, account func(int) string) {
	entries := make([]ledger.Entry, 0, chunk)
	for from := 0; from < n; from += chunk {
		entries = entries[:0]
		for i := from; i < min(from+chunk, n); i++ {
			entries = append(entries, ledger.Entry{Key: "T/" + strconv.Itoa(i), Date: day(time.February, 1), Memo: "Setoran tunai", Lines: []ledger.Line{
				ledger.Debit("10102", rupiah(100_000)),
				ledger.Credit(control, rupiah(100_000)).For(account(i)).With(ledger.Party{Member: "M1", Standing: ledger.Member}),
			}})
		}
		_, err := book.PostAll(ctx, entries)
		require.NoError(b, err)
	}
}

func own(n int) string { return "A" + strconv.Itoa(n) }

// opensMany opens n accounts of M1, a thousand in each Update.
func opensMany(b *testing.B, book *ledger.Book, desk *savings.Desk, product string, n int, agreed func(int) *savings.TermAgreed) {
	for from := 0; from < n; from += 1000 {
		require.NoError(b, book.Update(ctx, func(tx *ledger.Tx) error {
			for i := from; i < min(from+1000, n); i++ {
				_, err := desk.OpenTx(tx, savings.Opening{Key: "O/" + own(i), Date: day(time.January, 10), Account: own(i), Member: "M1", Product: product, Term: agreed(i)})
				if err != nil {
					return err
				}
			}
			return nil
		}))
	}
}

func noTerm(int) *savings.TermAgreed { return nil }

// benchDesk is a desk without a check at the end.
func benchDesk(b *testing.B, add ...savings.ProductOpening) (*ledger.Book, *savings.Desk) {
	book, err := ledger.Create(ctx, ledger.NewMemory(), ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Clock: fixedClock(), Chart: ledger.StandardChart()})
	require.NoError(b, err)
	desk := savings.NewDesk(book)
	for _, p := range append(products(), add...) {
		_, err := desk.AddProduct(ctx, p)
		require.NoError(b, err)
	}
	_, err = desk.Join(ctx, savings.Joining{Key: "J", Date: day(time.January, 5), Member: "M1"})
	require.NoError(b, err)
	return book, desk
}

// Opening 100,000 accounts; as many first posts on as many subs for comparison.
func BenchmarkOpen100000(b *testing.B) {
	const n = 100_000
	b.Run("bare posts", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			book, _ := benchDesk(b)
			benchPosts(b, book, "30101", n, 1000, own)
		}
	})
	b.Run("desk", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			book, desk := benchDesk(b)
			opensMany(b, book, desk, "SIMUDA", n, noTerm)
		}
	})
}

// A payroll file of 5,000 lines, half of them dues, by member and product, into
// accounts that have had deposits before.
func BenchmarkDepositAll5000(b *testing.B) {
	const n = 5_000
	members := func(b *testing.B) (*ledger.Book, *savings.Desk) {
		book, desk := benchDesk(b)
		require.NoError(b, book.Update(ctx, func(tx *ledger.Tx) error {
			for i := range n / 2 {
				m := "N" + strconv.Itoa(i)
				if _, err := desk.JoinTx(tx, savings.Joining{Key: "J/" + m, Date: day(time.January, 5), Member: m}); err != nil {
					return err
				}
				for _, product := range []string{"WAJIB", "SIMUDA"} {
					id := m + "-" + product
					if _, err := desk.OpenTx(tx, savings.Opening{Key: "O/" + id, Date: day(time.January, 10), Account: id, Member: m, Product: product}); err != nil {
						return err
					}
					if _, err := desk.DepositTx(tx, savings.Deposit{Key: "D/" + id, Date: day(time.January, 11), Account: id, Amount: rupiah(100_000), Counter: teller}); err != nil {
						return err
					}
				}
			}
			return nil
		}))
		return book, desk
	}
	b.Run("bare posts", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			b.StopTimer()
			book, _ := members(b)
			b.StartTimer()
			benchPosts(b, book, "30101", n, n, func(i int) string { return "N" + strconv.Itoa(i/2) + "-SIMUDA" })
		}
	})
	b.Run("desk", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			b.StopTimer()
			_, desk := members(b)
			list := savings.BulkDeposit{Date: day(time.February, 1), Counter: savings.Place{Account: "10201"}, Memo: "Potongan gaji"}
			for i := range n {
				product := [...]string{"wajib", "SIMUDA"}[i%2]
				list.List.Lines = append(list.List.Lines, savings.BulkLine{Key: "G/" + strconv.Itoa(i), Member: "N" + strconv.Itoa(i/2), Product: product, Amount: rupiah(100_000)})
			}
			b.StartTimer()
			result, err := desk.DepositAll(ctx, list)
			require.NoError(b, err)
			require.Len(b, result.Receipts, n)
		}
	})
}

// The day's end with 100,000 accounts, a tenth of them time savings of which
// 1,000 mature on the day; 1,000 bare posts for comparison.
func BenchmarkEndDay100000(b *testing.B) {
	const n, terms, due = 100_000, 10_000, 1_000
	sijaka := savings.ProductOpening{Key: "P5", Code: "SIJAKA", Akad: savings.Berjangka, Control: "30202", Terms: savings.Terms{
		From: day(time.January, 1), Nisbah: ratio("0.45"), ShareAccount: "50902", Tenors: []int{1, 12}, MaturedAccount: "20205"}}
	ready := func(b *testing.B) (*ledger.Book, *savings.Desk) {
		book, desk := benchDesk(b, sijaka)
		opensMany(b, book, desk, "SIJAKA", terms, func(i int) *savings.TermAgreed {
			months := 12
			if i < due {
				months = 1
			}
			return &savings.TermAgreed{Certificate: "B-" + strconv.Itoa(i), Months: months, Rollover: savings.NoRollover, Payout: savings.AtMonthEnd}
		})
		require.NoError(b, book.Update(ctx, func(tx *ledger.Tx) error {
			for i := range terms {
				_, err := desk.DepositTx(tx, savings.Deposit{Key: "D/" + own(i), Date: day(time.January, 11), Account: own(i), Amount: rupiah(1_000_000), Counter: teller})
				if err != nil {
					return err
				}
			}
			for i := terms; i < n; i++ {
				_, err := desk.OpenTx(tx, savings.Opening{Key: "O/" + own(i), Date: day(time.January, 10), Account: own(i), Member: "M1", Product: "SIMUDA"})
				if err != nil {
					return err
				}
			}
			return nil
		}))
		return book, desk
	}
	b.Run("bare posts", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			b.StopTimer()
			book, _ := ready(b)
			b.StartTimer()
			benchPosts(b, book, "30101", due, due, func(i int) string { return own(terms + i) })
		}
	})
	for _, test := range []struct {
		name string
		on   ledger.Date
		due  int
	}{{"desk, none mature", day(time.February, 10), 0}, {"desk, 1000 mature", day(time.February, 11), due}} {
		b.Run(test.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				_, desk := ready(b)
				b.StartTimer()
				done, err := desk.EndDay(ctx, savings.DayEnd{Key: "E", Day: test.on, By: "sistem"})
				require.NoError(b, err)
				require.Equal(b, test.due, done.Matured)
			}
		})
	}
}
