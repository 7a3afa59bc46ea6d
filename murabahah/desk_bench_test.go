package murabahah_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// A payment through the desk, to be read against the bare post of its entry.
func BenchmarkPay(b *testing.B) {
	// large is a contract that a benchmark does not pay off.
	large := func(method murabahah.Method, instalments int) murabahah.Terms {
		terms := benchTerms(instalments, method)
		terms.Contract, terms.DownPayment, terms.Recognition.Step = "MRB-1", none, rupiah
		terms.Cost, terms.Margin = ledger.IDR.Of(20_000_000_000), ledger.IDR.Of(4_000_000_000)
		return terms
	}
	started := func(b *testing.B, terms murabahah.Terms) (*ledger.Book, *murabahah.Desk) {
		book := newLedger(b, ledger.NewMemory())
		desk := murabahah.NewDesk(book, accounts)
		does(b, desk, order("O", terms), acquire("A", 20_000_000_000), sell("S"))
		return book, desk
	}
	b.Run("bare post", func(b *testing.B) {
		book, desk := started(b, large(murabahah.Proportional, 12))
		entry := does(b, desk, pay("first", 100)).Posted.Entry
		entry.Source = ledger.Source{}
		n := 0
		b.ReportAllocs()
		for b.Loop() {
			n++
			entry.Key = strconv.Itoa(n)
			if _, err := book.Post(ctx, entry); err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, size := range []struct {
		method      murabahah.Method
		instalments int
	}{{murabahah.Proportional, 12}, {murabahah.Annuity, 12}, {murabahah.Annuity, 60}, {murabahah.Annuity, murabahah.MaxInstalments}} {
		b.Run(string(size.method)+"/"+strconv.Itoa(size.instalments), func(b *testing.B) {
			_, desk := started(b, large(size.method, size.instalments))
			n := 0
			b.ReportAllocs()
			for b.Loop() {
				n++
				_, err := desk.Pay(ctx, receipt("P/"+strconv.Itoa(n), 100))
				require.NoError(b, err)
			}
		})
	}
}
