package savings_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// A deposit through the desk, to be read against the bare post of its entry.
func BenchmarkDeposit(b *testing.B) {
	on := day(time.February, 1)
	b.Run("bare post", func(b *testing.B) {
		book, desk := newDesk(b)
		opens(b, desk, "M1", "WAJIB")
		n := 0
		b.ReportAllocs()
		for b.Loop() {
			n++
			_, err := book.Post(ctx, ledger.Entry{Key: "T/" + strconv.Itoa(n), Date: on, Memo: "Setoran tunai", Lines: []ledger.Line{
				ledger.Debit("10102", rupiah(100)),
				ledger.Credit("40102", rupiah(100)).For("M1-WAJIB").With(ledger.Party{Member: "M1", Standing: ledger.Member}),
			}})
			if err != nil {
				b.Fatal(err)
			}
		}
		b.StopTimer()
	})
	b.Run("desk", func(b *testing.B) {
		_, desk := newDesk(b)
		opens(b, desk, "M1", "WAJIB")
		n := 0
		b.ReportAllocs()
		for b.Loop() {
			n++
			_, err := desk.Deposit(ctx, savings.Deposit{Key: "T/" + strconv.Itoa(n), Date: on, Account: "M1-WAJIB", Amount: rupiah(100), Counter: teller, Memo: "Setoran tunai"})
			if err != nil {
				b.Fatal(err)
			}
		}
		b.StopTimer()
	})
}

// Opening 100,000 accounts, a thousand in each Update.
func BenchmarkOpen100000(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		book := newBook(b)
		desk := savings.NewDesk(book)
		_, err := desk.AddProduct(ctx, products()[3])
		require.NoError(b, err)
		_, err = desk.Join(ctx, savings.Joining{Key: "J", Date: day(time.January, 5), Member: "M1"})
		require.NoError(b, err)
		for from := 0; from < 100_000; from += 1000 {
			err := book.Update(ctx, func(tx *ledger.Tx) error {
				for n := from; n < from+1000; n++ {
					id := "A" + strconv.Itoa(n)
					if _, err := desk.OpenTx(tx, savings.Opening{Key: "O/" + id, Date: day(time.January, 10), Account: id, Member: "M1", Product: "SIMUDA"}); err != nil {
						return err
					}
				}
				return nil
			})
			require.NoError(b, err)
		}
	}
}
