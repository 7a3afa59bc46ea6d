package savings_test

import (
	"strconv"
	"testing"
	"time"

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
